"""F0: declared by the commune, declaring twice a day, worsening or recovering, moved and closed."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from common.kernel.clock import VIETNAM, local_day
from tests.load.province.callers import Refusal
from tests.load.province.course import ASYMPTOMATIC, SEVERE, Course, Oximeter, vitals
from tests.load.province.curve import hour_of_report
from tests.load.province.epidemic import Case
from tests.load.province.moments import at_local
from tests.load.province.people import Person, reports_today

if TYPE_CHECKING:
    from tests.load.province.world import World

SLOTS = ((5.0, 10.0), (14.0, 21.0))
"""Local hours in which the two declarations of a day are owed (rules/risk/course)."""
HOME_DAYS = 7
"""From the positive test to the end of home care (261, 604)."""
VISITED_AFTER = timedelta(hours=1)
SYMPTOMS = ("cough", "sore_throat", "fatigue", "headache", "muscle_ache")
P_SYMPTOM = 0.35


@dataclass(slots=True, eq=False)
class Illness:
    """A person's illness on the calendar, and what the system was told of it."""

    person: Person
    course: Course
    tested_at: datetime
    rng: np.random.Generator
    oximeter: Oximeter
    care: str = "declared"
    is_leaving: bool = False
    """A doctor sent the patient up the tiers."""
    closed: bool = False
    relatives: list[Person] = field(default_factory=list)
    copied: dict[str, object] = field(default_factory=dict)

    def day(self, at: datetime) -> float:
        """Return days since onset at instant *at*."""
        return self.course.tested_day + (at - self.tested_at) / timedelta(days=1)

    @property
    def is_at_home(self) -> bool:
        """Tell whether declarations are owed."""
        return not self.closed and not self.is_leaving


