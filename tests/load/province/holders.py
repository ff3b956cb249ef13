"""
Who carries a permit: staff of firms, officials of the provincial headquarters, and everybody else who must travel.

How many, in which vehicle and how long their permits are is assumed where no source is named.
"""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from tests.load.province.firms import Firm, Worker
from tests.load.province.people import People, Person

TRAVELLERS = 1200
OFFICIALS = 60
"""At scale 1: others with permits, and people who enter the provincial headquarters by the pilot gate."""
HEADQUARTERS = "05443"
"""The commune of the gate."""
VEHICLES = (("motorbike", 0.57), ("car", 0.23), ("truck", 0.17), ("shuttle", 0.03))
"""Without those who are let through unasked."""
CATEGORY_OF = {"motorbike": "worker", "car": "worker", "truck": "essential-goods", "shuttle": "worker"}
HOURS_VALID = {"employer": 168, "permit_officer": 72}
"""The longest of Directives 15 and 16 (rules/permit/policies)."""
MARGIN_HOURS = 2.0
"""The way before and after a shift."""
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


@dataclass(frozen=True, slots=True)
class Paper:
    """One permit in the pocket."""

    permit_id: str
    qr: str
    valid_from: datetime
    valid_until: datetime
    is_issued: bool


@dataclass(slots=True, eq=False)
class Holder:
    """Somebody with permits, and what an application says of the journey."""

    person: Person
    category: str
    purpose: str
    plate: str
    to_commune: str
    """Where the way leads to."""
    worker: Worker | None = None
    is_official: bool = False
    papers: list[Paper] = field(default_factory=list)

    @property
    def firm(self) -> Firm | None:
        """The employer that applies for this person."""
        return self.worker.firm if self.worker else None

    @property
    def role(self) -> str:
        """Who applies: the employer for staff, else a permit officer enters it."""
        return "employer" if self.worker else "permit_officer"

    def windows(self) -> list[dict[str, object]]:
        """Return the hours asked for: around the shift of a worker, any hour for others."""
        if self.worker is None:
            return []
        start, end = self.worker.begins - MARGIN_HOURS, self.worker.ends + MARGIN_HOURS
        return [{"weekdays": EVERY_DAY, "from": _clock(start), "to": _clock(end)}]

    def shown_at(self, at: datetime) -> Paper | None:
        """Return the permit this person shows: the one that counts, else the latest."""
        issued = [paper for paper in self.papers if paper.is_issued]
        good = [paper for paper in issued if paper.valid_from <= at <= paper.valid_until]
        return next(reversed(good or issued), None)


def draw_holders(people: People, firms: list[Firm], rng: np.random.Generator, scale: float) -> list[Holder]:
    """Draw everybody who will apply in the first hours."""
    staff = [_staff(worker, rng) for firm in firms for worker in firm.staff]
    officials = [_official(people, rng) for _ in range(max(1, round(OFFICIALS * scale)))]
    others = [_traveller(people, rng) for _ in range(max(1, round(TRAVELLERS * scale)))]
    return [*staff, *officials, *others]


def _staff(worker: Worker, rng: np.random.Generator) -> Holder:
    plate = _plate("motorbike" if rng.random() < 0.85 else "car", rng)
    return Holder(worker.person, "factory-work", "Đi làm theo ca", plate, worker.firm.commune_code, worker)


def _official(people: People, rng: np.random.Generator) -> Holder:
    person = people.household(people.commune("164"), is_working=True)[0]
    plate = _plate("motorbike" if rng.random() < 0.6 else "car", rng)
    return Holder(person, "public-duty", "Làm việc tại trụ sở", plate, HEADQUARTERS, is_official=True)


def _traveller(people: People, rng: np.random.Generator) -> Holder:
    person = people.household(people.commune(), is_working=True)[0]
    shares = [share for _, share in VEHICLES]
    vehicle = VEHICLES[int(np.searchsorted(np.cumsum(shares), rng.random() * sum(shares), side="right"))][0]
    purpose = "Chở hàng" if vehicle == "truck" else "Đi làm"
    return Holder(person, CATEGORY_OF[vehicle], purpose, _plate(vehicle, rng), people.commune())


def _plate(vehicle: str, rng: np.random.Generator) -> str:
    if vehicle == "motorbike":
        return f"20-{'BFGH'[int(rng.integers(0, 4))]}{int(rng.integers(1, 10))} {int(rng.integers(10000, 99999))}"
    return f"20{'ABC'[int(rng.integers(0, 3))]}-{int(rng.integers(10000, 99999))}"


def _clock(hour: float) -> str:
    minutes = round(hour % 24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
