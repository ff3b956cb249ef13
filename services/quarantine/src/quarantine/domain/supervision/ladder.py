"""
Bậc xử lý khi vắng: gọi điện, đến nhà, công an. Where somebody stands follows from what is missed.

One person has at most one open step. It begins with the first miss, climbs when its time runs out or a
contact shows that it will not help, and is gone once nothing missed is left unanswered.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from common.kernel.clock import VIETNAM, local_day
from common.kernel.decision import Fact
from common.kernel.ids import derived_id
from quarantine.domain.supervision.commands import LogContact
from quarantine.domain.supervision.facts import SupervisionClimbed, SupervisionSettled
from quarantine.domain.supervision.model import (
    Contact,
    ContactKind,
    ContactResult,
    Duty,
    Miss,
    Rung,
    Step,
    Supervision,
)
from quarantine.domain.supervision.rules import Quiet, RungRule, WatchBook, WatchRules

MISSES_KEPT, CONTACTS_KEPT = 20, 12
RUNG_OF = {ContactKind.CALL: Rung.CALL, ContactKind.VISIT: Rung.VISIT}


def missed(state: Supervision, miss: Miss) -> Supervision:
    """Add a miss; the same one twice is one."""
    if miss in state.misses:
        return state
    return replace(state, misses=tuple(sorted((*state.misses, miss)))[-MISSES_KEPT:])


def stand(
    state: Supervision, book: WatchBook, now: datetime, *, climbs: bool = False
) -> tuple[Supervision, tuple[Fact, ...]]:
    """Return *state* on the rung where it belongs at *now*; with *climbs* on the next one."""
    left = tuple(miss for miss in state.misses if not _is_answered(miss, state))
    state = state if left == state.misses else replace(state, misses=left)
    if not state.is_open or not left:
        return _settled(state, now)
    rules = book.at(now)
    if state.step is None:
        return _on(state, rules.ladder[0], now) if rules.ladder else (state, ())
    above = rules.above(state.step.rung) if climbs else None
    return _on(state, above, now) if above else (state, ())


def contacted(
    state: Supervision, command: LogContact, book: WatchBook, now: datetime
) -> tuple[Supervision, tuple[Fact, ...]]:
    """Log a call or a visit: whoever was reached is settled, a result that cannot help climbs at once."""
    rules = book.at(now)
    contact = Contact(
        command.contact_id, command.kind, command.result, now, command.by.subject, command.words
    )
    logged = replace(state, contacts=(*state.contacts, contact)[-CONTACTS_KEPT:])
    if command.result is ContactResult.REACHED:
        until = _quiet_until(rules, command.kind, now)
        settled = max(until, state.settled_until) if state.settled_until else until
        logged = replace(logged, settled_until=settled, unreachable_at=None)
    elif command.result is ContactResult.UNREACHABLE:
        logged = replace(logged, unreachable_at=now)
    return stand(logged, book, now, climbs=_climbs(state.step, command, rules))


def _climbs(step: Step | None, command: LogContact, rules: WatchRules) -> bool:
    """Tell whether the contact was the one that the step asks for, and failed for good."""
    if step is None or step.rung is not RUNG_OF[command.kind]:
        return False
    rule = rules.rule_of(step.rung)
    return rule is not None and command.result in rule.climbs_on


def _is_answered(miss: Miss, state: Supervision) -> bool:
    """Tell whether *miss* was answered, settled by an officer, or belongs to a stay before this one."""
    if state.settled_until and miss.due_at <= state.settled_until:
        return True
    if state.stay is not None and miss.due_at < state.stay.since:
        return True
    if miss.duty is Duty.DECLARATION:
        # By the day: a phone may deliver late what was filled in before the deadline.
        return state.declared_at is not None and local_day(state.declared_at) >= local_day(miss.due_at)
    return state.checked_in_at is not None and state.checked_in_at >= miss.due_at


def _on(state: Supervision, rule: RungRule, now: datetime) -> tuple[Supervision, tuple[Fact, ...]]:
    first = state.misses[0]
    task_id = derived_id("task", state.person_id, rule.rung, first.duty, first.due_at.isoformat())
    climbs_at = now + rule.next_after if rule.next_after else None
    step = Step(task_id, rule.rung, now, climbs_at)
    turn = state.turns + 1
    climbed = SupervisionClimbed(
        state.person_id, state.area, task_id, rule.rung, now, missed=len(state.misses), turn=turn
    )
    return replace(state, step=step, turns=turn), (climbed,)


def _settled(state: Supervision, now: datetime) -> tuple[Supervision, tuple[Fact, ...]]:
    if state.step is None:
        return state, ()
    quiet_until = max(now, state.settled_until) if state.settled_until else now
    turn, task_id = state.turns + 1, state.step.task_id
    fact = SupervisionSettled(state.person_id, state.area, task_id, now, quiet_until, turn)
    return replace(state, step=None, turns=turn), (fact,)


def _quiet_until(rules: WatchRules, kind: ContactKind, now: datetime) -> datetime:
    if rules.quiet[kind] is Quiet.UNTIL_NOW:
        return now
    midnight = datetime.combine(local_day(now) + timedelta(days=1), time(), VIETNAM).astimezone(UTC)
    return midnight - timedelta(microseconds=1)
