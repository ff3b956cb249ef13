"""What routes, consumers and background work are made of, by the name under which they ask for it."""

import os
import socket
from typing import Any

from common.credential.pkcs11 import Module, ModuleSettings
from common.kernel.forgetting import Forget
from common.mongo.leases import MongoLease
from common.retention import AgedFiles, Aging, Forgetting, Purge, Together, read_purge_rules
from common.service import Runtime
from common.workshop import Workshop
from permit import ports
from permit.rulebook import Rulebook
from permit.rulebook.watchbook import Watchbook
from permit.settings import PermitSettings
from permit.store import aging
from permit.stores import Stores
from permit.views.board import Board
from permit.views.cabinet import ModuleKeys, SealedKeys
from permit.views.desk import Desk
from permit.views.firms import FirmDesk
from permit.views.flags import FlagDesk
from permit.views.foreseen import Foreseer
from permit.views.gate import Gate
from permit.views.gate_log import GateLog
from permit.views.importing import ImportJob
from permit.views.intake import Intake
from permit.views.journeys import Journeys
from permit.views.list_builder import ListBuilder
from permit.views.lists import Lists
from permit.views.objections import Objections
from permit.views.opening import KeyringOpening
from permit.views.printing import Printer
from permit.views.reach import Reach, RolloutRunner
from permit.views.registers import Registers
from permit.views.review import ReviewDesk
from permit.views.sealing import Sealer
from permit.views.signing import SigningDesk
from permit.views.staff_lists import ListDesk
from permit.views.upgrading import Upgrader
from permit.views.watch import Watch
from permit.works import trail_key, works_of


def parts_of(runtime: Runtime, stores: Stores, settings: PermitSettings) -> dict[str, Any]:
    """Make everything on its stores: the units of work, then one group per part of the service."""
    rulebook, watchbook = Rulebook.load(runtime.folder), Watchbook.load(runtime.folder)
    works = works_of(runtime, stores, rulebook, watchbook)
    numbers = {code: entry.number for code, entry in rulebook.numbers.items()}
    signing = SigningDesk(runtime, stores.ring, numbers, settings.issuer, _cabinet(runtime, settings))
    desk = Desk(runtime, stores.holders, signing, rulebook)
    return {
        **works,
        "desk": desk,
        "intake": Intake(runtime, stores.holders, stores.directives, signing, stores.firms),
        "registers": Registers(runtime, stores.checkpoints, stores.directives, signing, rulebook),
        "opening": KeyringOpening(signing, works["ring"]),
        "upgrades": [Upgrader(stores.upgrade)] if stores.upgrade else [],
        **_policy(runtime, stores, rulebook, desk, works),
        **_gate(runtime, stores, rulebook, desk, signing),
        **_watch(runtime, stores, watchbook, works),
        **_staff(runtime, stores, rulebook, desk, signing, works),
        "purge": _purge(runtime, works),
    }


def _cabinet(runtime: Runtime, settings: PermitSettings) -> ports.KeyCabinet:
    """Keys are sealed in the database, or live in the PKCS #11 module that the settings name."""
    sealed = SealedKeys(runtime.vault)
    if not settings.pkcs11_library:
        return sealed
    pin = settings.pkcs11_pin.get_secret_value()
    return ModuleKeys(Module(ModuleSettings(settings.pkcs11_library, settings.pkcs11_token, pin)), sealed)


def _policy(
    runtime: Runtime, stores: Stores, rulebook: Rulebook, desk: Desk, works: dict[str, Any]
) -> dict[str, Any]:
    """Make what foresees and carries out changes of directives, and what answers appeals."""
    reach = Reach(runtime, stores.holders, stores.directives)
    return {
        "foreseer": Foreseer(runtime, reach, stores.rollouts, rulebook),
        "objections": Objections(runtime, stores.holders, stores.record, desk, rulebook),
        "rollout": RolloutRunner(runtime, reach, stores.rollouts, rulebook, works),
        "review": ReviewDesk(runtime, desk),
        "sealer": Sealer(runtime, stores.record, trail_key(runtime.settings)),
    }


