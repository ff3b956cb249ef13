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

FAMILY_NAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Dương",
    "Lý",
    "Nông",
    "Ma",
    "Hà",
)
MIDDLE_NAMES = {
    "male": ("Văn", "Đức", "Minh", "Quang", "Hữu"),
    "female": ("Thị", "Ngọc", "Thu", "Minh", "Thanh"),
}
GIVEN_NAMES = {
    "male": (
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hùng",
        "Khánh",
        "Long",
        "Nam",
        "Phong",
        "Sơn",
        "Thắng",
        "Tuấn",
    ),
    "female": (
        "Anh",
        "Chi",
        "Dung",
        "Hà",
        "Hạnh",
        "Hoa",
        "Hương",
        "Lan",
        "Mai",
        "Nga",
        "Oanh",
        "Thảo",
        "Trang",
        "Yến",
    ),
}
CONDITIONS = ("hypertension", "diabetes", "obesity", "asthma", "cardiovascular")
PHONE_PREFIXES = ("086", "096", "097", "098", "032", "033", "081", "082", "088", "091", "090", "093")


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
    person_id: str = ""
    notes: dict[str, object] = field(default_factory=dict)

    def form(self) -> dict[str, object]:
        """Return the person part of a registration form."""
        return {
            "full_name": self.full_name,
            "sex": self.sex,
            "birth_date": self.birth_date.isoformat(),
            "cccd": self.cccd,
            "phone": self.phone,
        }


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

    def household(self, commune_code: str) -> list[Person]:
        """Draw one household; its first member is an adult."""
        self._households += 1
        size = _SIZE.draw(self._rng)
        family = _pick(FAMILY_NAMES, self._rng)
        adult = self._person(commune_code, family, self._adult_age())
        return [adult, *(self._person(commune_code, family, self._age()) for _ in range(size - 1))]

    def _age(self) -> int:
        low, high = _BAND.draw(self._rng)
        return int(self._rng.integers(low, high + 1))

    def _adult_age(self) -> int:
        age = self._age()
        while age < 18:
            age = self._age()
        return age

    def _person(self, commune_code: str, family: str, age: int) -> Person:
        rng = self._rng
        sex = "male" if rng.random() < 0.955 / 1.955 else "female"
        birth = date(self._today.year - age - 1, int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        had_birthday = (self._today.month, self._today.day) >= (birth.month, birth.day)
        if had_birthday:
            birth = birth.replace(year=birth.year + 1)
        comorbid = rng.random() < P_COMORBID[min(age // 10, 8)]
        names = (family, _pick(MIDDLE_NAMES[sex], rng), _pick(GIVEN_NAMES[sex], rng))
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
            reporter=_REPORTER.draw(rng),
            has_smartphone=rng.random() < next(p for limit, p in P_SMARTPHONE if age < limit),
        )

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
