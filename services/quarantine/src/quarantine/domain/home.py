"""
Người cùng nhà là F0: what one positive member means for the others, and its undoing.

Each file keeps the latest word about every F0 of its household (`Case.home`); the days of the stay are
*derived* from these words and from what the stay was before them (`Stay.before_home`). So any order of
arrival ends the same, and a withdrawn word leaves the stay as it was, unless an officer moved it since.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from common.kernel.clock import local_day
from common.kernel.decision import Fact
from quarantine.domain.acts import (
    NoteHomeCase,
    QuarantineReclassified,
)
from quarantine.domain.duties import resumed
from quarantine.domain.errors import NoProtocolInForce
from quarantine.domain.facts import QuarantineExtended
from quarantine.domain.model import (
    Basis,
    Case,
    Category,
    Ending,
    ExtensionReason,
    Outcome,
    Person,
    Place,
    Stay,
)
from quarantine.domain.orders import LONGEST_STAY
from quarantine.domain.protocols import Regime, Subject
from quarantine.domain.registers import BeforeHome, HomeExposure
from quarantine.domain.rules import QuarantineRules
from quarantine.domain.standing import f0_since, is_open

CASES_KEPT = 12
"""F0 of one household that a file remembers."""


def words(index: Case, sequence: int, member: Case) -> HomeExposure | None:
    """
    Return what *member*'s file must hear of *index*, who lives with them; None when it is known, or nothing.

    *sequence* is the version of the index's file: of two words the younger one holds, whichever comes first.
    """
    on = f0_since(index)
    known = next((one.on for one in member.home if one.index_person_id == index.person_id), None)
    if on == known or index.person_id == member.person_id:
        return None
    is_away = index.stay is not None and index.stay.place is Place.FACILITY
    return HomeExposure(index.person_id, sequence, on, is_away)


def note(case: Case, command: NoteHomeCase) -> Case:
    """Keep the latest word about one F0 of the household."""
    word = command.exposure
    known = {one.index_person_id: one for one in case.home}
    old = known.get(word.index_person_id)
    if old and old.sequence >= word.sequence:
        return case
    lines = sorted({**known, word.index_person_id: word}.values(), key=lambda one: one.index_person_id)
    return replace(case, home=tuple(lines)[-CASES_KEPT:])


def settled(case: Case, rules: QuarantineRules, now: datetime) -> tuple[Case, tuple[Fact, ...]]:
    """Return *case* with the days that follow from what is known of its household, and what changed."""
    stay, person = case.stay, case.person
    if stay is None or person is None or not is_open(case):
        return case, ()
    plain = _plain(stay)
    exposed_on = max((one.on for one in case.home if one.on and _met(one, stay)), default=None)
    if exposed_on is None and plain.is_home_order and plain.moved_because is None:
        void = Ending(Outcome.WRONG_ENTRY, now, local_day(now), "machine")
        return replace(case, stay=replace(plain, ending=void)), ()
    wanted = plain
    if exposed_on and exposed_on > plain.last_exposure_on:
        wanted = _exposed(plain, person, exposed_on, rules, now)
    if wanted == stay:
        return case, ()
    duty = resumed(stay, now, rules)
    missed = tuple(day for day in duty.missed_on if day <= wanted.ends_on)
    wanted = replace(wanted, duty=replace(duty, missed_on=missed))
    return replace(case, stay=wanted), _moved(case.person_id, person, stay, wanted)


def _met(one: HomeExposure, stay: Stay) -> bool:
    """Tell whether somebody in quarantine was where the F0 was, on the day."""
    if one.on is None or one.is_at_facility:
        return one.is_at_facility and stay.place is Place.FACILITY
    if stay.place is Place.HOME:
        return True
    since = local_day(stay.bed.at) if stay.bed else stay.starts_on
    return since >= one.on


def _plain(stay: Stay) -> Stay:
    """Return the stay as it was before any case at home."""
    before = stay.before_home
    if before is None:
        return stay
    return replace(
        stay,
        last_exposure_on=before.last_exposure_on,
        ends_on=before.ends_on,
        test_days=before.test_days,
        protocol=before.protocol,
        category=Category(before.category),
        moved_because=ExtensionReason(before.moved_because) if before.moved_because else None,
        note=before.note,
        before_home=None,
    )


def _exposed(plain: Stay, person: Person, exposed_on: date, rules: QuarantineRules, now: datetime) -> Stay:
    """
    Count again from *exposed_on*: whoever lives with an F0 is an F1; never shorter than it was.

    Tests up to the exposure stay as they were; those after it are those of the regime.
    """
    regime = _regime(plain, person, rules, local_day(now))
    if regime is None or regime.isolation_days == 0:
        return plain
    gap = (exposed_on - plain.starts_on).days
    ends_on = exposed_on + timedelta(days=regime.isolation_days)
    ends_on = max(plain.ends_on, min(ends_on, plain.starts_on + LONGEST_STAY))
    last = (ends_on - plain.starts_on).days
    tests = {day for day in plain.test_days if day <= gap}
    tests |= {max(0, gap + day) for day in regime.test_days}
    return replace(
        plain,
        category=Category.F1,
        protocol=regime.code,
        last_exposure_on=exposed_on,
        ends_on=ends_on,
        test_days=tuple(sorted(day for day in tests if day <= last)),
        moved_because=ExtensionReason.NEW_CASE_AT_HOME,
        note="",
        before_home=_before(plain),
    )


def _before(stay: Stay) -> BeforeHome:
    return BeforeHome(
        stay.last_exposure_on,
        stay.ends_on,
        stay.test_days,
        stay.protocol,
        stay.category.value,
        stay.moved_because.value if stay.moved_because else None,
        stay.note,
    )


def _regime(stay: Stay, person: Person, rules: QuarantineRules, today: date) -> Regime | None:
    """Return the stay's own regime; that of today where the stay was not one of an F1."""
    own = rules.find(stay.protocol)
    if own and stay.category is Category.F1:
        return own[1]
    basis = stay.basis or Basis()
    try:
        subject = Subject(Category.F1, stay.place, basis.origin, basis.immunity, person.area)
        return rules.regime_for(subject, today)
    except NoProtocolInForce:
        return None


def _moved(person_id: str, person: Person, before: Stay, after: Stay) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    if (before.ends_on, before.test_days) != (after.ends_on, after.test_days):
        is_undone = after.before_home is None
        reason = ExtensionReason.CORRECTION if is_undone else ExtensionReason.NEW_CASE_AT_HOME
        facts.append(
            QuarantineExtended(
                person_id, person.area, before.ends_on, after.ends_on, reason, after.protocol, after.test_days
            )
        )
    if before.category is not after.category:
        facts.append(
            QuarantineReclassified(
                person_id, person.area, before.category, after.category, before.place, after.place
            )
        )
    return tuple(facts)
