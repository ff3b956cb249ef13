"""
Khai báo hằng ngày: when a declaration is due, and what its absence means.

Absence is judged a little after the deadline (the grace of the rules), from the ledger of declarations and by
the time of the event: what was accepted before the deadline counts even if this file has not heard of it yet.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from common.kernel.clock import local_day
from common.kernel.decision import Timer
from quarantine.domain.commands import DeadlinePassed, NoteReport
from quarantine.domain.facts import DeclarationMissed
from quarantine.domain.model import Case, Duty, Stay
from quarantine.domain.protocols import ONE_DAY
from quarantine.domain.rules import QuarantineRules, Supervision
from quarantine.domain.standing import is_open, is_under_f0_care

DECLARATION = "declaration"
"""Name of the one timer of a file: the next day to be judged."""


class DutyState(StrEnum):
    """Whether today's declaration is there, still to come, or late; or nothing is owed today."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DutyToday:
    """Việc hôm nay of one person."""

    day: date
    opens_at: datetime
    due_at: datetime
    state: DutyState


def today(case: Case, rules: QuarantineRules, now: datetime) -> DutyToday:
    """Return what *case* owes on the present day."""
    day = local_day(now)
    supervision = rules.supervision(day)
    due_at = supervision.due_at(day)
    return DutyToday(day, supervision.opens_at(day), due_at, _state(case, day, is_past=now > due_at))


def _state(case: Case, day: date, *, is_past: bool) -> DutyState:
    stay = case.stay
    if stay is None or not is_open(case) or day > stay.ends_on:
        return DutyState.NONE
    duty = stay.duty
    reported_on = local_day(duty.last_reported_at) if duty.last_reported_at else None
    if day in (reported_on, duty.last_declared_on):
        return DutyState.DONE
    if day in duty.missed_on:
        return DutyState.LATE
    if duty.next_on > day:
        return DutyState.NONE
    return DutyState.LATE if is_past else DutyState.DUE


def first_duty_on(from_day: date, now: datetime, rules: Supervision) -> date:
    """Return the first day, not before *from_day*, whose deadline leaves the notice of the rules."""
    day = max(from_day, local_day(now))
    return day if rules.due_at(day) - now >= rules.notice else day + ONE_DAY


def timers(case: Case, rules: QuarantineRules) -> tuple[Timer, ...]:
    """
    Return what is pending for *case*: the judgement of the next day, up to the last one.

    It goes on silently while F0 care has the person, so that a withdrawn F0 declaration needs no repair.
    """
    stay = case.stay
    if stay is None or stay.ending is not None or stay.duty.next_on > stay.ends_on or case.joined.into:
        return ()
    supervision = rules.supervision(stay.duty.next_on)
    due_at = supervision.due_at(stay.duty.next_on) + supervision.grace
    return (Timer(DECLARATION, due_at),)


def missed_in_a_row(duty: Duty) -> int:
    """Count the days missed since the last declaration; a late one on the same day resets the count."""
    reported_on = local_day(duty.last_reported_at) if duty.last_reported_at else date.min
    last = max(reported_on, duty.last_declared_on or date.min)
    return sum(1 for day in duty.missed_on if day > last)


def judge(
    case: Case, stay: Stay, passed: DeadlinePassed, rules: QuarantineRules
) -> tuple[Case, DeclarationMissed | None]:
    """Judge the day that is due: missed if nothing was declared on it by its deadline; go on to the next."""
    duty, day = stay.duty, stay.duty.next_on
    due_at = rules.supervision(day).due_at(day)
    known = (*passed.reported, *([duty.last_reported_at] if duty.last_reported_at else []))
    is_declared = any(local_day(at) == day and at <= due_at for at in known)
    if is_declared:
        return _with_duty(case, stay, replace(duty, next_on=day + ONE_DAY, last_declared_on=day)), None
    if is_under_f0_care(case, day):
        return _with_duty(case, stay, replace(duty, next_on=day + ONE_DAY)), None
    fact = None
    if case.person is not None:
        fact = DeclarationMissed(case.person_id, case.person.area, due_at, missed_in_a_row(duty) + 1)
    judged = replace(duty, next_on=day + ONE_DAY, missed_on=(*duty.missed_on, day))
    return _with_duty(case, stay, judged), fact


def note(case: Case, stay: Stay, command: NoteReport) -> Case:
    """Take note of a declaration; the latest by the time of the event is kept, symptoms win a tie."""
    duty, at = stay.duty, command.reported_at
    if local_day(at) < stay.starts_on or (duty.last_reported_at is not None and at < duty.last_reported_at):
        return case
    has_symptoms = command.has_symptoms or (at == duty.last_reported_at and duty.has_symptoms)
    noted = replace(duty, last_reported_at=at, has_symptoms=has_symptoms)
    return _with_duty(case, stay, noted)


def resumed(stay: Stay, now: datetime, rules: QuarantineRules) -> Duty:
    """Return the duty of an extended stay: days that passed while nothing was owed are not judged."""
    if stay.duty.next_on <= stay.ends_on:
        return stay.duty
    supervision = rules.supervision(local_day(now))
    return replace(stay.duty, next_on=first_duty_on(stay.duty.next_on, now, supervision))


def _with_duty(case: Case, stay: Stay, duty: Duty) -> Case:
    return replace(case, stay=replace(stay, duty=duty))
