"""
Synthetic people: households of the real 178 communes, with papers and phones that pass every check.

Household sizes fit 3.51 persons and 65.5 % with 2-4 (census 2019); ages follow the national pyramid (UN, by
way of Covasim); vaccination follows the province's state of January 2022. Nobody here exists: family names
are real Vietnamese ones, given names are drawn, numbers are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from tests.load.province.course import P_COMORBID
from tests.load.province.names import CONDITIONS, FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES, PHONE_PREFIXES

SIZES = (1, 2, 3, 4, 5, 6, 7, 8)
SIZE_SHARES = (0.109, 0.177, 0.200, 0.278, 0.135, 0.066, 0.022, 0.013)
AGE_BANDS = ((0, 9), (10, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, 95))
AGE_MILLIONS = (15.48, 13.60, 15.39, 16.20, 13.57, 11.11, 7.34, 2.78, 1.87)
DOSES_BY_AGE = (
    (12, (0.95, 0.03, 0.02, 0.0)),
    (65, (0.08, 0.05, 0.77, 0.10)),
    (200, (0.10, 0.05, 0.65, 0.20)),
)
P_SMARTPHONE = ((18, 0.0), (35, 0.90), (50, 0.77), (65, 0.52), (80, 0.24), (200, 0.06))
REPORTERS = ("diligent", "intermittent", "sporadic", "never")
REPORTER_SHARES = (0.55, 0.30, 0.10, 0.05)
P_REPORT = {"diligent": 0.95, "intermittent": 0.70, "sporadic": 0.30, "never": 0.0}
FATIGUE_PER_DAY = {"diligent": 0.003, "intermittent": 0.015, "sporadic": 0.015, "never": 0.0}
PROXIES = (("household", 0.60), ("station", 0.30), ("nobody", 0.10))
"""Who declares for somebody without a smartphone (assumption, no source)."""
P_COPIES = 0.10
"""Share of the diligent who send the same numbers day after day (assumption, no source)."""
OXIMETER_SD = 0.9
"""Fixed deviation of a household's oximeter, points of saturation (fitted to alarms of well people)."""
SPOUSE_YEARS = 10
WORKING_AGE = (18, 59)


@dataclass(slots=True)
class Person:
    """One inhabitant, with everything a form asks and a few habits."""

    full_name: str
    sex: str
    birth_date: date
    cccd: str
    phone: str
    commune_code: str
    household: int
    age_years: int
    doses: int
    conditions: tuple[str, ...]
    reporter: str
    has_smartphone: bool
    proxy: str
    copies_numbers: bool
    oximeter_deviation: float
    person_id: str = ""
    """What the system calls this person, once it was told."""
    home: "list[Person]" = field(default_factory=list, repr=False, compare=False)
    """Everybody of the household, this person too."""

    def form(self) -> dict[str, object]:
        """Return the person part of a registration form."""
        return {
            "full_name": self.full_name,
            "sex": self.sex,
            "birth_date": self.birth_date.isoformat(),
            "cccd": self.cccd,
            "phone": self.phone,
        }

    def is_spouse_of(self, other: "Person") -> bool:
        """Tell whether the two are the couple of their household."""
        return (
            self.home is other.home
            and self.sex != other.sex
            and min(self.age_years, other.age_years) >= 18
            and abs(self.age_years - other.age_years) <= SPOUSE_YEARS
            and self.home[0] in (self, other)
        )


class _Weighted:
    """Draws names in proportion to their weights, faster than `Generator.choice`."""

    def __init__(self, pairs: Sequence[tuple[Any, float]]) -> None:
        self._names = [name for name, _ in pairs]
        self._steps = np.cumsum([weight for _, weight in pairs])

    def draw(self, rng: np.random.Generator) -> Any:
        place = np.searchsorted(self._steps, rng.random() * self._steps[-1], side="right")
        return self._names[int(place)]


_SIZE = _Weighted(list(zip(SIZES, SIZE_SHARES, strict=True)))
_BAND = _Weighted(list(zip(AGE_BANDS, AGE_MILLIONS, strict=True)))
_PROXY = _Weighted(PROXIES)
_REPORTER = _Weighted(list(zip(REPORTERS, REPORTER_SHARES, strict=True)))


