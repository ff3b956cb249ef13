"""
Course of illness and vital signs of an F0.

One draw of the worst class at infection, then the calendar is laid out; no daily dice, so that a course
can be explained and repeated. Parameters: Covasim (severity by age, MIT) calibrated to the Ministry of
Health's 8.1 % severe and critical among 25,648 patients of August 2021; household oximetry studies for
saturation (Wilcock n=41, Clarke n=908). A test bed, not clinical evidence.
"""

from dataclasses import dataclass

import numpy as np

ASYMPTOMATIC, MILD, MODERATE, SEVERE, CRITICAL = range(5)
CLASS_NAMES = ("asymptomatic", "mild", "moderate", "severe", "critical")

# By ten-year age band 0-9 ... 80+.
P_SEVERE = (0.0011, 0.0034, 0.0150, 0.0433, 0.0713, 0.159, 0.276, 0.430, 0.511)
P_CRITICAL_OF_SEVERE = (0.06, 0.05, 0.05, 0.05, 0.063, 0.122, 0.274, 0.432, 0.709)
P_DEATH_OF_CRITICAL = (0.35, 0.25, 0.28, 0.31, 0.45, 0.45, 0.45, 0.48, 0.65)
MODERATE_PER_SEVERE = (6, 4, 3, 2.0, 1.3, 0.9, 0.6, 0.45, 0.35)
P_ASYMPTOMATIC = (0.45, 0.42, 0.38, 0.35, 0.32, 0.28, 0.24, 0.20, 0.17)
P_COMORBID = (0.02, 0.03, 0.06, 0.13, 0.25, 0.42, 0.58, 0.68, 0.75)
# By doses 0-3.
RR_SEVERE = (1.0, 0.45, 0.12, 0.06)
RR_SEVERE_65 = (1.0, 0.55, 0.20, 0.10)
RR_DEATH = (1.0, 0.85, 0.70, 0.60)
ASYMPTOMATIC_ADDED = (0.0, 0.04, 0.10, 0.14)
RR_COMORBID = 2.0


@dataclass(frozen=True, slots=True)
class Patient:
    """What the course depends on. *doses* is 0-3."""

    age_years: int
    doses: int
    comorbid: bool


@dataclass(frozen=True, slots=True)
class Course:
    """One illness, in days since onset. Saturation in percent."""

    severity: int
    dies: bool
    tested_day: float
    lowest_day: float
    fall_days: float
    base_spo2: float
    depth: float
    climb_days: float
    is_silent: bool
    fever_peak: float
    offsets: tuple[float, float, float, float]
    """Personal deviations of temperature (C), pulse, breaths, systolic pressure."""

    def spo2(self, day: float) -> float:
        """Return the true saturation on *day* since onset."""
        if day <= self.lowest_day:
            fallen = min(max((day - (self.lowest_day - self.fall_days)) / self.fall_days, 0.0), 1.0)
        else:
            fallen = float(np.exp(-(day - self.lowest_day) / self.climb_days))
        return self.base_spo2 - self.depth * fallen


def _lognormal(rng: np.random.Generator, mean: float, sd: float) -> float:
    variance = np.log(1 + (sd / mean) ** 2)
    return float(rng.lognormal(np.log(mean) - variance / 2, np.sqrt(variance)))


