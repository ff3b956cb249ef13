"""
Where a stay stands, derived from what officers did and what F0 care said.

Nothing here depends on the order in which things were learned: only on the registers as they are.
"""

from datetime import date, datetime, timedelta

from common.kernel.areas import Area
from common.kernel.clock import local_day
from common.kernel.decision import Fact
from quarantine.domain.facts import ContactBecameF0, QuarantineEnded, QuarantineOrdered
from quarantine.domain.infection import ClosedF0, F0Outcome, Infection
from quarantine.domain.model import Case, Ending, Outcome, Place, Stay

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the clocks of two services may be apart."""
LOCAL_ENDINGS_THAT_STAND = frozenset((Outcome.WRONG_ENTRY, Outcome.DIED))
"""An undone entry stays undone and the dead stay dead, whatever arrives late."""


def ending_of(stay: Stay, infection: Infection) -> Ending | None:
    """
    Return how *stay* ended, or None while it is open.

    Becoming F0 before an officer ended the stay wins, also when it is learned after. A withdrawn F0
    declaration leaves the stay as if it never was; if the days ran out meanwhile, they count as done.
    """
    local = stay.ending
    if local and local.outcome in LOCAL_ENDINGS_THAT_STAND:
        return local
    at, closing = _f0_since(stay, infection)
    if at is None or (local and at >= local.at):
        return local
    if closing is None:
        return _became_f0(at)
    if closing.outcome is not F0Outcome.WRONGLY_DECLARED:
        # Care that was over before the stay began says nothing about this exposure.
        return local if closing.on < local_day(stay.ordered_at) else _became_f0(at)
    if local is None and closing.on > stay.ends_on:
        return Ending(Outcome.COMPLETED, at, stay.ends_on)
    return local


def _f0_since(stay: Stay, infection: Infection) -> tuple[datetime | None, ClosedF0 | None]:
    """
    Return since when the person counts as an F0, and how F0 care closed that.

    A positive test counts until F0 care, which opened a record for it, finds it to be wrong. What F0 care
    closed before the test was taken down says nothing about the test.
    """
    declared, closing, positive = infection.declared, infection.closing, stay.positive
    if positive is None:
        return (declared.at if declared else None), closing
    is_before = declared is None or declared.at < positive.at - CLOCKS_DIFFER
    if declared is None or (is_before and closing is not None):
        return positive.at, None
    return min(declared.at, positive.at), closing


def _became_f0(at: datetime) -> Ending:
    return Ending(Outcome.BECAME_F0, at, local_day(at))


def ending(case: Case | None) -> Ending | None:
    """Return how the case's stay ended; None while open or when there is no stay."""
    if case is None or case.stay is None:
        return None
    ended, into = ending_of(case.stay, case.infection), case.joined.into
    if into is not None and (ended is None or ended.at > into.at):
        return Ending(Outcome.WRONG_ENTRY, into.at, into.on, into.by)
    return ended


def f0_since(case: Case) -> date | None:
    """Return since which day somebody is, or was, an F0; None for whoever never was, or wrongly."""
    declared, closing = case.infection.declared, case.infection.closing
    at = declared.at if declared else None
    if case.stay is not None:
        at, closing = _f0_since(case.stay, case.infection)
    is_wrong = closing is not None and closing.outcome is F0Outcome.WRONGLY_DECLARED
    return None if at is None or is_wrong else local_day(at)


def is_open(case: Case | None) -> bool:
    """Tell whether the person is in quarantine now."""
    return case is not None and case.stay is not None and ending(case) is None


def is_under_f0_care(case: Case, day: date) -> bool:
    """Tell whether F0 care had the person on *day*, so that no declaration was owed here."""
    declared, closing = case.infection.declared, case.infection.closing
    if declared is None or local_day(declared.at) > day:
        return False
    return closing is None or closing.on >= day


def changes(before: Case | None, after: Case) -> tuple[Fact, ...]:
    """
    Tell the difference between two standings as facts.

    A stay reinstated is ordered again. When only the *way* it ended turns out different, its end is not told
    twice: totals of those in quarantine are sums of these facts.
    """
    stay, person, person_id = after.stay, after.person, after.person_id
    if stay is None or person is None:
        return ()
    was, now = ending(before), ending(after)
    was_open, now_open = before is not None and before.stay is not None and was is None, now is None
    facts: list[Fact] = []
    if now_open and not was_open:
        facts.append(_ordered(person_id, person.area, stay))
    if now and now.outcome is Outcome.BECAME_F0 and not (was and was.outcome is Outcome.BECAME_F0):
        facts.append(_became_f0_fact(person_id, person.area, stay, now.on))
    if now and was_open:
        facts.append(QuarantineEnded(person_id, person.area, stay.category, stay.place, now.outcome, now.on))
    return tuple(facts)


def _became_f0_fact(person_id: str, area: Area, stay: Stay, on: date) -> ContactBecameF0:
    """Tell of the test where there is one; F0 care itself told us otherwise."""
    positive = stay.positive
    tested_on = positive.tested_on if positive else on
    return ContactBecameF0(person_id, area, stay.category, stay.place, tested_on, positive)


def _ordered(person_id: str, area: Area, stay: Stay) -> QuarantineOrdered:
    return QuarantineOrdered(
        person_id,
        area,
        category=stay.category,
        place=stay.place,
        last_exposure_on=stay.last_exposure_on,
        starts_on=stay.starts_on,
        ends_on=stay.ends_on,
        protocol=stay.protocol,
        test_days=stay.test_days,
    )


def is_breached_by(case: Case, scanned_at: datetime) -> bool:
    """
    Tell whether being scanned at *scanned_at* broke a home quarantine.

    Judged by the time of the scan, so that one uploaded days later counts alike. Whoever became F0
    meanwhile was still bound to stay at home until the last day, unless recovered.
    """
    stay = case.stay
    if stay is None or stay.place is not Place.HOME:
        return False
    day = local_day(scanned_at)
    ended_before = stay.ending is not None and (
        stay.ending.outcome is Outcome.WRONG_ENTRY or scanned_at >= stay.ending.at
    )
    closing = case.infection.closing
    recovered = closing is not None and closing.outcome is F0Outcome.RECOVERED and closing.on < day
    return scanned_at >= stay.ordered_at and day <= stay.ends_on and not ended_before and not recovered
