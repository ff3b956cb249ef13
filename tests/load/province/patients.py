"""F0: declared by the commune, declaring twice a day, worsening or recovering, moved and closed."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.kernel.clock import VIETNAM
from tests.load.province.callers import Refusal
from tests.load.province.course import ASYMPTOMATIC, Course, Oximeter, Patient, draw_course, vitals
from tests.load.province.curve import hour_of_report
from tests.load.province.people import Person, reports_today

if TYPE_CHECKING:
    from tests.load.province.world import World

P_DOUBLE_TAP = 0.02
P_OFFLINE_QUEUE = 0.03
OFFLINE_MEDIAN_HOURS = 3.0
HOME_DAYS = 7
"""From the positive test to the end of home care (261, 604)."""
SYMPTOMS = ("cough", "sore_throat", "fatigue", "headache", "muscle_ache")


@dataclass(slots=True)
class Illness:
    """A person's illness on the calendar."""

    person: Person
    course: Course
    tested_at: datetime
    oximeter: Oximeter
    in_hospital: bool = False
    closed: bool = False

    def day(self, at: datetime) -> float:
        """Return days since onset at instant *at*."""
        return self.course.tested_day + (at - self.tested_at) / timedelta(days=1)


class Patients:
    """The lives of F0s as their officers, families and doctors act on them."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.ill: dict[str, Illness] = {}

    async def declare(self, person: Person, tested_at: datetime) -> None:
        """The commune's officer declares an F0; from then on slots, ends and moves are planned."""
        world = self.world
        patient = Patient(person.age_years, person.doses, bool(person.conditions))
        course = draw_course(patient, world.rng)
        body = {
            "person": person.form(),
            "commune_code": person.commune_code,
            "address": "Tổ 1",
            "tested_on": tested_at.astimezone(VIETNAM).date().isoformat(),
            "conditions": list(person.conditions),
            "pregnant": False,
            "vaccination_doses": person.doses,
        }
        area = world.district_of(person.commune_code)
        answer = await world.call.post(
            f"{world.call.at.f0}/v1/patients", body, role="health_officer", area=area, key=world.key()
        )
        person.person_id = answer["person_id"]
        world.truth.f0_declared[person.commune_code] += 1
        world.truth.f0_now[person.commune_code] += 1
        illness = Illness(person, course, tested_at, Oximeter(float(world.rng.normal(0, 0.9))))
        self.ill[person.person_id] = illness
        world.on_positive(person)
        self._plan_slots(illness)
        self._plan_end(illness)
        world.agenda.add(world.now() + timedelta(hours=1), lambda: self._keep_at_home(illness))

    async def _keep_at_home(self, illness: Illness) -> None:
        """The station has visited: care goes on at home."""
        if not illness.closed and not illness.in_hospital:
            await self._move(illness, "at_home", reason="home-care")

    def _plan_slots(self, illness: Illness) -> None:
        now = self.world.now()
        for day in range(HOME_DAYS + 3):
            for slot in (0, 1):
                at = self.world.local(now, days=day, hour=hour_of_report(self.world.rng, slot))
                if at > now:
                    self.world.agenda.add(at, lambda i=illness, a=at, d=day: self._slot(i, a, d))  # type: ignore[misc]

    def _plan_end(self, illness: Illness) -> None:
        world, course = self.world, illness.course
        onset = illness.tested_at - timedelta(days=course.tested_day)
        low = onset + timedelta(days=course.lowest_day)
        if course.dies:
            world.agenda.add(max(low + timedelta(days=1), world.now()), lambda: self._close(illness, "died"))
            return
        end = illness.tested_at + timedelta(days=HOME_DAYS, hours=float(world.rng.uniform(1, 8)))
        if course.severity >= 3:
            end = low + timedelta(days=6)
        world.agenda.add(
            max(end, world.now() + timedelta(hours=1)), lambda: self._close(illness, "recovered")
        )

    async def _slot(self, illness: Illness, at: datetime, day: int) -> None:
        world = self.world
        saturation = illness.course.spo2(illness.day(at))
        if (
            illness.closed
            or illness.in_hospital
            or not reports_today(illness.person, day, saturation, world.rng)
        ):
            return
        if world.rng.random() < P_OFFLINE_QUEUE:
            delay = OFFLINE_MEDIAN_HOURS * math.exp(float(world.rng.normal(0, 1.1)))
            world.truth.sent_late += 1
            later = at + timedelta(hours=min(delay, 72))
            world.agenda.add(later, lambda: self.report(illness, at))
            return
        await self.report(illness, at)

    async def report(self, illness: Illness, at: datetime) -> None:
        """Declare once (by oneself with a phone, else by the station), sometimes with a double tap."""
        world, person = self.world, illness.person
        if illness.closed:
            return
        body = self._declaration(illness, at)
        own = person.has_smartphone
        body["declared_by"] = "self" if own else "officer"
        who = {"role": "citizen", "person": person.person_id}
        if not own:
            who = {"role": "health_officer", "area": world.district_of(person.commune_code)}
        key = world.key()
        for _ in range(2 if world.rng.random() < P_DOUBLE_TAP else 1):
            answer = await world.call.post(
                f"{world.call.at.f0}/v1/patients/{person.person_id}/reports", body, key=key, **who
            )
            world.truth.report(world.truth.f0_reports, person.commune_code, str(answer["report_id"]))

    def _declaration(self, illness: Illness, at: datetime) -> dict[str, object]:
        rng, course = self.world.rng, illness.course
        hour = at.astimezone(VIETNAM).hour + at.minute / 60
        day = illness.day(at)
        true_spo2 = course.spo2(day)
        signs = vitals(course, illness.person.age_years, day, hour, rng)
        reading = illness.oximeter.read(true_spo2, rng)
        symptoms = ["dyspnoea"] if signs.has_dyspnoea else []
        if course.severity > ASYMPTOMATIC and day < 8:
            symptoms += [s for s in SYMPTOMS if rng.random() < 0.35]
        body: dict[str, object] = {
            "reported_at": at.isoformat(),
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
            body["spo2_repeat_percent"] = illness.oximeter.read(true_spo2, rng, repeat=True)
        return body

    async def transfer(self, person_id: str) -> None:
        """The doctor sends a patient up the tiers; two hours later the hospital has the patient."""
        illness = self.ill.get(person_id)
        if illness is None or illness.closed or illness.in_hospital:
            return
        illness.in_hospital = True
        if await self._move(illness, "transferring"):
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
        try:
            await world.call.post(url, body, role="doctor", area=area, key=world.key())
        except Refusal as refusal:
            world.truth.refused[str(refusal.problem.get("type"))] += 1
            return False
        return True

    async def _close(self, illness: Illness, outcome: str) -> None:
        world, person = self.world, illness.person
        if illness.closed:
            return
        illness.closed = True
        url = f"{world.call.at.f0}/v1/patients/{person.person_id}/closing"
        body = {"outcome": outcome, "reason": "end-of-care"}
        area = world.district_of(person.commune_code)
        await world.call.post(url, body, role="doctor", area=area, key=world.key())
        counter = world.truth.f0_died if outcome == "died" else world.truth.f0_recovered
        counter[person.commune_code] += 1
        world.truth.f0_now[person.commune_code] -= 1
        world.on_closed(person)
