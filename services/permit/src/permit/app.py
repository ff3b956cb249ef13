"""Composition root: from settings to a running permit service."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.keys import derived_key, secret_key
from common.mongo.changes import ChangedIds
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
    gate_actions,
    keyring,
    rollouts,
    scans,
    shifts,
)
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.filing import Filed
from permit.domain.gate_actions import GateAction
from permit.domain.keyring import Keyring
from permit.domain.model import Holder
from permit.domain.rollouts import Rollout
from permit.domain.rules import PermitRules
from permit.domain.scans import Scan
from permit.domain.shifts import Shift
from permit.rulebook import Rulebook
from permit.settings import PermitSettings
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.changes import MongoRollouts, record_of
from permit.store.gate import MongoGateActions, MongoShifts
from permit.store.lists import MongoJournal, MongoStandings, MongoWatch
from permit.translate import to_event
from permit.views.desk import Desk
from permit.views.foreseen import Foreseer
from permit.views.gate import Gate, posts_of, scan_contexts
from permit.views.gate_log import GateLog
from permit.views.intake import Intake
from permit.views.list_builder import ListBuilder
from permit.views.lists import Lists
from permit.views.objections import Objections
from permit.views.reach import Reach, RolloutRunner
from permit.views.registers import Registers
from permit.views.sealing import Sealer
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


class RolloutStore(ports.Rollouts, AggregateStore[Rollout], Protocol):
    """Where changes going through their areas are kept."""


class DecisionRecord(ports.Record, RecordStore[Filed], Protocol):
    """Where the record of decisions is filed."""


@dataclass(frozen=True)
class Stores:
    """Everything that this service keeps."""

    holders: HolderStore
    directives: DirectiveStore
    checkpoints: CheckpointStore
    ring: RingStore
    scans: RecordStore[Scan]
    rollouts: RolloutStore
    record: DecisionRecord
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
        "intake": Intake(runtime, stores.holders, stores.directives, signing),
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
    pages = {"/scan": PAGES / "scan.html", "/permits": PAGES / "permits.html"}
    pages |= {"/gate-log": PAGES / "gate-log.html"}
    web = PageSettings(settings.oidc_issuer, wasm=True)
    return runtime.service(
        "Permit",
        [*routes.routers, page_routes(pages, web, PAGES)],
        parts=parts,
        subscriptions=subscriptions(works["holders"], works["rollouts"], works["record"]),
        background=[KeyringOpening(signing, works["ring"])],
        worker_background=[rollout, Sealer(runtime, stores.record, trail_key(settings)), builder],
        stores=[made.watch],
    )


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
    return {
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
