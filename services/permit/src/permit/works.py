"""The units of work, one per kind of aggregate, and the ledgers of what is only appended."""

from dataclasses import replace
from typing import Any

from common.keys import derived_key, secret_key
from common.service import Runtime
from common.settings import ServiceSettings
from common.work.model import Heart
from permit.domain import (
    checkpoints,
    decide,
    directives,
    filing,
    firms,
    flags,
    gate_actions,
    keyring,
    rollouts,
    scans,
    shifts,
    staff_lists,
)
from permit.domain.rules import PermitRules
from permit.domain.signals import SignalRules
from permit.rulebook import Rulebook
from permit.rulebook.watchbook import Watchbook
from permit.stores import Stores
from permit.translate import to_event
from permit.views.gate import plate_tokens, posts_of, scan_contexts


def works_of(runtime: Runtime, stores: Stores, rulebook: Rulebook, watchbook: Watchbook) -> dict[str, Any]:
    """Make all of them, by the name under which routes and consumers ask for them."""
    return {
        **_of_files(runtime, stores, rulebook),
        **_of_registers(runtime, stores),
        **_of_gate(runtime, stores, rulebook),
        **_of_flags(runtime, stores, watchbook),
        "firms": runtime.work(Heart("firm", firms.decide, to_event, _none), stores.firms),
        "staff_lists": runtime.work(
            Heart("staff-list", staff_lists.decide, to_event, _none), stores.staff_lists
        ),
    }


def trail_key(settings: ServiceSettings) -> bytes:
    """Return the key of the record of decisions; it is never in the database that it protects."""
    person_key = secret_key(settings.person_key.get_secret_value(), name="person_key")
    return derived_key(person_key, "permit-decisions")


def _of_files(runtime: Runtime, stores: Stores, rulebook: Rulebook) -> dict[str, Any]:
    """What decides about permits and is recorded: the files of people and the directives over them."""
    key = trail_key(runtime.settings)

    def rules() -> PermitRules:
        return rulebook.rules(runtime.clock, key)

    areas = Heart("directive", directives.decide, to_event, rules)
    return {
        "holders": runtime.work(Heart("holder", decide.decide, to_event, rules), stores.holders),
        "directives": runtime.work(areas, stores.directives),
    }


def _of_registers(runtime: Runtime, stores: Stores) -> dict[str, Any]:
    """What needs no rules: keys, checkpoints, changes on their way, the record."""
    posts = Heart("checkpoint", checkpoints.decide, to_event, _none)
    changes = Heart("rollout", rollouts.decide, to_event, _none)
    record: Heart[Any, None] = Heart("record", filing.decide, to_event, _none)
    return {
        "ring": runtime.work(Heart("keyring", keyring.decide, to_event, _none), stores.ring),
        "checkpoints": runtime.work(posts, stores.checkpoints),
        "rollouts": runtime.work(changes, stores.rollouts),
        "record": runtime.ledger(record, stores.record),
    }


def _of_gate(runtime: Runtime, stores: Stores, rulebook: Rulebook) -> dict[str, Any]:
    """What happens at checkpoints."""

    def rules() -> PermitRules:
        return rulebook.rules(runtime.clock)

    acts: Heart[Any, None] = Heart("gate-action", gate_actions.decide, to_event, _none)
    contexts = scan_contexts(
        stores.holders, stores.checkpoints, stores.watch.permit_flags, plate_tokens(runtime)
    )
    return {
        "scans": runtime.ledger(Heart("scan", scans.decide, to_event, rules), stores.scans, contexts),
        "gate_actions": runtime.ledger(acts, stores.gate_actions, posts_of(stores.checkpoints)),
        "shifts": runtime.work(Heart("shift", shifts.decide, to_event, _none), stores.shifts),
    }


def _of_flags(runtime: Runtime, stores: Stores, watchbook: Watchbook) -> dict[str, Any]:
    """What stands against permits, and against the traffic of checkpoints."""

    def rules() -> SignalRules:
        return watchbook.signals(runtime.clock)

    permits = Heart("flag", flags.decide, to_event, rules)
    posts = replace(permits, name="checkpoint-flag")
    return {
        "permit_flags": runtime.work(permits, stores.watch.permit_flags),
        "checkpoint_flags": runtime.work(posts, stores.watch.checkpoint_flags),
    }


def _none() -> None:
    return None
