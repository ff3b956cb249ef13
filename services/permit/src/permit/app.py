"""Composition root: from settings to a running permit service."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.keys import derived_key, secret_key
from common.mongo.changes import ChangedIds
from common.mongo.leases import MongoLease
from common.service import Runtime, Service
from common.settings import ServiceSettings
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import AggregateStore, Heart, RecordStore
from permit import ports, routes
from permit.consumers import subscriptions
from permit.domain import (
    checkpoints,
    decide,
    directives,
    filing,
    firms,
    gate_actions,
    keyring,
    rollouts,
    scans,
    shifts,
    staff_lists,
)
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.filing import Filed
from permit.domain.firms import Firm
from permit.domain.gate_actions import GateAction
from permit.domain.keyring import Keyring
from permit.domain.model import Holder
from permit.domain.rollouts import Rollout
from permit.domain.rules import PermitRules
from permit.domain.scans import Scan
from permit.domain.shifts import Shift
from permit.domain.staff_lists import StaffList
from permit.routes.staff import LISTS
from permit.rulebook import Rulebook
from permit.settings import PermitSettings
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.changes import MongoRollouts, record_of
from permit.store.gate import MongoGateActions, MongoShifts
from permit.store.lists import MongoJournal, MongoStandings, MongoWatch
from permit.store.staff_lists import MongoFirms, MongoStaffLists
from permit.translate import to_event
from permit.views.desk import Desk
from permit.views.firms import FirmDesk
from permit.views.foreseen import Foreseer
from permit.views.gate import Gate, posts_of, scan_contexts
from permit.views.gate_log import GateLog
from permit.views.importing import ImportJob
from permit.views.intake import Intake
from permit.views.journeys import Journeys
from permit.views.list_builder import ListBuilder
from permit.views.lists import Lists
from permit.views.objections import Objections
from permit.views.printing import Printer
from permit.views.reach import Reach, RolloutRunner
from permit.views.registers import Registers
from permit.views.sealing import Sealer
from permit.views.signing import SigningDesk
from permit.views.staff_lists import ListDesk
from permit.views.workbook.reading import FILE_MAX_BYTES
from permit.views.workshop import Workshop

PAGES = Path(__file__).parent / "pages"
_PAGES = ("scan", "permits", "employer", "firms", "my-permits", "gate-log")


class HolderStore(ports.Holders, AggregateStore[Holder], Protocol):
    """Where the files of people are kept and looked up."""


class DirectiveStore(ports.Directives, AggregateStore[AreaDirective], Protocol):
    """Where directives are kept and looked up."""


class CheckpointStore(ports.Checkpoints, AggregateStore[Checkpoint], Protocol):
    """Where checkpoints are kept and looked up."""


class RingStore(ports.Keyrings, AggregateStore[Keyring], Protocol):
    """Where the ring of keys is kept."""


class RolloutStore(ports.Rollouts, AggregateStore[Rollout], Protocol):
    """Where changes going through their areas are kept."""


class DecisionRecord(ports.Record, RecordStore[Filed], Protocol):
    """Where the record of decisions is filed."""


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
    rollouts: RolloutStore
    record: DecisionRecord
    lists: "ListStores"
    shifts: "ShiftStore"
    gate_actions: "ActionStore"
    firms: FirmStore
    staff_lists: StaffListStore


class ShiftStore(ports.Shifts, AggregateStore[Shift], Protocol):
    """Where shifts are kept and looked up."""


class ActionStore(ports.GateActions, RecordStore[GateAction], Protocol):
    """Where the acts of officers are kept and looked up."""


@dataclass(frozen=True)
class ListStores:
    """What the lists for scanners are made from and kept in."""

    standings: ports.Standings
    changes: ports.Changes
    watch: ports.Watch
    journal: ports.Journal


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
        MongoRollouts(database),
        record_of(database),
        ListStores(
            MongoStandings(database, runtime.clock),
            ChangedIds(database, "holders"),
            MongoWatch(database),
            MongoJournal(database),
        ),
        MongoShifts(database),
        MongoGateActions(database),
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
    reach = Reach(runtime, stores.holders, stores.directives)
    rollout = RolloutRunner(runtime, reach, stores.rollouts, rulebook, works)
    parts = {
        **works,
        "desk": desk,
        "gate": Gate(runtime, stores.holders, signing, rulebook, desk),
        "intake": Intake(runtime, stores.holders, stores.directives, signing, stores.firms),
        "registers": Registers(runtime, stores.checkpoints, stores.directives, signing, rulebook),
        "foreseer": Foreseer(runtime, reach, stores.rollouts, rulebook),
        "objections": Objections(runtime, stores.holders, stores.record, desk, rulebook),
        "rollout": rollout,
    }
    made = stores.lists
    builder = ListBuilder(made.standings, made.changes, made.watch, made.journal, signing, runtime.clock)
    log = GateLog(runtime, stores.gate_actions, stores.shifts, stores.checkpoints)
    parts |= {"gate_log": log}
    parts |= {"lists": Lists(made.journal, signing), "watch": made.watch, "list_builder": builder}
    job, employers = _employers(runtime, stores, rulebook, signing, desk, works)
    pages = {f"/{name}": PAGES / f"{name}.html" for name in _PAGES}
    web = PageSettings(settings.oidc_issuer, wasm=True)
    return runtime.service(
        "Permit",
        [*routes.routers, page_routes(pages, web, PAGES)],
        parts=parts | employers,
        subscriptions=subscriptions(works["holders"], works["rollouts"], works["record"]),
        background=[KeyringOpening(signing, works["ring"]), employers["workshop"]],
        worker_background=[rollout, Sealer(runtime, stores.record, trail_key(settings)), builder, job],
        large_bodies={LISTS: FILE_MAX_BYTES},
        stores=[made.watch],
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
    key = trail_key(runtime.settings)

    def rules() -> PermitRules:
        return rulebook.rules(runtime.clock, key)

    contexts = scan_contexts(stores.holders, stores.checkpoints, stores.lists.watch)
    posts = Heart("checkpoint", checkpoints.decide, to_event, _none)
    changes = Heart("rollout", rollouts.decide, to_event, _none)
    record: Heart[Any, None] = Heart("record", filing.decide, to_event, _none)
    areas = Heart("directive", directives.decide, to_event, rules)
    staff = Heart("staff-list", staff_lists.decide, to_event, _none)
    return {
        "firms": runtime.work(Heart("firm", firms.decide, to_event, _none), stores.firms),
        "staff_lists": runtime.work(staff, stores.staff_lists),
        "holders": runtime.work(Heart("holder", decide.decide, to_event, rules), stores.holders),
        "ring": runtime.work(Heart("keyring", keyring.decide, to_event, _none), stores.ring),
        "checkpoints": runtime.work(posts, stores.checkpoints),
        "directives": runtime.work(areas, stores.directives),
        "rollouts": runtime.work(changes, stores.rollouts),
        "record": runtime.ledger(record, stores.record),
        "shifts": runtime.work(Heart("shift", shifts.decide, to_event, _none), stores.shifts),
        "gate_actions": runtime.ledger(
            Heart("gate-action", gate_actions.decide, to_event, _none),
            stores.gate_actions,
            posts_of(stores.checkpoints),
        ),
        "scans": runtime.ledger(Heart("scan", scans.decide, to_event, rules), stores.scans, contexts),
    }


def trail_key(settings: ServiceSettings) -> bytes:
    """Return the key of the record of decisions; it is never in the database that it protects."""
    person_key = secret_key(settings.person_key.get_secret_value(), name="person_key")
    return derived_key(person_key, "permit-decisions")


def _none() -> None:
    return None
