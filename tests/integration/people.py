"""Synthetic people: "Mẫu" (sample) in each name says so; every one is new, so that stories never meet."""

import itertools
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from common.geo import Units
from common.kernel.areas import Area
from deploy.local.people import COMMUNE as SEEDED

EVERYBODY: list["Person"] = []
"""Everybody who appeared in this session: whoever looks for leaks looks for all of them."""
_CHANCE = random.Random(uuid.uuid4().int)
_GIVEN: set[str] = set()
_PREFIXES = ("086", "096", "097", "098", "032", "033", "081", "088", "091", "090")
_SYLLABLES = ("Quỳnh", "Thoại", "Nghiêm", "Khuê", "Trạch", "Uyển", "Hoằng", "Luyến", "Phiệt", "Xuyến")


@dataclass(slots=True)
class Person:
    """One inhabitant as a form asks for them."""

    full_name: str
    cccd: str
    phone: str
    commune_code: str
    birth_year: int = 1985
    sex: str = "female"
    person_id: str = ""
    permits: list[str] = field(default_factory=list)

    def form(self) -> dict[str, Any]:
        """Return the person part of a form."""
        return {
            "full_name": self.full_name,
            "cccd": self.cccd,
            "phone": self.phone,
            "birth_year": self.birth_year,
            "sex": self.sex,
        }

    def secrets(self) -> list[str]:
        """Return every way in which this person's data could be written somewhere."""
        bare = self.phone.removeprefix("0")
        return [self.full_name, self.cccd, self.phone, f"+84{bare}"]


def somebody(commune_code: str, *, birth_year: int = 1985, sex: str = "female") -> Person:
    """Return a new person with papers that agree with birth year and sex."""
    century = (birth_year // 100 - 19) * 2 + (sex == "female")
    cccd = _new(lambda: f"019{century}{birth_year % 100:02d}{_CHANCE.randrange(1_000_000):06d}")
    # Two people of one name and one date of birth are asked about as possibly one.
    names = _new(lambda: " ".join(_CHANCE.choice(_SYLLABLES) for _ in range(4)))
    phone = _CHANCE.choice(_PREFIXES) + f"{_CHANCE.randrange(10_000_000):07d}"
    person = Person(f"Nguyễn Mẫu {names}", cccd, phone, commune_code, birth_year, sex)
    EVERYBODY.append(person)
    return person


def _new(made: Callable[[], str]) -> str:
    while (one := made()) in _GIVEN:
        continue
    _GIVEN.add(one)
    return one


def crowd(communes: Iterator[Area], size: int) -> list[Person]:
    """Return *size* new people spread over *communes*."""
    return [somebody(area.commune_code) for area in itertools.islice(communes, size)]


OF_LISTS = "05434"
"""Where everybody on the uploaded lists lives (Phường Quang Vinh): no story about one person happens there."""

BUSY = frozenset({OF_LISTS, SEEDED, "05431", "05443", "05908"})
"""Where more than one story happens: besides lists and seed, facts told to the bus itself, and handovers."""


def communes() -> list[Area]:
    """Return every commune where only one story happens, in an order of this call's own."""
    units = Units.load()
    areas = [units.area_of(unit.code) for unit in units.communes() if unit.code not in BUSY]
    _CHANCE.shuffle(areas)
    return areas


UNUSED = iter(communes())
"""Communes of the stack that all stories share in which nothing has happened yet."""
