"""The province: everybody in it, one clock, one agenda, one seed."""

import time
from datetime import datetime, timedelta
from typing import Any

from common.clocks import RehearsalClock, SystemClock
from common.geo import Units
from common.kernel.clock import local_day
from tests.load.province.agenda import Agenda
from tests.load.province.callers import Caller
from tests.load.province.contacts import Contacts
from tests.load.province.declarations import Declarations
from tests.load.province.dice import Dice
from tests.load.province.duty import Duty
from tests.load.province.epidemic import Epidemic
from tests.load.province.firms import draw_firms
from tests.load.province.holders import draw_holders
from tests.load.province.moments import midnight
from tests.load.province.orders import Orders
from tests.load.province.patients import Patients
from tests.load.province.people import People, Person
from tests.load.province.permits import Permits
from tests.load.province.roads import Roads
from tests.load.province.stations import Stations
from tests.load.province.truth import Truth

FIRST_MORNING = timedelta(hours=8)
"""By then firms have applied for their staff, officers for others."""


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
        self.agenda = Agenda(clock)
        self.truth = Truth()
        self.dice = Dice(seed)
        self._barred: dict[str, float] = {}
        people = People(populations(units), local_day(clock.now()), self.dice.of("people"))
        districts = {unit.code: str(unit.parent_code) for unit in units.communes()}
        firms = draw_firms(people, districts, self.dice.of("firms"), scale)
        holders = draw_holders(people, firms, self.dice.of("holders"), scale)
        self.firms = firms
        self.epidemic = Epidemic(people, firms, self.dice.of("epidemic"), scale)
        self.declarations = Declarations(self)
        self.patients = Patients(self)
        self.contacts = Contacts(self)
        self.roads = Roads(self, checkpoints)
        self.permits = Permits(self, holders)
        self.orders = Orders(self)
        self.duty = Duty(self)
        self.stations = Stations(self)

    def now(self) -> datetime:
        """Return what the clock of the province shows."""
        return self.clock.now()

    def district_of(self, commune_code: str) -> str:
        """Return the district code of a commune."""
        return self.units.area_of(commune_code).district_code

    def begin(self, start: datetime, days: int) -> datetime:
        """
        Plan *days* whole Vietnamese days from the first midnight after *start*; return when they are over.

        Patients who are at home already are entered the evening before, so that they are nobody's new cases;
        applications for permits are spread until the first morning.
        """
        first = midnight(start, days=1)
        for case in self.epidemic.stock(start, first):
            self.patients.plan(case)
        self.permits.plan(start, first + FIRST_MORNING)
        self.duty.begin(start)
        self.orders.plan(first, days)
        for number in range(days):
            self.plan_day(midnight(first, days=number), number)
        return midnight(first, days=days)

    def plan_day(self, morning: datetime, number: int) -> None:
        """Plan what happens on the day that begins at *morning*, day *number* of the curve."""
        for case in self.epidemic.day(morning, number):
            self.patients.plan(case)
        self.roads.plan_day(morning)
        self.stations.plan_day(morning, number)

    def bar(self, person: Person) -> None:
        """Note that somebody may not travel from now on."""
        self._barred.setdefault(person.person_id, time.monotonic())

    def free(self, person: Person) -> None:
        """Note that somebody may travel again."""
        self._barred.pop(person.person_id, None)

    def is_barred(self, person: Person) -> bool:
        """Tell whether somebody is an F0 in care or in quarantine."""
        return person.person_id in self._barred

    def barred_seconds(self, person: Person) -> float:
        """Return for how many real seconds somebody has not been allowed to travel; 0 for others."""
        since = self._barred.get(person.person_id)
        return 0.0 if since is None else time.monotonic() - since

    def saw(self, person: Person, at: datetime) -> None:
        """A checkpoint saw somebody: a breach, if it was somebody who must stay at home."""
        if self.contacts.is_breach(person.person_id, at):
            self.truth.breaches[person.commune_code] += 1

    def happened(self) -> dict[str, int]:
        """Return every sum that the system should tell, as it stands now."""
        active, suspended = self.permits.standing(self.now())
        care = self.patients.in_care()
        stocks = {
            "permits_active": active,
            "permits_suspended": suspended,
            "f0_at_home": care["at_home"],
            "f0_in_hospital": care["in_hospital"],
        }
        return {**self.truth.totals(), **stocks}


def populations(units: Units) -> dict[str, list[tuple[str, int]]]:
    """Return the (commune code, population) pairs of each district."""
    populations: dict[str, list[tuple[str, int]]] = {}
    for unit in units.communes():
        populations.setdefault(unit.parent_code, []).append((unit.code, unit.population))
    return populations
