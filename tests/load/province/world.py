"""The province: everybody in it, one clock, one agenda, one seed."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from common.clocks import RehearsalClock, SystemClock
from common.geo import Units
from common.kernel.clock import VIETNAM, local_day
from tests.load.province.agenda import Agenda
from tests.load.province.callers import Caller
from tests.load.province.contacts import Contacts
from tests.load.province.curve import cases_of_day, draw_district
from tests.load.province.doctors import Doctors
from tests.load.province.patients import Patients
from tests.load.province.people import People, Person
from tests.load.province.travellers import Travellers
from tests.load.province.truth import Truth

HOME_STOCK = 600
"""F0 already at home when the week begins, at scale 1 (2,083 on 25/01/2022 after two weeks of home care)."""
TRAVELLERS = 1200
"""Workers with permits at scale 1."""


class World:
    """Holds the parts together and plans each day."""

    def __init__(
        self,
        call: Caller,
        clock: RehearsalClock | SystemClock,
        units: Units,
        checkpoints: list[dict[str, Any]],
        *,
        seed: int,
        scale: float,
    ) -> None:
        self.call = call
        self.clock = clock
        self.units = units
        self.scale = scale
        self.rng = np.random.default_rng(seed)
        self.agenda = Agenda(clock)
        self.truth = Truth()
        self.people = People(populations(units), local_day(clock.now()), self.rng)
        self.patients = Patients(self)
        self.contacts = Contacts(self)
        self.travellers = Travellers(self, checkpoints)
        self.doctors = Doctors(self)
        self._homes: dict[int, list[Person]] = {}

    def now(self) -> datetime:
        """Return what the clock of the province shows."""
        return self.clock.now()

    def local(self, around: datetime, *, hour: float, days: int = 0) -> datetime:
        """Return local *hour* of the Vietnamese day of *around*, *days* later."""
        midnight = datetime.combine(local_day(around), datetime.min.time(), tzinfo=VIETNAM)
        return midnight + timedelta(days=days, hours=hour)

    def district_of(self, commune_code: str) -> str:
        """Return the district code of a commune."""
        return self.units.area_of(commune_code).district_code

    def key(self) -> str:
        """Return an idempotency key, drawn like everything else."""
        return str(uuid.UUID(bytes=self.rng.bytes(16), version=4))

    def begin(self, start: datetime, days: int) -> None:
        """Plan the stock of patients, the permits, the doctors and the days of the week."""
        for _ in range(round(HOME_STOCK * self.scale)):
            tested = start - timedelta(days=float(self.rng.uniform(0, 6)))
            at = start + timedelta(hours=float(self.rng.uniform(0.5, 6)))
            self._plan_patient(at, tested)
        for _ in range(round(TRAVELLERS * self.scale)):
            at = start + timedelta(hours=float(self.rng.uniform(0.5, 8)))
            self.agenda.add(at, self._apply)
        self.doctors.begin()
        for day in range(days):
            self.agenda.add(start + timedelta(days=day, minutes=1), lambda d=day: self._day(start, d))  # type: ignore[misc]

    def plan_another_day(self, start: datetime) -> None:
        """Plan new patients and travellers for the day that begins at *start*."""
        self.agenda.add(start, lambda: self._day(start, 0))

    async def _apply(self) -> None:
        worker = self.people.household(self.people.commune())[0]
        await self.travellers.apply(worker, self.now())

    async def _day(self, start: datetime, number: int) -> None:
        morning = start + timedelta(days=number)
        for _ in range(cases_of_day(number, self.scale)):
            at = self.local(morning, hour=float(self.rng.uniform(8, 17)))
            if at < self.now():
                at += timedelta(days=1)
            self._plan_patient(at, at - timedelta(hours=2))
        self.travellers.plan_day(morning)
        if number:
            self.travellers.plan_day(morning + timedelta(minutes=1))

    def _plan_patient(self, at: datetime, tested_at: datetime) -> None:
        person = self._somebody()
        self.agenda.add(at, lambda: self.patients.declare(person, tested_at))

    def _somebody(self) -> Person:
        """Now and then a traveller falls ill, else anybody of a household in the district drawn."""
        if self.travellers.known and self.rng.random() < 0.05:
            traveller = self.travellers.known[int(self.rng.integers(0, len(self.travellers.known)))]
            if traveller.person.person_id not in self.patients.ill:
                return traveller.person
        home = self.people.household(self.people.commune(draw_district(self.rng)))
        index = home[int(self.rng.integers(0, len(home)))]
        self._homes[index.household] = home
        return index

    def on_positive(self, person: Person) -> None:
        """Somebody became F0: quarantine ends, contacts are traced."""
        self.contacts.left(person)
        home = [p for p in self._homes.pop(person.household, []) if p is not person]
        self.agenda.add(self.now() + timedelta(minutes=30), lambda: self.contacts.trace(person, home))

    def on_closed(self, person: Person) -> None:
        """Somebody recovered or died: nothing more is planned for them."""
        self.patients.ill.pop(person.person_id, None)


def populations(units: Units) -> dict[str, list[tuple[str, int]]]:
    """Return the (commune code, population) pairs of each district."""
    populations: dict[str, list[tuple[str, int]]] = {}
    for unit in units.communes():
        populations.setdefault(unit.parent_code, []).append((unit.code, unit.population))
    return populations
