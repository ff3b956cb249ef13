"""
Who is watched: severe adults, well adults and well children, with what they measure at home in a fortnight.

Courses and oximeters are those of the simulated province. Severe illness is rare (2 in 100), so people are
drawn until there are enough of each kind: shares within a kind stay right, the mix does not matter here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from common.kernel.clock import VIETNAM
from f0_monitoring.domain.model import Profile, Vitals
from tests.load.province.course import (
    ASYMPTOMATIC,
    MILD,
    P_COMORBID,
    SEVERE,
    Course,
    Oximeter,
    Patient,
    draw_course,
    vitals,
)
from tests.load.province.dice import Dice
from tests.load.province.patients import P_SYMPTOM, SYMPTOMS
from tests.load.province.people import (
    AGE_BANDS,
    AGE_MILLIONS,
    DOSES_BY_AGE,
    FATIGUE_PER_DAY,
    OXIMETER_SD,
    P_REPORT,
    REPORTER_SHARES,
    REPORTERS,
)

DAYS, HOURS = 14, (8.0, 17.0)
ADULT_YEARS = 16
FEVER_FELT = 37.8
TOO_ILL_TO_REPORT = 0.7
TURN, MOVED_AFTER_DAYS = 92.0, 1.0
LOW = 94.0
FIRST_MORNING = datetime(2022, 1, 10, tzinfo=VIETNAM)
SEVERE_ADULT, WELL_ADULT, WELL_CHILD = "severe", "well", "child"
_STEPS = np.cumsum(AGE_MILLIONS) / sum(AGE_MILLIONS)
_REPORTER_STEPS = np.cumsum(REPORTER_SHARES)


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of day: what was measured first and a minute later; *is_missed*: nothing was declared."""

    day: float
    """Days since onset."""
    at: datetime
    is_missed: bool
    first: Vitals
    second: Vitals
    symptoms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """Somebody at home, and every slot until the fortnight ends or the ambulance comes."""

    kind: str
    profile: Profile
    declares_mostly: bool
    turn_day: float
    """When saturation truly falls below 92 %, or is lowest if it never does; days since onset."""
    slots: tuple[Slot, ...]


def draw(seed: int, wanted: dict[str, int]) -> list[Watched]:
    """Draw as many of each kind as *wanted*; the same seed gives the same people."""
    dice, people, left, number = Dice(seed), [], dict(wanted), 0
    while any(left.values()):
        number += 1
        rng = dice.of("watched", number)
        patient = _patient(rng)
        course = draw_course(patient, rng)
        kind = _kind(patient, course)
        if left.get(kind, 0) > 0:
            watched = _watched(kind, patient, course, rng)
            if kind != SEVERE_ADULT or _gets_low(course, watched):
                left[kind] -= 1
                people.append(watched)
    return people


def _patient(rng: np.random.Generator) -> Patient:
    band = int(np.searchsorted(_STEPS, rng.random(), side="right"))
    low, high = AGE_BANDS[band]
    age = int(rng.integers(low, high + 1))
    shares = next(shares for below, shares in DOSES_BY_AGE if age < below)
    doses = int(np.searchsorted(np.cumsum(shares), rng.random(), side="right"))
    return Patient(age, min(doses, 3), bool(rng.random() < P_COMORBID[band]))


def _kind(patient: Patient, course: Course) -> str:
    if course.severity <= MILD:
        return WELL_ADULT if patient.age_years >= ADULT_YEARS else WELL_CHILD
    return SEVERE_ADULT if course.severity >= SEVERE and patient.age_years >= ADULT_YEARS else ""


def _gets_low(course: Course, watched: Watched) -> bool:
    """Tell whether there was anything to see while the person was at home."""
    return any(course.spo2(slot.day) < LOW for slot in watched.slots)


def _watched(kind: str, patient: Patient, course: Course, rng: np.random.Generator) -> Watched:
    reporter = REPORTERS[min(int(np.searchsorted(_REPORTER_STEPS, rng.random(), side="right")), 3)]
    oximeter = Oximeter(float(rng.normal(0, OXIMETER_SD)))
    turn = _turn(course)
    profile = Profile(
        age_months=patient.age_years * 12 + int(rng.integers(0, 12)),
        conditions=("other",) if patient.comorbid else (),
        vaccination_doses=patient.doses,
    )
    slots = tuple(_slots(patient, course, oximeter, reporter, rng))
    return Watched(kind, profile, reporter in ("diligent", "intermittent"), turn, slots)


def _turn(course: Course) -> float:
    times = (course.tested_day + day + hour / 24 for day in range(DAYS) for hour in HOURS)
    return next((at for at in times if course.spo2(at) < TURN), course.lowest_day)


def _slots(
    patient: Patient, course: Course, oximeter: Oximeter, reporter: str, rng: np.random.Generator
) -> Iterator[Slot]:
    turned: float | None = None
    for number in range(DAYS * len(HOURS)):
        passed, hour = number // len(HOURS), HOURS[number % len(HOURS)]
        day = course.tested_day + passed + hour / 24
        spo2 = course.spo2(day)
        turned = day if turned is None and spo2 < TURN else turned
        if turned is not None and day > turned + MOVED_AFTER_DAYS:
            return
        chance = max(P_REPORT[reporter] - FATIGUE_PER_DAY[reporter] * passed, 0)
        chance *= TOO_ILL_TO_REPORT if spo2 < TURN else 1
        is_missed = bool(rng.random() >= chance)
        first, breathless = _measured(patient, course, oximeter, day, hour, rng, repeat=False)
        second, _ = _measured(patient, course, oximeter, day, hour, rng, repeat=True)
        at = FIRST_MORNING + timedelta(days=passed, hours=hour)
        yield Slot(day, at, is_missed, first, second, tuple(_felt(course, first, breathless, rng)))


def _measured(
    patient: Patient,
    course: Course,
    oximeter: Oximeter,
    day: float,
    hour: float,
    rng: np.random.Generator,
    *,
    repeat: bool,
) -> tuple[Vitals, bool]:
    others = vitals(course, patient.age_years, day, hour, rng)
    measured = Vitals(
        spo2_percent=oximeter.read(course.spo2(day), rng, repeat=repeat),
        temperature_celsius=others.temperature_celsius,
        pulse_per_minute=others.pulse_per_minute,
        breaths_per_minute=others.breaths_per_minute,
        systolic_mmhg=others.systolic_mmhg,
    )
    return measured, others.has_dyspnoea


def _felt(course: Course, measured: Vitals, breathless: bool, rng: np.random.Generator) -> Iterator[str]:
    if breathless:
        yield "dyspnoea"
    if (measured.temperature_celsius or 0) >= FEVER_FELT:
        yield "fever"
    for symptom in SYMPTOMS:
        if rng.random() < P_SYMPTOM and course.severity > ASYMPTOMATIC:
            yield symptom
