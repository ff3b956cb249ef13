"""
Decides about a person's permits (giấy đi đường).

Standings of other services arrive late, twice or out of order; the latest of each source counts and
every permit follows from them, so each order of arrival ends the same.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision, Timer, TimerFired
from common.kernel.forgetting import Forget
from permit.domain import appeals, authority, retention, reviewing
from permit.domain.commands import (
    AnswerAppeal,
    Apply,
    Cancel,
    FileAppeal,
    NoteStanding,
    OnPermit,
    OnQueued,
    Reevaluate,
    Suspend,
)
from permit.domain.errors import PermitNotFound, TooManyPermits
from permit.domain.facts import AboutPermit, Why
from permit.domain.listed import codes_until
from permit.domain.model import Ending, Hold, Holder, Permit, Standing
from permit.domain.orders import changed
from permit.domain.outlook import reevaluated
from permit.domain.record import HOLDER_HIMSELF, Act, recorded
from permit.domain.rules import Directive, PermitRules, ruling_on
from permit.domain.settling import settled

MOST_OPEN = 5
KEPT = 10
"""Permits kept in the file; older ended ones live on in the log of facts."""
_EXPIRY = "expiry:"


def decide(holder: Holder | None, command: Any, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """Dispatch one command on a person's file."""
    if isinstance(command, Forget):
        return retention.forget(holder, command, now)
    match command:
        case Apply():
            return apply(holder or Holder(command.person_id), command, rules, now)
        case NoteStanding():
            return note_standing(holder or Holder(command.person_id), command, rules, now)
        case TimerFired() if command.name.startswith(reviewing.TIMER):
            return come_into_force(holder or Holder(command.aggregate_id), command, rules, now)
        case TimerFired():
            return expire(holder or Holder(command.aggregate_id), command, rules, now)
        case Reevaluate():
            return reevaluate(holder or Holder(command.person_id), command, rules, now)
        case FileAppeal() | AnswerAppeal():
            return appeal(holder, command, rules, now)
        case OnQueued():
            return review(holder, command, rules, now)
        case OnPermit():
            return act(holder, command, rules, now)
    raise TypeError(f"no decision for {type(command).__name__}")


