"""Composition root: from settings to a running permit service."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from common.credential.pkcs11 import Module, ModuleSettings
from common.service import Runtime, Service
from common.web.pages import PageSettings, page_routes
from common.work.model import AggregateStore, Heart, RecordStore
from permit import ports, routes
from permit.consumers import subscriptions
from permit.domain import checkpoints, decide, directives, flags, keyring, scans
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.flags import Flag
from permit.domain.keyring import Keyring
from permit.domain.model import Holder
from permit.domain.rules import PermitRules
from permit.domain.scans import Scan
from permit.rulebook import Rulebook, Watchbook
from permit.settings import PermitSettings
from permit.store import MongoCheckpoints, MongoDirectives, MongoHolders, MongoKeyring, MongoScans
from permit.store.watch import MongoFlags, MongoMinutes, MongoSightings
from permit.translate import to_event
from permit.views.board import Board
from permit.views.cabinet import ModuleKeys, SealedKeys
from permit.views.desk import Desk
from permit.views.flags import FlagDesk
from permit.views.gate import Gate, plate_tokens, scan_contexts
from permit.views.intake import Intake
from permit.views.opening import KeyringOpening
from permit.views.registers import Registers
from permit.views.signing import SigningDesk
from permit.views.watch import Watch

PAGES = Path(__file__).parent / "pages"


class HolderStore(ports.Holders, AggregateStore[Holder], Protocol):
    """Where the files of people are kept and looked up."""


class DirectiveStore(ports.Directives, AggregateStore[AreaDirective], Protocol):
    """Where directives are kept and looked up."""


class CheckpointStore(ports.Checkpoints, AggregateStore[Checkpoint], Protocol):
    """Where checkpoints are kept and looked up."""


class RingStore(ports.Keyrings, AggregateStore[Keyring], Protocol):
    """Where the ring of keys is kept."""


class FlagStore(ports.Flags, AggregateStore[Flag], Protocol):
    """Where flags are kept and looked up."""


@dataclass(frozen=True)
class WatchStores:
    """What those who watch the scans read and keep."""

    permit_flags: FlagStore
    checkpoint_flags: FlagStore
    sightings: ports.Sightings
    minutes: ports.Minutes


@dataclass(frozen=True)
class Stores:
    """Everything that this service keeps."""

    holders: HolderStore
    directives: DirectiveStore
    checkpoints: CheckpointStore
    ring: RingStore
    scans: RecordStore[Scan]
    watch: WatchStores


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
        WatchStores(
            MongoFlags(database, "permit_flags"),
            MongoFlags(database, "checkpoint_flags"),
            MongoSightings(database),
            MongoMinutes(database),
        ),
    )
    return compose(runtime, stores, settings)


def compose(runtime: Runtime, stores: Stores, settings: PermitSettings) -> Service:
    """Put the service together on its stores; tests hand in their own."""
    rulebook = Rulebook.load(runtime.folder)
    watchbook = Watchbook.load(runtime.folder)
    works = _works(runtime, stores, rulebook) | _flag_works(runtime, stores.watch, watchbook)
    numbers = {code: entry.number for code, entry in rulebook.numbers.items()}
    signing = SigningDesk(runtime, stores.ring, numbers, settings.issuer, _cabinet(runtime, settings))
    desk = Desk(runtime, stores.holders, signing, rulebook)
    parts = {
        **works,
        "desk": desk,
        "gate": Gate(runtime, stores.holders, signing, rulebook, desk),
        "intake": Intake(runtime, stores.holders, stores.directives, signing),
        "registers": Registers(runtime, stores.checkpoints, stores.directives, signing, rulebook),
    }
    board = Board(runtime, stores.checkpoints, stores.watch.minutes, watchbook)
    parts |= {"board": board, "flag_desk": _flag_desk(runtime, stores)}
    pages = {name: PAGES / f"{name[1:]}.html" for name in ("/scan", "/permits", "/board")}
    web = PageSettings(settings.oidc_issuer, wasm=True)
    return runtime.service(
        "Permit",
        [*routes.routers, page_routes(pages, web, PAGES)],
        parts=parts,
        subscriptions=subscriptions(works["holders"], _watch(runtime, stores, works, watchbook)),
        background=[KeyringOpening(signing, works["ring"])],
        api_background=[board],
        streams=[board.broadcast],
        stores=[stores.watch.sightings, stores.watch.minutes],
    )


def _cabinet(runtime: Runtime, settings: PermitSettings) -> ports.KeyCabinet:
    """Keys are sealed in the database, or live in the PKCS #11 module that the settings name."""
    sealed = SealedKeys(runtime.vault)
    if not settings.pkcs11_library:
        return sealed
    pin = settings.pkcs11_pin.get_secret_value()
    return ModuleKeys(Module(ModuleSettings(settings.pkcs11_library, settings.pkcs11_token, pin)), sealed)


def _flag_works(runtime: Runtime, stores: WatchStores, watchbook: Watchbook) -> dict[str, Any]:
    """Make the units of work of flags: of permits, and of the traffic of checkpoints."""
    heart = Heart("flag", flags.decide, to_event, lambda: watchbook.signals(runtime.clock))
    return {
        "permit_flags": runtime.work(heart, stores.permit_flags),
        "checkpoint_flags": runtime.work(replace(heart, name="checkpoint-flag"), stores.checkpoint_flags),
    }


def _flag_desk(runtime: Runtime, stores: Stores) -> FlagDesk:
    watch = stores.watch
    return FlagDesk(runtime, watch.permit_flags, watch.checkpoint_flags, stores.checkpoints)


def _watch(runtime: Runtime, stores: Stores, works: dict[str, Any], watchbook: Watchbook) -> Watch:
    return Watch(
        runtime,
        stores.watch.sightings,
        stores.holders,
        stores.watch.minutes,
        works["permit_flags"],
        works["checkpoint_flags"],
        watchbook,
    )


def _works(runtime: Runtime, stores: Stores, rulebook: Rulebook) -> dict[str, Any]:
    """Make the units of work, one per kind of aggregate, and the ledger of scans."""

    def rules() -> PermitRules:
        return rulebook.rules(runtime.clock)

    contexts = scan_contexts(stores.holders, stores.checkpoints, plate_tokens(runtime))
    posts = Heart("checkpoint", checkpoints.decide, to_event, _none)
    areas = Heart("directive", directives.decide, to_event, _none)
    return {
        "holders": runtime.work(Heart("holder", decide.decide, to_event, rules), stores.holders),
        "ring": runtime.work(Heart("keyring", keyring.decide, to_event, _none), stores.ring),
        "checkpoints": runtime.work(posts, stores.checkpoints),
        "directives": runtime.work(areas, stores.directives),
        "scans": runtime.ledger(Heart("scan", scans.decide, to_event, rules), stores.scans, contexts),
    }


def _none() -> None:
    return None
