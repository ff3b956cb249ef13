"""F1: households and other contacts in quarantine at home; some turn positive, the others are released."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.kernel.clock import VIETNAM
from tests.load.province.callers import Refusal
from tests.load.province.curve import OTHER_F1_PER_F0, hour_of_report
from tests.load.province.people import Person, reports_today

if TYPE_CHECKING:
    from tests.load.province.world import World

P_POSITIVE_VACCINATED = 0.15
P_POSITIVE_UNVACCINATED = 0.30
P_POSITIVE_OUTSIDE = 0.05
POSITIVE_BY_DAY = ((5, 0.62), (7, 0.76), (10, 0.86), (14, 0.95))
"""Cumulative share of those who turn positive, by days from the index's onset."""


class Contacts:
    """The lives of F1s as officers and families act on them."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.under_watch: dict[str, Person] = {}

    async def trace(self, index: Person, household: list[Person]) -> None:
        """Put the household of an F0 and a few others under quarantine."""
        others = self.world.rng.poisson(OTHER_F1_PER_F0)
        outside = [self.world.people.household(index.commune_code)[0] for _ in range(int(others))]
        for person in (*household, *outside):
            if not person.person_id:
                await self.order(person, index.person_id, is_household=person in household)

    async def order(self, person: Person, index_person_id: str, *, is_household: bool) -> None:
        """The officer registers one F1."""
        world, now = self.world, self.world.now()
        body = {
            "person": person.form(),
            "commune_code": person.commune_code,
            "address": "Tổ 1",
            "category": "f1",
            "place": "home",
            "last_exposure_on": now.astimezone(VIETNAM).date().isoformat(),
            "vaccination_doses": person.doses,
            "index_person_id": index_person_id,
        }
        area = world.district_of(person.commune_code)
        url = f"{world.call.at.quarantine}/v1/cases"
        try:
            answer = await world.call.post(url, body, role="health_officer", area=area, key=world.key())
        except Refusal as refusal:
            world.truth.refused[str(refusal.problem.get("type"))] += 1
            return
        person.person_id = answer["person_id"]
        self.under_watch[person.person_id] = person
        world.truth.quarantined[person.commune_code] += 1
        world.truth.quarantine_now[person.commune_code] += 1
        self._plan(person, now, str(answer["ends_on"]), is_household)

    def _plan(self, person: Person, start: datetime, ends_on: str, is_household: bool) -> None:
        world = self.world
        ends_at = datetime.fromisoformat(f"{ends_on}T09:00:00").replace(tzinfo=VIETNAM) + timedelta(days=1)
        for day in range(1, (ends_at - start).days + 1):
            at = world.local(start, days=day, hour=hour_of_report(world.rng, 0))
            world.agenda.add(at, lambda a=at, d=day: self._report(person, a, d))  # type: ignore[misc]
        world.agenda.add(ends_at, lambda: self._release(person))
        chance = P_POSITIVE_VACCINATED if person.doses >= 2 else P_POSITIVE_UNVACCINATED
        if world.rng.random() < (chance if is_household else P_POSITIVE_OUTSIDE):
            draw = float(world.rng.random())
            day = next((d for d, share in POSITIVE_BY_DAY if draw < share), 14)
            at = start + timedelta(days=float(world.rng.uniform(1, day)))
            world.agenda.add(at, lambda: self._turn_positive(person, at))

    async def _report(self, person: Person, at: datetime, day: int) -> None:
        world = self.world
        if person.person_id not in self.under_watch or not reports_today(person, day, 98, world.rng):
            return
        body = {"reported_at": at.isoformat(), "temperature_celsius": 36.7, "symptoms": []}
        body["declared_by"] = "self" if person.has_smartphone else "officer"
        who = {"role": "citizen", "person": person.person_id}
        if not person.has_smartphone:
            who = {"role": "health_officer", "area": world.district_of(person.commune_code)}
        url = f"{world.call.at.quarantine}/v1/cases/{person.person_id}/reports"
        answer = await world.call.post(url, body, key=world.key(), **who)
        world.truth.report(world.truth.quarantine_reports, person.commune_code, str(answer["report_id"]))

    async def _turn_positive(self, person: Person, at: datetime) -> None:
        if person.person_id in self.under_watch:
            await self.world.patients.declare(person, at)

    async def _release(self, person: Person) -> None:
        world = self.world
        if self.under_watch.pop(person.person_id, None) is None:
            return
        url = f"{world.call.at.quarantine}/v1/cases/{person.person_id}/release"
        body = {"outcome": "completed", "reason": "completed"}
        area = world.district_of(person.commune_code)
        await world.call.post(url, body, role="health_officer", area=area, key=world.key())
        world.truth.quarantine_now[person.commune_code] -= 1

    def left(self, person: Person) -> None:
        """An F1 became F0: the quarantine ends by itself when quarantine hears of it."""
        if self.under_watch.pop(person.person_id, None) is not None:
            self.world.truth.quarantine_now[person.commune_code] -= 1