def _severity(patient: Patient, rng: np.random.Generator) -> tuple[int, bool]:
    band = min(patient.age_years // 10, 8)
    relative = (RR_SEVERE_65 if patient.age_years >= 65 else RR_SEVERE)[patient.doses]
    weight = (RR_COMORBID if patient.comorbid else 1) / (1 + P_COMORBID[band] * (RR_COMORBID - 1))
    severe = min(P_SEVERE[band] * relative * weight, 0.9)
    moderate = min(0.30, MODERATE_PER_SEVERE[band] * severe)
    silent = min(P_ASYMPTOMATIC[band] + ASYMPTOMATIC_ADDED[patient.doses], 0.75, 1 - severe - moderate)
    draw = rng.random()
    if draw < severe:
        if rng.random() >= P_CRITICAL_OF_SEVERE[band]:
            return SEVERE, False
        return CRITICAL, rng.random() < P_DEATH_OF_CRITICAL[band] * RR_DEATH[patient.doses]
    if draw < severe + moderate:
        return MODERATE, False
    return (ASYMPTOMATIC if draw > 1 - silent else MILD), False


def _depth(severity: int, base: float, rng: np.random.Generator) -> float:
    match severity:
        case 0:
            depth = abs(rng.normal(0, 0.3))
        case 1:
            depth = abs(rng.normal(0.6, 0.5))
        case 2:
            depth = base - rng.uniform(93.8, 95.6)
        case 3:
            depth = base - rng.uniform(87, 93)
        case _:
            depth = base - rng.uniform(75, 88)
    return max(float(depth), 0.0)


def _calendar(severity: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return day of the positive test, day of the lowest saturation, days that the fall lasts."""
    tested = max(-2.0, float(rng.gamma(2.2, 1.1)) - 1.0)
    lowest = _lognormal(
        rng, *{MODERATE: (6.8, 2.3), SEVERE: (8.2, 2.8), CRITICAL: (8.2, 2.8)}.get(severity, (6.0, 2.5))
    )
    fall = _lognormal(
        rng, *{MODERATE: (3.0, 1.2), SEVERE: (3.0, 1.5), CRITICAL: (4.5, 1.5)}.get(severity, (3.0, 1.2))
    )
    is_fast = severity == SEVERE and rng.random() < 0.15
    return tested, lowest, 1.0 if is_fast else fall


def draw_course(patient: Patient, rng: np.random.Generator) -> Course:
    """Draw one illness for *patient*; the same generator state gives the same illness."""
    severity, dies = _severity(patient, rng)
    tested, lowest, fall = _calendar(severity, rng)
    frail = 0.3 if patient.comorbid and patient.age_years >= 50 else 0.0
    base = float(
        np.clip(98.2 - 0.018 * max(patient.age_years - 20, 0) + rng.normal(0, 0.7) - frail, 94.5, 99.6)
    )
    p_fever = {ASYMPTOMATIC: 0.0, MILD: 0.5, MODERATE: 0.75}.get(severity, 0.85)
    feverish = rng.random() < p_fever
    return Course(
        severity=severity,
        dies=dies,
        tested_day=tested,
        lowest_day=lowest,
        fall_days=fall,
        base_spo2=base,
        depth=_depth(severity, base, rng),
        climb_days=7.0 if severity >= SEVERE else 4.0,
        is_silent=rng.random() < (0.45 if patient.age_years >= 60 else 0.25),
        fever_peak=abs(float(rng.normal(1.5, 0.6))) if feverish else 0.0,
        offsets=(
            float(rng.normal(0, 0.2)),
            float(rng.normal(0, 8)),
            float(rng.normal(0, 1.3)),
            float(rng.normal(0, 12)),
        ),
    )


@dataclass(frozen=True, slots=True)
class Oximeter:
    """The household's device: a fixed deviation, noise, and cold fingers now and then."""

    deviation: float
    noise: float = 0.75
    p_artefact: float = 0.01

    def read(self, true_spo2: float, rng: np.random.Generator, *, repeat: bool = False) -> int:
        """Return one reading in percent; a repeat after a minute has a fifth of the artefacts."""
        reading = true_spo2 + self.deviation + rng.normal(0, self.noise)
        if rng.random() < (self.p_artefact / 5 if repeat else self.p_artefact):
            reading -= 1 + rng.exponential(2.5)
        return int(np.clip(np.rint(reading), 60, 99))


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a declaration holds besides saturation."""

    temperature_celsius: float
    pulse_per_minute: int
    breaths_per_minute: int
    systolic_mmhg: int
    has_dyspnoea: bool


def vitals(course: Course, age_years: int, day: float, hour: float, rng: np.random.Generator) -> Vitals:
    """Return the other vital signs on *day* since onset at local *hour*."""
    spo2 = course.spo2(day)
    lasting = 6.0 if course.severity >= SEVERE else 2.5
    fever = course.fever_peak * float(np.exp(-max(day - 1, 0) / lasting)) if day > -0.5 else 0.0
    warm, quick, breath, press = course.offsets
    temperature = 36.6 + warm + 0.2 * np.sin((hour - 11) / 24 * 2 * np.pi) + fever + rng.normal(0, 0.15)
    pulse = np.interp(age_years, [0, 1, 5, 10, 16, 40, 90], [130, 115, 100, 88, 78, 73, 72])
    pulse += quick + 9 * max(temperature - 37, 0) + 2.5 * max(94 - spo2, 0) + rng.normal(0, 4)
    breaths = np.interp(age_years, [0, 1, 3, 6, 12, 16, 90], [42, 32, 27, 22, 18, 16, 17])
    effort = 0.35 if course.is_silent else 0.9
    breaths += breath + max(temperature - 37.5, 0) + effort * max(95 - spo2, 0) + rng.normal(0, 1.2)
    systolic = np.interp(age_years, [0, 6, 16, 30, 50, 70, 90], [85, 98, 112, 118, 126, 134, 138])
    systolic += press + rng.normal(0, 5)
    return Vitals(
        temperature_celsius=round(float(np.clip(temperature, 34.5, 41.5)), 1),
        pulse_per_minute=int(np.clip(np.rint(pulse), 35, 210)),
        breaths_per_minute=int(np.clip(np.rint(breaths), 8, 70)),
        systolic_mmhg=int(np.clip(np.rint(systolic), 70, 230)),
        has_dyspnoea=spo2 < 94 and not course.is_silent,
    )