def _gate(
    runtime: Runtime, stores: Stores, rulebook: Rulebook, desk: Desk, signing: SigningDesk
) -> dict[str, Any]:
    """Make what checkpoints ask for, online and with their lists."""
    made, flags = stores.lists, stores.watch.permit_flags
    return {
        "gate": Gate(runtime, stores.holders, signing, rulebook, desk),
        "gate_log": GateLog(runtime, stores.gate_actions, stores.shifts, stores.checkpoints),
        "lists": Lists(made.journal, signing),
        "list_builder": ListBuilder(
            made.standings, made.changes, flags, made.journal, signing, runtime.clock
        ),
    }


def _watch(runtime: Runtime, stores: Stores, watchbook: Watchbook, works: dict[str, Any]) -> dict[str, Any]:
    """Make what compares and counts the scans, and what shows it."""
    kept, permits, posts = stores.watch, works["permit_flags"], works["checkpoint_flags"]
    return {
        "watch": Watch(runtime, kept.sightings, stores.holders, kept.minutes, permits, posts, watchbook),
        "flag_desk": FlagDesk(runtime, kept.permit_flags, kept.checkpoint_flags, stores.checkpoints),
        "board": Board(runtime, stores.checkpoints, kept.minutes, watchbook),
    }


def _staff(
    runtime: Runtime,
    stores: Stores,
    rulebook: Rulebook,
    desk: Desk,
    signing: SigningDesk,
    works: dict[str, Any],
) -> dict[str, Any]:
    """Make what employers and holders need, and the job that works staff lists off."""
    workshop = Workshop(is_apart=not runtime.in_memory)
    lists = ListDesk(runtime, stores.staff_lists, stores.firms, rulebook, workshop)
    name = runtime.settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"
    lease = None if runtime.in_memory else MongoLease(runtime.database, "staff-lists", name)
    return {
        "workshop": workshop,
        "list_desk": lists,
        "firm_desk": FirmDesk(runtime, stores.firms),
        "printer": Printer(runtime, stores.holders, desk, lists, workshop),
        "journeys": Journeys(runtime, stores.scans),
        "import_job": ImportJob(
            runtime,
            stores.staff_lists,
            stores.firms,
            stores.holders,
            stores.directives,
            signing,
            works,
            lease,
        ),
    }


def forgetting(works: dict[str, Any], files: dict[str, tuple[AgedFiles, ...]]) -> dict[str, Aging]:
    """Return what makes files nameless, by class; *files* says how those are found that are over."""
    by_class = {
        "permits": ("holders",),
        "staff-lists": ("staff_lists",),
        "shift-notes": ("shifts",),
        "flag-notes": ("permit_flags", "checkpoint_flags"),
    }
    return {
        code: Together(
            *(Forgetting(works[name], aged, Forget) for name, aged in zip(names, files[code], strict=True))
        )
        for code, names in by_class.items()
    }


def _purge(runtime: Runtime, works: dict[str, Any]) -> Purge:
    """Make retention; nothing is due where nothing is kept in MongoDB."""
    classes: dict[str, Aging] = {}
    if not runtime.in_memory:
        database = runtime.database
        files: dict[str, tuple[AgedFiles, ...]] = {
            "permits": (aging.aged_files(database),),
            "staff-lists": (aging.aged_staff_lists(database),),
            "shift-notes": (aging.aged_shifts(database),),
            "flag-notes": tuple(
                aging.aged_flags(database, name) for name in ("permit_flags", "checkpoint_flags")
            ),
        }
        classes = {**aging.aging_rows(database), **forgetting(works, files)}
    return Purge(runtime.clock, read_purge_rules(runtime.folder, "permit"), classes)