class People:
    """Draws households on demand; each CCCD is given out once."""

    def __init__(
        self, communes: dict[str, list[tuple[str, int]]], today: date, rng: np.random.Generator
    ) -> None:
        """*communes* maps a district code to its (commune code, population) pairs."""
        every = [pair for pairs in communes.values() for pair in pairs]
        self._communes = {code: _Weighted(pairs) for code, pairs in {**communes, "": every}.items()}
        self._today = today
        self._rng = rng
        self._papers: set[str] = set()
        self._households = 0

    def commune(self, district_code: str | None = None) -> str:
        """Draw a commune in proportion to its population, of one district or of the province."""
        return str(self._communes[district_code or ""].draw(self._rng))

    def household(self, commune_code: str, *, is_working: bool = False) -> list[Person]:
        """Draw one household; its first member is an adult, of working age if *is_working*."""
        self._households += 1
        size = _SIZE.draw(self._rng)
        family, deviation = _pick(FAMILY_NAMES, self._rng), float(self._rng.normal(0, OXIMETER_SD))
        ages = [self.age_within(*(WORKING_AGE if is_working else (18, 120)))]
        ages += [self.age_within(0, 120) for _ in range(size - 1)]
        home: list[Person] = []
        for age, sex in self._sexes(ages):
            is_spouse = bool(home) and age >= 18 and home[0].sex != sex
            surname = _pick(FAMILY_NAMES, self._rng) if is_spouse else family
            home.append(self._person(commune_code, surname, age, sex))
        for person in home:
            person.home, person.oximeter_deviation = home, deviation
        return home

    def _sexes(self, ages: list[int]) -> list[tuple[int, str]]:
        """Give each age a sex; the first other adult of about the first one's age is the spouse."""
        drawn = ["male" if self._rng.random() < 0.955 / 1.955 else "female" for _ in ages]
        for place, age in enumerate(ages[1:], start=1):
            if age >= 18 and abs(age - ages[0]) <= SPOUSE_YEARS:
                drawn[place] = "female" if drawn[0] == "male" else "male"
                break
        return list(zip(ages, drawn, strict=True))

    def age_within(self, youngest: int, oldest: int) -> int:
        """Draw an age of the national pyramid between two ages."""
        while True:
            low, high = _BAND.draw(self._rng)
            age = int(self._rng.integers(low, high + 1))
            if youngest <= age <= oldest:
                return age

    def _person(self, commune_code: str, family: str, age: int, sex: str) -> Person:
        rng = self._rng
        birth = self._birth(age)
        comorbid = rng.random() < P_COMORBID[min(age // 10, 8)]
        names = (family, _pick(MIDDLE_NAMES[sex], rng), _pick(GIVEN_NAMES[sex], rng))
        reporter = _REPORTER.draw(rng)
        return Person(
            full_name=" ".join(names),
            sex=sex,
            birth_date=birth,
            cccd=self._cccd(sex, birth.year),
            phone=_pick(PHONE_PREFIXES, rng) + f"{int(rng.integers(0, 10_000_000)):07d}",
            commune_code=commune_code,
            household=self._households,
            age_years=age,
            doses=_draw_by(age, DOSES_BY_AGE, rng),
            conditions=(_pick(CONDITIONS, rng),) if comorbid else (),
            reporter=reporter,
            has_smartphone=rng.random() < next(p for limit, p in P_SMARTPHONE if age < limit),
            proxy=_PROXY.draw(rng),
            copies_numbers=reporter == "diligent" and rng.random() < P_COPIES,
            oximeter_deviation=0.0,
        )

    def _birth(self, age: int) -> date:
        """Return a birth date of somebody who is *age* today."""
        rng, today = self._rng, self._today
        birth = date(today.year - age - 1, int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        had_birthday = (today.month, today.day) >= (birth.month, birth.day)
        return birth.replace(year=birth.year + 1) if had_birthday else birth

    def _cccd(self, sex: str, birth_year: int) -> str:
        """Return a fresh 12-digit number: province 019, century and sex, birth year, six drawn digits."""
        century = (birth_year // 100 - 19) * 2 + (sex == "female")
        while True:
            number = f"019{century}{birth_year % 100:02d}{int(self._rng.integers(0, 1_000_000)):06d}"
            if number not in self._papers:
                self._papers.add(number)
                return number


def _pick(names: Sequence[str], rng: np.random.Generator) -> str:
    return names[int(rng.random() * len(names))]


def _draw_by(age: int, table: tuple[tuple[int, tuple[float, ...]], ...], rng: np.random.Generator) -> int:
    shares = next(shares for limit, shares in table if age < limit)
    return int(np.searchsorted(np.cumsum(shares), rng.random(), side="right"))


def reports_today(person: Person, day: int, true_spo2: float, rng: np.random.Generator) -> bool:
    """
    Tell whether *person* declares in one slot on *day* since the start of monitoring.

    Four kinds of reporters with growing fatigue; the very ill report less (76 % on day 1, 66 % on day 14).
    """
    chance = max(0.0, P_REPORT[person.reporter] - FATIGUE_PER_DAY[person.reporter] * day)
    return bool(rng.random() < chance * (0.7 if true_spo2 < 92 else 1.0))
