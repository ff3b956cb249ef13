"""
Who catches it from whom and when it is found: planned from the seed alone, before anybody acts.

Every day has as many new F0 as the real curve: contacts whose day has come first, the rest from factories and
from anywhere. So the figures follow the province's, and two runs with one seed plan the same.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from tests.load.province.course import Course, Patient, draw_course
from tests.load.province.curve import (
    OTHER_F1_PER_F0,
    SHARE_OF_FACTORIES,
    cases_of_day,
    draw_district,
)
from tests.load.province.firms import Firm, Worker
from tests.load.province.moments import at_local, midnight
from tests.load.province.people import People, Person

HOME_STOCK = 600
"""F0 already at home when the week begins, at scale 1 (2,083 on 25/01/2022 after two weeks of home care)."""
P_POSITIVE_VACCINATED = 0.15
P_POSITIVE_UNVACCINATED = 0.30
TIMES_SPOUSE = 1.5
TIMES_YOUNG_INDEX = 0.7
P_POSITIVE_OUTSIDE = 0.05
"""Secondary attack rates of Delta: 11-26 % in Singapore (PMC8560026), 49-63 % in Japan, spouses most (PMC8997792)."""
POSITIVE_DAYS = (0.0, 5.0, 7.0, 10.0, 14.0, 16.0)
POSITIVE_SHARES = (0.0, 0.62, 0.76, 0.86, 0.95, 1.0)
"""Cumulative share of those who turn positive by days from the index's onset (PMC9191899, table 1)."""
SOONEST_POSITIVE = timedelta(hours=20)
HOURS_OF_RESULTS = (8.0, 17.0)
TRACED_AFTER = timedelta(minutes=30)
FROM_TEST_TO_DECLARED = timedelta(hours=2)


@dataclass(slots=True, eq=False)
class Contact:
    """One F1 of a case; *positive_at* is when a test will find this person, if it ever does."""

    person: Person
    index: Person
    is_household: bool
    traced_at: datetime
    positive_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Case:
    """One F0 of the plan."""

    person: Person
    course: Course
    tested_at: datetime
    declared_at: datetime
    contacts: list[Contact] = field(default_factory=list)


class Epidemic:
    """Lays out cases day by day. Nothing here waits for anybody, so the order of draws is always the same."""

    def __init__(self, people: People, firms: list[Firm], rng: np.random.Generator, scale: float) -> None:
        self._people = people
        self._workers = [worker for firm in firms for worker in firm.staff]
        self._colleagues = {worker.person.cccd: worker.firm.staff for worker in self._workers}
        self._rng = rng
        self._scale = scale
        self._touched: set[str] = set()
        """Papers of everybody who is or was a case or a contact: nobody is drawn twice."""
        self._to_come: list[Contact] = []

    def stock(self, start: datetime, until: datetime) -> list[Case]:
        """Plan those who are ill already and are entered between *start* and *until*."""
        cases = []
        for _ in range(round(HOME_STOCK * self._scale)):
            entered = start + (until - start) * float(self._rng.uniform(0.02, 0.8))
            tested = entered - timedelta(days=float(self._rng.uniform(0, 6)))
            cases.append(self._case(self._anybody(), tested, entered))
        return cases

    def day(self, morning: datetime, number: int) -> list[Case]:
        """Plan the new cases of the day that begins at *morning*: as many as on day *number* of the curve."""
        wanted = cases_of_day(number, self._scale)
        found = self._contacts_of_the_day(midnight(morning, days=1), wanted)
        cases = [self._found(contact) for contact in found]
        for _ in range(wanted - len(found)):
            at = at_local(morning, float(self._rng.uniform(*HOURS_OF_RESULTS)))
            cases.append(self._case(self._from_the_community(), at - FROM_TEST_TO_DECLARED, at))
        return cases

    def _contacts_of_the_day(self, end: datetime, wanted: int) -> list[Contact]:
        """Take the contacts that turn positive before *end*; those beyond *wanted* wait for tomorrow's tests."""
        due = sorted((c for c in self._to_come if _moment(c) < end), key=_moment)
        for contact in due[wanted:]:
            contact.positive_at = _moment(contact) + timedelta(days=1)
        taken = set(due[:wanted])
        self._to_come = [contact for contact in self._to_come if contact not in taken]
        return due[:wanted]

    def _found(self, contact: Contact) -> Case:
        at = _moment(contact)
        return self._case(contact.person, at - FROM_TEST_TO_DECLARED, at)

    def _from_the_community(self) -> Person:
        if self._rng.random() < SHARE_OF_FACTORIES:
            well = [worker for worker in self._workers if worker.person.cccd not in self._touched]
            if well:
                return well[int(self._rng.integers(0, len(well)))].person
        return self._anybody()

    def _anybody(self) -> Person:
        home = self._people.household(self._people.commune(draw_district(self._rng)))
        return home[int(self._rng.integers(0, len(home)))]

    def _case(self, person: Person, tested_at: datetime, declared_at: datetime) -> Case:
        self._touched.add(person.cccd)
        patient = Patient(person.age_years, person.doses, bool(person.conditions))
        case = Case(person, draw_course(patient, self._rng), tested_at, declared_at)
        for other in self._met_by(person):
            self._touched.add(other.cccd)
            contact = Contact(other, person, other.home is person.home, declared_at + TRACED_AFTER)
            contact.positive_at = self._positive_at(contact, case)
            case.contacts.append(contact)
        self._to_come += [contact for contact in case.contacts if contact.positive_at]
        return case

    def _met_by(self, person: Person) -> list[Person]:
        """Return the household and a few others: colleagues of a worker, else somebody of the commune."""
        met = [other for other in person.home if other.cccd not in self._touched]
        for _ in range(int(self._rng.poisson(OTHER_F1_PER_F0))):
            well = [w.person for w in self._colleagues.get(person.cccd, []) if self._is_new(w, met)]
            if well:
                met.append(well[int(self._rng.integers(0, len(well)))])
            else:
                met.append(self._people.household(person.commune_code)[0])
        return met

    def _is_new(self, worker: Worker, met: list[Person]) -> bool:
        return worker.person.cccd not in self._touched and worker.person not in met

    def _positive_at(self, contact: Contact, case: Case) -> datetime | None:
        if self._rng.random() >= _chance(contact):
            return None
        onset = case.tested_at - timedelta(days=case.course.tested_day)
        days = float(np.interp(self._rng.random(), POSITIVE_SHARES, POSITIVE_DAYS))
        soonest = contact.traced_at + SOONEST_POSITIVE
        day = max(onset + timedelta(days=days), soonest)
        at = at_local(day, float(self._rng.uniform(*HOURS_OF_RESULTS)))
        return at if at >= soonest else at + timedelta(days=1)


def _chance(contact: Contact) -> float:
    person, index = contact.person, contact.index
    if not contact.is_household:
        return P_POSITIVE_OUTSIDE
    chance = P_POSITIVE_VACCINATED if person.doses >= 2 else P_POSITIVE_UNVACCINATED
    chance *= TIMES_SPOUSE if person.is_spouse_of(index) else 1
    return chance * (TIMES_YOUNG_INDEX if index.age_years <= 19 else 1)


def _moment(contact: Contact) -> datetime:
    if contact.positive_at is None:
        raise ValueError("this contact stays well")
    return contact.positive_at
