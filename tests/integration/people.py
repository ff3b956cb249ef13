"""Synthetic people: "Mẫu" (sample) in each name says so; every one is new, so that stories never meet."""

import itertools
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from common.geo import Units
from common.kernel.areas import Area
from deploy.local.people import COMMUNE as SEEDED

EVERYBODY: list["Person"] = []
"""Everybody who appeared in this session: whoever looks for leaks looks for all of them."""
_CHANCE = random.Random(uuid.uuid4().int)
_PAPERS: set[str] = set()
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
    while True:
        century = (birth_year // 100 - 19) * 2 + (sex == "female")
        cccd = f"019{century}{birth_year % 100:02d}{_CHANCE.randrange(1_000_000):06d}"
        if cccd not in _PAPERS:
            break
    _PAPERS.add(cccd)
    names = " ".join(_CHANCE.choice(_SYLLABLES) for _ in range(3))
    phone = _CHANCE.choice(_PREFIXES) + f"{_CHANCE.randrange(10_000_000):07d}"
    person = Person(f"Nguyễn Mẫu {names}", cccd, phone, commune_code, birth_year, sex)
    EVERYBODY.append(person)
    return person


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
