"""Composition root: from settings to a running permit service."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.mongo.changes import ChangedIds
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.engine import Work
from common.work.model import AggregateStore, Heart, RecordStore
from permit import ports, routes
from permit.consumers import subscriptions
from permit.domain import checkpoints, decide, directives, gate_actions, keyring, scans, shifts
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.gate_actions import GateAction
from permit.domain.keyring import Keyring
from permit.domain.model import Holder
from permit.domain.rules import PermitRules
from permit.domain.scans import Scan
from permit.domain.shifts import Shift
from permit.rulebook import Rulebook
from permit.settings import PermitSettings
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.gate import MongoGateActions, MongoShifts
from permit.store.lists import MongoJournal, MongoStandings, MongoWatch
from permit.translate import to_event
from permit.views.desk import Desk
from permit.views.gate import Gate, posts_of, scan_contexts
from permit.views.gate_log import GateLog
from permit.views.intake import Intake
from permit.views.list_builder import ListBuilder
from permit.views.lists import Lists
from permit.views.registers import Registers
from permit.views.signing import SigningDesk

PAGES = Path(__file__).parent / "pages"


class HolderStore(ports.Holders, AggregateStore[Holder], Protocol):
    """Where the files of people are kept and looked up."""


class DirectiveStore(ports.Directives, AggregateStore[AreaDirective], Protocol):
    """Where directives are kept and looked up."""


class CheckpointStore(ports.Checkpoints, AggregateStore[Checkpoint], Protocol):
    """Where checkpoints are kept and looked up."""


class RingStore(ports.Keyrings, AggregateStore[Keyring], Protocol):
    """Where the ring of keys is kept."""


@dataclass(frozen=True)
class Stores:
    """Everything that this service keeps."""

    holders: HolderStore
    directives: DirectiveStore
    checkpoints: CheckpointStore
    ring: RingStore
    scans: RecordStore[Scan]
    lists: "ListStores"
    shifts: "ShiftStore"
    gate_actions: "ActionStore"


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
        ListStores(
            MongoStandings(database, runtime.clock),
            ChangedIds(database, "holders"),
            MongoWatch(database),
            MongoJournal(database),
        ),
        MongoShifts(database),
        MongoGateActions(database),
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
        "intake": Intake(runtime, stores.holders, stores.directives, signing),
        "registers": Registers(runtime, stores.checkpoints, stores.directives, signing, rulebook),
    }
    made = stores.lists
    builder = ListBuilder(made.standings, made.changes, made.watch, made.journal, signing, runtime.clock)
    log = GateLog(runtime, stores.gate_actions, stores.shifts, stores.checkpoints)
    parts |= {"gate_log": log}
    parts |= {"lists": Lists(made.journal, signing), "watch": made.watch, "list_builder": builder}
    pages = {"/scan": PAGES / "scan.html", "/permits": PAGES / "permits.html"}
    pages |= {"/gate-log": PAGES / "gate-log.html"}
    web = PageSettings(settings.oidc_issuer, wasm=True)
    return runtime.service(
        "Permit",
        [*routes.routers, page_routes(pages, web, PAGES)],
        parts=parts,
        subscriptions=subscriptions(works["holders"]),
        background=[KeyringOpening(signing, works["ring"])],
        worker_background=[builder],
        stores=[made.watch],
    )


def _works(runtime: Runtime, stores: Stores, rulebook: Rulebook) -> dict[str, Any]:
    """Make the units of work, one per kind of aggregate, and the ledger of scans."""

    def rules() -> PermitRules:
        return rulebook.rules(runtime.clock)

    contexts = scan_contexts(stores.holders, stores.checkpoints, stores.lists.watch)
    posts = Heart("checkpoint", checkpoints.decide, to_event, _none)
    areas = Heart("directive", directives.decide, to_event, _none)
    return {
        "holders": runtime.work(Heart("holder", decide.decide, to_event, rules), stores.holders),
        "ring": runtime.work(Heart("keyring", keyring.decide, to_event, _none), stores.ring),
        "checkpoints": runtime.work(posts, stores.checkpoints),
        "directives": runtime.work(areas, stores.directives),
        "shifts": runtime.work(Heart("shift", shifts.decide, to_event, _none), stores.shifts),
        "gate_actions": runtime.ledger(
            Heart("gate-action", gate_actions.decide, to_event, _none),
            stores.gate_actions,
            posts_of(stores.checkpoints),
        ),
        "scans": runtime.ledger(Heart("scan", scans.decide, to_event, rules), stores.scans, contexts),
    }


def _none() -> None:
    return None
