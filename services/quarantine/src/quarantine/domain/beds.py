"""Giường ở khu cách ly, as a file sees it: where somebody sleeps, and when the bed is free again."""

from dataclasses import replace
from datetime import datetime

from common.kernel.decision import Fact
from quarantine.domain.acts import BedVacated, GoHome, NoteBed, QuarantineReclassified
from quarantine.domain.model import Case, Place, Stay
from quarantine.domain.orders import open_stay
from quarantine.domain.registers import Bed
from quarantine.domain.standing import is_open


def note(case: Case, command: NoteBed) -> tuple[Case, tuple[Fact, ...]]:
    """
    Keep the latest bed that a facility gave; the other one is free.

    Somebody whose stay ended while the bed was given does not need it.
    """
    stay, new = case.stay, command.bed
    if stay is None or case.person is None or not is_open(case):
        return case, (_vacated(case, new),) if case.person else ()
    if stay.bed and stay.bed.assignment_id == new.assignment_id:
        return case, ()
    if stay.bed and (stay.bed.at, stay.bed.assignment_id) > (new.at, new.assignment_id):
        return case, (_vacated(case, new),)
    facts: list[Fact] = [_vacated(case, stay.bed)] if stay.bed else []
    return _at(case, stay, Place.FACILITY, new, facts)


def go_home(case: Case | None, command: GoHome, _now: datetime) -> tuple[Case, tuple[Fact, ...]]:
    """Let the rest of the days pass at home."""
    found, _person, stay = open_stay(case, command.by)
    facts: list[Fact] = [_vacated(found, stay.bed)] if stay.bed else []
    return _at(found, stay, Place.HOME, None, facts)


def left(case: Case) -> tuple[Case, tuple[Fact, ...]]:
    """Free the bed of whoever is not in quarantine (any more)."""
    stay = case.stay
    if stay is None or stay.bed is None or is_open(case):
        return case, ()
    return replace(case, stay=replace(stay, bed=None)), (_vacated(case, stay.bed),)


def _at(
    case: Case, stay: Stay, place: Place, bed: Bed | None, facts: list[Fact]
) -> tuple[Case, tuple[Fact, ...]]:
    if stay.place is not place and case.person:
        facts.append(
            QuarantineReclassified(
                case.person_id, case.person.area, stay.category, stay.category, stay.place, place
            )
        )
    return replace(case, stay=replace(stay, place=place, bed=bed)), tuple(facts)


def _vacated(case: Case, bed: Bed) -> BedVacated:
    assert case.person is not None  # noqa: S101 - beds are given to people of whom there is a file
    return BedVacated(case.person_id, case.person.area, bed.facility_id, bed.assignment_id)