class Patients:
    """The lives of F0s as their officers, families and doctors act on them."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.ill: dict[str, Illness] = {}
        self.recovered_on: dict[str, date] = {}

    def plan(self, case: Case) -> None:
        """Put a case on the agenda; what follows is planned, at its own time, once the system knows of it."""
        world, person = self.world, case.person
        rng = world.dice.of("illness", person.cccd)
        oximeter = Oximeter(person.oximeter_deviation)
        illness = Illness(person, case.course, case.tested_at, rng, oximeter)
        world.agenda.add(case.declared_at, lambda: self._declare(illness, case))

    def _plan_life(self, illness: Illness, case: Case) -> None:
        self.world.agenda.add(case.declared_at + VISITED_AFTER, lambda: self._keep_at_home(illness))
        self._plan_slots(illness, case.declared_at)
        self._plan_end(illness, case.declared_at)
        for contact in case.contacts:
            self.world.contacts.plan(contact)

    async def _declare(self, illness: Illness, case: Case) -> None:
        """The commune's officer declares an F0."""
        world, person = self.world, case.person
        illness.relatives = [p for p in person.home if p is not person and p.has_smartphone and p.person_id]
        body = {
            "person": person.form(),
            "commune_code": person.commune_code,
            "address": "Tổ 1",
            "tested_on": local_day(case.tested_at).isoformat(),
            "conditions": list(person.conditions),
            "pregnant": False,
            "vaccination_doses": person.doses,
            "carers": [relative.person_id for relative in illness.relatives][:5],
        }
        area, key = world.district_of(person.commune_code), world.dice.key("declare", person.cccd)
        answer = await world.call.post(
            f"{world.call.at.f0}/v1/patients", body, role="health_officer", area=area, key=key
        )
        person.person_id = answer["person_id"]
        world.truth.f0_declared[person.commune_code] += 1
        world.truth.f0_now[person.commune_code] += 1
        self.ill[person.person_id] = illness
        world.contacts.became_f0(person)
        world.bar(person)
        self._plan_life(illness, case)

    async def _keep_at_home(self, illness: Illness) -> None:
        """The station has visited: care goes on at home."""
        if illness.is_at_home:
            await self._move(illness, "at_home", reason="home-care")

    def _plan_slots(self, illness: Illness, declared_at: datetime) -> None:
        for day in range(HOME_DAYS + 3):
            for opens, due in SLOTS:
                at = at_local(declared_at, hour_of_report(illness.rng, opens, due), days=day)
                if at > declared_at:
                    self.world.agenda.add(at, lambda a=at, d=day: self._slot(illness, a, d))  # type: ignore[misc]
                ends = at_local(declared_at, due, days=day)
                if ends > declared_at:
                    self.world.agenda.add(ends, lambda e=ends: self._deadline(illness, declared_at, e))  # type: ignore[misc]

    def is_at_home(self, person_id: str) -> bool:
        """Tell whether somebody is an F0 who owes declarations."""
        illness = self.ill.get(person_id)
        return illness is not None and illness.is_at_home

    async def _deadline(self, illness: Illness, declared_at: datetime, due_at: datetime) -> None:
        """A declaration was due: whoever owed one and has said nothing for a day must be noticed."""
        if illness.is_at_home:
            self.world.truth.promptness.deadline(illness.person.person_id, declared_at, due_at)

    def _plan_end(self, illness: Illness, declared_at: datetime) -> None:
        world, course = self.world, illness.course
        low = illness.tested_at + timedelta(days=course.lowest_day - course.tested_day)
        soonest = declared_at + 2 * VISITED_AFTER
        if course.dies:
            world.agenda.add(max(low + timedelta(days=1), soonest), lambda: self._close(illness, "died"))
            return
        end = illness.tested_at + timedelta(days=HOME_DAYS, hours=float(illness.rng.uniform(1, 8)))
        if course.severity >= SEVERE:
            end = low + timedelta(days=6)
        world.agenda.add(max(end, soonest), lambda: self._close(illness, "recovered"))

    async def _slot(self, illness: Illness, at: datetime, day: int) -> None:
        rng = self.world.dice.of("sheet", illness.person.cccd, at.isoformat())
        saturation = illness.course.spo2(illness.day(at))
        if illness.is_at_home and reports_today(illness.person, day, saturation, rng):
            await self.report(illness, at, rng)

    async def report(
        self, illness: Illness, at: datetime, rng: np.random.Generator, *, is_called: bool = False
    ) -> None:
        """Declare once; *is_called*: the station telephones and writes down what it hears."""
        world, person = self.world, illness.person
        url = f"{world.call.at.f0}/v1/patients/{person.person_id}/reports"
        reports = world.truth.f0_reports
        sheet = world.declarations.sheet(person, url, reports, at, illness.relatives, is_called=is_called)
        if sheet is not None:
            await world.declarations.hand_in(sheet, self._filled_in(illness, at, rng), rng)

    def _filled_in(self, illness: Illness, at: datetime, rng: np.random.Generator) -> dict[str, object]:
        if illness.copied and illness.person.copies_numbers:
            return illness.copied
        local = at.astimezone(VIETNAM)
        day, course = illness.day(at), illness.course
        true_spo2 = course.spo2(day)
        signs = vitals(course, illness.person.age_years, day, local.hour + local.minute / 60, rng)
        reading = illness.oximeter.read(true_spo2, rng)
        symptoms = ["dyspnoea"] if signs.has_dyspnoea else []
        if course.severity > ASYMPTOMATIC and day < 8:
            symptoms += [s for s in SYMPTOMS if rng.random() < P_SYMPTOM]
        illness.copied = {
            "spo2_percent": reading,
            "temperature_celsius": signs.temperature_celsius,
            "pulse_per_minute": signs.pulse_per_minute,
            "breaths_per_minute": signs.breaths_per_minute,
            "systolic_mmhg": signs.systolic_mmhg,
            "diastolic_mmhg": max(45, round(signs.systolic_mmhg * 0.62)),
            "on_oxygen": False,
            "consciousness": "alert",
            "symptoms": symptoms,
        }
        if reading <= 95:
            illness.copied["spo2_repeat_percent"] = illness.oximeter.read(true_spo2, rng, repeat=True)
        return illness.copied

    async def transfer(self, person_id: str) -> None:
        """The doctor sends a patient up the tiers; two hours later the hospital has the patient."""
        illness = self.ill.get(person_id)
        if illness is None or not illness.is_at_home:
            return
        illness.is_leaving = True
        illness.is_leaving = await self._move(illness, "transferring")
        if illness.is_leaving:
            at = self.world.now() + timedelta(hours=2)
            self.world.agenda.add(at, lambda: self._arrive(illness))

    async def _arrive(self, illness: Illness) -> None:
        if not illness.closed:
            await self._move(illness, "in_hospital")

    async def _move(self, illness: Illness, to_state: str, *, reason: str = "worsening") -> bool:
        world, person = self.world, illness.person
        url = f"{world.call.at.f0}/v1/patients/{person.person_id}/moves"
        body = {"to_state": to_state, "reason": reason}
        area = world.district_of(person.commune_code)
        key = world.dice.key("move", person.cccd, to_state)
        try:
            await world.call.post(url, body, role="doctor", area=area, key=key)
        except Refusal as refusal:
            world.truth.refused[refusal.slug] += 1
            return False
        illness.care = to_state
        return True

    async def _close(self, illness: Illness, outcome: str) -> None:
        world, person = self.world, illness.person
        if illness.closed:
            return
        if illness.is_leaving and illness.care != "in_hospital" and outcome == "recovered":
            # Nobody recovers on the way: the hospital closes the record once it has the patient.
            world.agenda.add(world.now() + timedelta(hours=3), lambda: self._close(illness, outcome))
            return
        illness.closed = True
        if outcome != "recovered" or not await self._ended_by_rule(illness):
            await self._closed_by_district(illness, outcome)
        if outcome == "died":
            world.truth.f0_died[person.commune_code] += 1
        else:
            world.truth.f0_recovered[person.commune_code] += 1
            self.recovered_on[person.person_id] = local_day(world.now())
        world.truth.f0_now[person.commune_code] -= 1
        self.ill.pop(person.person_id, None)
        world.free(person)

    async def _ended_by_rule(self, illness: Illness) -> bool:
        """The station tests and ends the care at home; False when the rule does not let the person go yet."""
        world, person = self.world, illness.person
        if illness.care == "in_hospital":
            return False
        url = f"{world.call.at.f0}/v1/patients/{person.person_id}/end-of-care"
        test = {"kind": "rapid", "taken_on": local_day(world.now()).isoformat(), "is_supervised": True}
        area, key = world.district_of(person.commune_code), world.dice.key("end", person.cccd)
        try:
            await world.call.post(url, {"test": test}, role="doctor", area=area, key=key)
        except Refusal as refusal:
            world.truth.refused[refusal.slug] += 1
            return False
        return True

    async def _closed_by_district(self, illness: Illness, outcome: str) -> None:
        """The health centre of the district notes a death, or lets somebody go whom the rule would keep."""
        world, person = self.world, illness.person
        url = f"{world.call.at.f0}/v1/patients/{person.person_id}/closing"
        body = {
            "outcome": outcome,
            "reason": "Hội chẩn: cho kết thúc theo dõi",
            "override": outcome == "recovered",
        }
        area, key = world.district_of(person.commune_code), world.dice.key("close", person.cccd)
        await world.call.post(url, body, role="health_officer", area=area, key=key)

    def in_care(self) -> Counter[str]:
        """Count the open records by where care goes on."""
        return Counter(illness.care for illness in self.ill.values())