def apply(holder: Holder, command: Apply, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """
    Decide an application (xét đơn xin giấy đi đường) by the dated policy of the directive in force.

    Somebody who is barred is told "not now" in words that say nothing about health; if the policy
    agrees, the permit comes into force by itself when nobody bars them any more.
    """
    known = holder.permit(command.permit_id)
    if known is not None:
        return Decision(holder, answer=_answer(holder, known))
    authority.may_apply(command)
    if sum(permit.is_open for permit in holder.permits) >= MOST_OPEN:
        raise TooManyPermits(
            f"Mỗi người có tối đa {MOST_OPEN} giấy đang dùng hoặc đang chờ. Hãy thu hồi giấy không cần nữa."
        )
    by_citizen = not command.by.roles & {authority.OFFICER, authority.EMPLOYER}
    directive = Directive(command.directive)
    terms, ruling = ruling_on(
        command.terms, directive, rules, now, by_citizen=by_citizen, is_vouched=command.is_vouched
    )
    permit = Permit(
        permit_id=command.permit_id,
        area=command.area,
        terms=terms,
        ruling=ruling,
        applied_at=now,
        applied_by=command.by.subject,
        details=command.details,
    )
    known_by_name = tuple(each for each in holder.permits if each.forgotten_on is None)
    identified = replace(holder, sealed=command.sealed, blind=command.blind, permits=known_by_name)
    after = replace(identified, permits=(*known_by_name, permit))
    return _decided(identified, after, permit.permit_id, Act(Why.OFFICER), rules, now)


def note_standing(
    holder: Holder, command: NoteStanding, rules: PermitRules, now: datetime
) -> Decision[Holder]:
    """Note that another service bars a person or does so no more; the latest news of each source counts."""
    known = {standing.source: standing for standing in holder.standings}
    latest = known.get(command.source)
    if latest is not None and command.sequence <= latest.sequence:
        return Decision(holder)
    known[command.source] = Standing(
        command.source, command.is_barred, command.sequence, command.is_handed_over
    )
    standings = tuple(known[source] for source in sorted(known))
    return _settled_decision(holder, replace(holder, standings=standings), Act(Why.STANDING), rules, now)


def expire(holder: Holder, fired: TimerFired, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """End a permit whose time is over."""
    permit = holder.permit(fired.name.removeprefix(_EXPIRY))
    if permit is None or not permit.is_open:
        return Decision(holder)
    ended = _with(holder, replace(permit, ending=Ending.EXPIRED))
    return _settled_decision(holder, ended, Act(Why.EXPIRY), rules, now)


def reevaluate(holder: Holder, command: Reevaluate, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """
    Xét lại giấy khi đổi chỉ thị, quy định: apply to each granted permit what its outlook foresees.

    Again it changes nothing: a policy limits a permit once.
    """
    after, effects = reevaluated(holder, command, rules)
    if after is holder:
        return Decision(holder)
    decision = _settled_decision(holder, after, Act(Why.DIRECTIVE), rules, now)
    return replace(decision, answer={str(effect): count for effect, count in effects.items()})


def appeal(
    holder: Holder | None, command: FileAppeal | AnswerAppeal, rules: PermitRules, now: datetime
) -> Decision[Holder]:
    """Khiếu nại, trả lời khiếu nại: told as a fact of its own besides what it changes."""
    found, permit = _found(holder, command)
    fact: AboutPermit
    if isinstance(command, FileAppeal):
        objected, fact = appeals.filed(found, permit, command, rules, now)
    else:
        objected, fact = appeals.answered(found, permit, command, rules, now)
    done = Act(Why.OFFICER, command.by.subject)
    decision = _decided(found, _with(found, objected), permit.permit_id, done, rules, now)
    return replace(decision, facts=(*decision.facts, fact))


def review(holder: Holder | None, command: OnQueued, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """Xét hồ sơ: ask the applicant, take the answer, sign, take a decision back."""
    found, permit = _found(holder, command)
    after, done, told = reviewing.reviewed(found, permit, command, rules, now)
    decision = _decided(found, _with(found, after), permit.permit_id, done, rules, now)
    return replace(decision, facts=(*decision.facts, *told))


def come_into_force(holder: Holder, fired: TimerFired, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """Let an officer's decision count that was not taken back in its time."""
    permit = holder.permit(fired.name.removeprefix(reviewing.TIMER))
    if permit is None or not permit.is_open or permit.review.settlement is None:
        return Decision(holder)
    after, done = reviewing.in_force(permit)
    return _settled_decision(holder, _with(holder, after), done, rules, now)


def _found(holder: Holder | None, command: OnPermit) -> tuple[Holder, Permit]:
    permit = holder.permit(command.permit_id) if holder else None
    if holder is None or permit is None:
        raise PermitNotFound("Không có giấy này. Hãy kiểm tra lại số giấy.")
    return holder, permit


def act(holder: Holder | None, command: OnPermit, rules: PermitRules, now: datetime) -> Decision[Holder]:
    """Do what somebody orders on one permit: suspend, reinstate, revoke; holders give theirs back."""
    found, permit = _found(holder, command)
    if isinstance(command, Cancel):
        authority.may_cancel(command.by, found.person_id, permit)
        is_holder = authority.CITIZEN in command.by.roles
        done = Act(Why.HOLDER, HOLDER_HIMSELF if is_holder else command.by.subject)
    else:
        authority.may_act(command.by, permit)
        done = Act(_why(command), command.by.subject, command.note)
    after = changed(permit, command)
    return _decided(found, _with(found, after), permit.permit_id, done, rules, now)


def _why(command: OnPermit) -> Why:
    return Why.FRAUD if isinstance(command, Suspend) and command.hold is Hold.FRAUD else Why.OFFICER


def _with(holder: Holder, changed: Permit) -> Holder:
    permits = (changed if permit.permit_id == changed.permit_id else permit for permit in holder.permits)
    return replace(holder, permits=tuple(permits))


def _decided(
    before: Holder, after: Holder, permit_id: str, done: Act, rules: PermitRules, now: datetime
) -> Decision[Holder]:
    decision = _settled_decision(before, after, done, rules, now)
    state = decision.state
    permit = state.permit(permit_id) if state else None
    if state is None or permit is None:
        raise AssertionError("the permit just decided is in the file")
    return replace(decision, answer=_answer(state, permit))


def _settled_decision(
    before: Holder, after: Holder, done: Act, rules: PermitRules, now: datetime
) -> Decision[Holder]:
    final, facts = settled(before, after, done.why, now)
    final, entries = recorded(before, final, done, rules.trail_key, now)
    final = replace(final, permits=_kept(final, now))
    timers = tuple(timer for permit in final.permits if permit.is_open for timer in _timers(permit))
    return Decision(final, (*facts, *entries), timers)


def _timers(permit: Permit) -> Iterator[Timer]:
    yield Timer(f"{_EXPIRY}{permit.permit_id}", permit.terms.valid_until)
    if (settlement := permit.review.settlement) is not None:
        yield Timer(f"{reviewing.TIMER}{permit.permit_id}", settlement.counts_at)


def _kept(holder: Holder, now: datetime) -> tuple[Permit, ...]:
    surplus = len(holder.permits) - KEPT
    over = [p.permit_id for p in holder.permits if not p.is_open and codes_until(p) <= now]
    dropped = frozenset(over[: max(surplus, 0)])
    return tuple(permit for permit in holder.permits if permit.permit_id not in dropped)


def _answer(holder: Holder, permit: Permit) -> dict[str, Any]:
    return {
        "person_id": holder.person_id,
        "permit_id": permit.permit_id,
        "status": str(holder.status_of(permit)),
    }
