"""Files beside each other: finding people, merging two files, contacts, households."""

import os
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from common.mongo.leases import MongoLease
from common.service import Background, Runtime
from common.work.engine import Work
from common.work.model import AggregateStore, Heart
from quarantine import ports
from quarantine.domain.contacts import Contact, decide_contact
from quarantine.domain.merges import Merge, decide_merge
from quarantine.ports import files as files_ports
from quarantine.store.contacts import MongoContacts
from quarantine.store.merges import MongoMerges
from quarantine.store.people import MongoPeople
from quarantine.translate import to_event
from quarantine.views.contact_desk import ContactDesk
from quarantine.views.desk import Desk
from quarantine.views.finding import Finder
from quarantine.views.household_desk import HouseholdDesk
from quarantine.views.intake import Intake
from quarantine.views.merge_desk import MergeDesk
from quarantine.views.merge_runner import MergeRunner


class MergeStore(files_ports.Merges, AggregateStore[Merge], Protocol):
    """Where merges are kept and found."""


class ContactStore(files_ports.Contacts, AggregateStore[Contact], Protocol):
    """Where contacts are kept and found."""


class PeopleStore(files_ports.People, files_ports.Households, Protocol):
    """Further questions to the files."""


@dataclass(frozen=True, slots=True)
class FileStores:
    """All of them; tests hand in their own."""

    merges: MergeStore
    contacts: ContactStore
    people: PeopleStore


def in_mongo(runtime: Runtime) -> FileStores:
    """Keep them in the service's database."""
    database = runtime.database
    return FileStores(MongoMerges(database), MongoContacts(database), MongoPeople(database))


@dataclass(frozen=True, slots=True)
class Files:
    """What the composition root adds."""

    parts: dict[str, Any]
    worker_background: tuple[Background, ...]
    stores: tuple[Any, ...]


def files_of(
    runtime: Runtime, stores: FileStores, cases: ports.Cases, work: Work[Any, Any], desk: Desk, intake: Intake
) -> Files:
    """Make everything on its stores."""
    records = runtime.work(Heart("merge", decide_merge, to_event, _none), stores.merges)
    contacts = runtime.work(Heart("contact", decide_contact, to_event, _none), stores.contacts)
    runner = MergeRunner(work, records, stores.merges, runtime.clock, _lease(runtime))
    parts = {
        "finder": Finder(runtime, stores.people, desk),
        "merge_desk": MergeDesk(runtime, cases, stores.merges, records, runner, desk),
        "merge_runner": runner,
        "contact_desk": ContactDesk(runtime, cases, stores.contacts),
        "contact_work": contacts,
        "homes_desk": HouseholdDesk(runtime, cases, stores.people, desk, intake),
    }
    return Files(parts, (runner,), (stores.people,))


def _lease(runtime: Runtime) -> MongoLease | None:
    if runtime.in_memory:
        return None
    holder = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    return MongoLease(runtime.database, "merges", holder)


def _none() -> None:
    return None
