"""Composition root: from settings to a running permit service."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.mongo.leases import MongoLease
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import AggregateStore, Heart, RecordStore
from permit import ports, routes
from permit.consumers import subscriptions
from permit.domain import checkpoints, decide, directives, firms, keyring, scans, staff_lists
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.firms import Firm
from permit.domain.keyring import Keyring
from permit.domain.model import Holder
from permit.domain.rules import PermitRules
from permit.domain.scans import Scan
from permit.domain.staff_lists import StaffList
from permit.routes.staff import LISTS
from permit.rulebook import Rulebook
from permit.settings import PermitSettings
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.staff_lists import MongoFirms, MongoStaffLists
from permit.translate import to_event
from permit.views.desk import Desk
from permit.views.firms import FirmDesk
from permit.views.gate import Gate, scan_contexts
from permit.views.importing import ImportJob
from permit.views.intake import Intake
from permit.views.journeys import Journeys
from permit.views.printing import Printer
from permit.views.registers import Registers
from permit.views.signing import SigningDesk
from permit.views.staff_lists import ListDesk
from permit.views.workbook.reading import FILE_MAX_BYTES
from permit.views.workshop import Workshop

PAGES = Path(__file__).parent / "pages"
_PAGES = ("scan", "permits", "employer", "firms", "my-permits")


class HolderStore(ports.Holders, AggregateStore[Holder], Protocol):
    """Where the files of people are kept and looked up."""


class DirectiveStore(ports.Directives, AggregateStore[AreaDirective], Protocol):
    """Where directives are kept and looked up."""


class CheckpointStore(ports.Checkpoints, AggregateStore[Checkpoint], Protocol):
    """Where checkpoints are kept and looked up."""


class RingStore(ports.Keyrings, AggregateStore[Keyring], Protocol):
    """Where the ring of keys is kept."""


class FirmStore(ports.Firms, AggregateStore[Firm], Protocol):
    """Where firms are kept and looked up."""


class StaffListStore(ports.StaffLists, AggregateStore[StaffList], Protocol):
    """Where staff lists and their pages are kept and looked up."""


class ScanStore(ports.Scans, RecordStore[Scan], Protocol):
    """Where scans are appended and looked up."""


@dataclass(frozen=True)
class Stores:
    """Everything that this service keeps."""

    holders: HolderStore
    directives: DirectiveStore
    checkpoints: CheckpointStore
    ring: RingStore
    scans: ScanStore
    firms: FirmStore
    staff_lists: StaffListStore


@dataclass(frozen=True)
class KeyringOpening:
    """There is a key to sign with before the first request is answered."""

    signing: SigningDesk
    work: Work[Any, Any]

    async def start(self) -> None:
        """Make the first keys unless they exist."""
        await self.signing.establish(self.work)

    async def stop(self) -> None:
        """Nothing to end."""


def build(settings: PermitSettings) -> Service:
    """Build permit (giấy đi đường): applications, signed codes, checkpoints."""
    runtime = Runtime(settings)
    database = runtime.database
    stores = Stores(
        MongoHolders(database),
        MongoDirectives(database),
        MongoCheckpoints(database),
        MongoKeyring(database),
        MongoScans(database),
        MongoFirms(database),
        MongoStaffLists(database),
    )
    return compose(runtime, stores, settings)


def compose(runtime: Runtime, stores: Stores, settings: PermitSettings) -> Service:
    """Put the service together on its stores; tests hand in their own."""
    rulebook = Rulebook.load(runtime.folder)
    works = _works(runtime, stores, rulebook)
    numbers = {code: entry.number for code, entry in rulebook.numbers.items()}
    signing = SigningDesk(runtime, stores.ring, numbers, settings.issuer)
    desk = Desk(runtime, stores.holders, signing, rulebook)
    parts = {
        **works,
        "desk": desk,
        "gate": Gate(runtime, stores.holders, signing, rulebook, desk),
        "intake": Intake(runtime, stores.holders, stores.directives, signing, stores.firms),
        "registers": Registers(runtime, stores.checkpoints, stores.directives, signing, rulebook),
    }
    job, employers = _employers(runtime, stores, rulebook, signing, desk, works)
    pages = {f"/{name}": PAGES / f"{name}.html" for name in _PAGES}
    web = PageSettings(settings.oidc_issuer, wasm=True)
    return runtime.service(
        "Permit",
        [*routes.routers, page_routes(pages, web, PAGES)],
        parts=parts | employers,
        subscriptions=subscriptions(works["holders"]),
        background=[KeyringOpening(signing, works["ring"]), employers["workshop"]],
        worker_background=[job],
        large_bodies={LISTS: FILE_MAX_BYTES},
    )


def _employers(
    runtime: Runtime,
    stores: Stores,
    rulebook: Rulebook,
    signing: SigningDesk,
    desk: Desk,
    works: dict[str, Any],
) -> tuple[ImportJob, dict[str, Any]]:
    """Make what employers and holders need, and the job that works staff lists off."""
    workshop = Workshop(is_apart=not runtime.in_memory)
    lists = ListDesk(runtime, stores.staff_lists, stores.firms, rulebook, workshop)
    name = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    lease = None if runtime.in_memory else MongoLease(runtime.database, "staff-lists", name)
    job = ImportJob(
        runtime,
        stores.staff_lists,
        stores.firms,
        stores.holders,
        stores.directives,
        signing,
        works,
        lease,
    )
    return job, {
        "workshop": workshop,
        "list_desk": lists,
        "firm_desk": FirmDesk(runtime, stores.firms),
        "printer": Printer(runtime, stores.holders, desk, lists, workshop),
        "journeys": Journeys(runtime, stores.scans),
        "import_job": job,
    }


def _works(runtime: Runtime, stores: Stores, rulebook: Rulebook) -> dict[str, Any]:
    """Make the units of work, one per kind of aggregate, and the ledger of scans."""

    def rules() -> PermitRules:
        return rulebook.rules(runtime.clock)

    contexts = scan_contexts(stores.holders, stores.checkpoints)
    posts = Heart("checkpoint", checkpoints.decide, to_event, _none)
    areas = Heart("directive", directives.decide, to_event, _none)
    staff = Heart("staff-list", staff_lists.decide, to_event, _none)
    return {
        "firms": runtime.work(Heart("firm", firms.decide, to_event, _none), stores.firms),
        "staff_lists": runtime.work(staff, stores.staff_lists),
        "holders": runtime.work(Heart("holder", decide.decide, to_event, rules), stores.holders),
        "ring": runtime.work(Heart("keyring", keyring.decide, to_event, _none), stores.ring),
        "checkpoints": runtime.work(posts, stores.checkpoints),
        "directives": runtime.work(areas, stores.directives),
        "scans": runtime.ledger(Heart("scan", scans.decide, to_event, rules), stores.scans, contexts),
    }


def _none() -> None:
    return None
