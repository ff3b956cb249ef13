"""
Thay đổi quy định: what the documents of a day make of an open stay, foreseen and applied by one function.

A stay keeps the protocol it was ordered under until an official applies another one to it (ADR 0007).
`outlook` answers for any day, `apply` does what it says for today.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from common.kernel.areas import Area
from common.kernel.clock import local_day
from quarantine.domain.commands import ApplyProtocol
from quarantine.domain.duties import resumed
from quarantine.domain.errors import NoProtocolInForce, PreviewOutdated, QuarantineNotRequired
from quarantine.domain.facts import QuarantineExtended
from quarantine.domain.model import Basis, Case, Duty, Ending, ExtensionReason, Outcome, Stay
from quarantine.domain.orders import open_stay
from quarantine.domain.protocols import Regime, Subject, plan_of
from quarantine.domain.rules import QuarantineRules


class Effect(StrEnum):
    """
    What becomes of a stay.

    *kept*: another protocol would move it, but its last day was set by an officer for a reason of its own.
    *unjudged*: no document covers the person, or the file does not say what the document asks about.
    """

    UNCHANGED = "unchanged"
    MOVES = "moves"
    ENDS = "ends"
    KEPT = "kept"
    UNJUDGED = "unjudged"


CHANGING = frozenset((Effect.MOVES, Effect.ENDS))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the documents of a day make of a stay; *regime* is the one that would decide, if there is one."""

    effect: Effect
    ends_on: date
    test_days: tuple[int, ...]
    regime: Regime | None = None


def outlook(stay: Stay, area: Area, rules: QuarantineRules, on: date) -> Outlook:
    """
    Return what the documents in force on day *on* make of an open *stay*, if nothing else happens until then.

    A stay whose last day is over by then is no longer the new document's.
    """
    unchanged = Outlook(Effect.UNCHANGED, stay.ends_on, stay.test_days)
    ordered_on = local_day(stay.ordered_at)
    if stay.ends_on < on:
        return unchanged
    if stay.basis is None:
        is_same = rules.in_force(on, area) == rules.in_force(ordered_on, area)
        return unchanged if is_same else replace(unchanged, effect=Effect.UNJUDGED)
    try:
        regime = rules.regime_for(_subject(stay, stay.basis, area), on, judged_on=ordered_on)
    except NoProtocolInForce:
        return replace(unchanged, effect=Effect.UNJUDGED)
    if regime.code == stay.protocol:
        return unchanged
    found = _under(regime, stay, on)
    if found.effect is Effect.MOVES and (found.ends_on, found.test_days) == (stay.ends_on, stay.test_days):
        return unchanged
    is_own = stay.moved_because not in (None, ExtensionReason.PROTOCOL_CHANGED)
    return replace(unchanged, effect=Effect.KEPT, regime=regime) if is_own else found


def _subject(stay: Stay, basis: Basis, area: Area) -> Subject:
    return Subject(stay.category, stay.place, basis.origin, basis.immunity, area)


def _under(regime: Regime, stay: Stay, on: date) -> Outlook:
    """Count the days of *regime* for a stay that has lasted until *on*; its last day is never before that."""
    try:
        plan = plan_of(regime, stay.last_exposure_on, stay.starts_on)
        ends_on, asked, is_over = plan.ends_on, plan.test_days, plan.ends_on < on
    except QuarantineNotRequired:
        ends_on, asked, is_over = on, (), True
    if is_over and not regime.needs_tests_to_release:
        return Outlook(Effect.ENDS, on, _tests_before(stay, on), regime)
    return Outlook(Effect.MOVES, max(ends_on, on), _tests(stay, asked, on), regime)


def _tests_before(stay: Stay, on: date) -> tuple[int, ...]:
    return tuple(day for day in stay.test_days if day < (on - stay.starts_on).days)


def _tests(stay: Stay, asked: tuple[int, ...], on: date) -> tuple[int, ...]:
    """
    Keep the test days that are past, then go on with those *asked* for.

    Where the new protocol would have wanted more tests by now than there were, one is owed on day *on*.
    """
    today, past = (on - stay.starts_on).days, _tests_before(stay, on)
    ahead = {day for day in asked if day >= today}
    is_behind = len([day for day in asked if day < today]) > len(past)
    return (*past, *sorted(ahead | ({today} if is_behind else set())))


def apply(
    case: Case | None, command: ApplyProtocol, rules: QuarantineRules, now: datetime
) -> tuple[Case, Outlook, tuple[QuarantineExtended, ...]]:
    """
    Áp dụng quy định: give an open stay what the documents in force today say, as its outlook foresaw.

    Nothing changes where nothing is to change, so applying again is harmless. Refuses an end other than the
    official saw.
    """
    found, person, stay = open_stay(case, command.by)
    today = local_day(now)
    seen = outlook(stay, person.area, rules, today)
    if seen.effect not in CHANGING or seen.regime is None:
        return found, seen, ()
    if seen.ends_on != command.seen_ends_on:
        raise PreviewOutdated(
            f"Theo quy định hôm nay, hồ sơ này kết thúc ngày {seen.ends_on:%d/%m/%Y}, khác bản bạn đã xem. "
            "Hãy xem lại rồi áp dụng."
        )
    moved = _moved(stay, seen, seen.regime, resumed(stay, now, rules))
    if seen.effect is Effect.ENDS:
        moved = replace(moved, ending=Ending(Outcome.COMPLETED, now, today, command.by.subject))
    return replace(found, stay=moved), seen, (_told(found.person_id, person.area, stay, moved),)


def _moved(stay: Stay, seen: Outlook, regime: Regime, duty: Duty) -> Stay:
    return replace(
        stay,
        protocol=regime.code,
        ends_on=seen.ends_on,
        test_days=seen.test_days,
        duty=duty,
        moved_because=ExtensionReason.PROTOCOL_CHANGED,
        note="",
    )


def _told(person_id: str, area: Area, before: Stay, after: Stay) -> QuarantineExtended:
    return QuarantineExtended(
        person_id,
        area,
        from_ends_on=before.ends_on,
        to_ends_on=after.ends_on,
        reason=ExtensionReason.PROTOCOL_CHANGED,
        protocol=after.protocol,
        test_days=after.test_days,
    )
