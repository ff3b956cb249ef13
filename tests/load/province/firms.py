"""
Firms with staff in the communes of the province's industrial zones.

That factories made 46 % of the cases until 21/12/2021 is the bulletin's; where the zones lie is common
knowledge. Sizes, shifts and where staff live are assumptions, no source. All firms are invented ("Mẫu").
"""

from dataclasses import dataclass, field

import numpy as np

from tests.load.province.people import People, Person

STAFF = 1500
"""People for whom a firm asks a permit, at scale 1."""
ZONES = (
    ("KCN Yên Bình", "05869", 0.25),  # Hồng Tiến, Phổ Yên
    ("KCN Yên Bình", "05878", 0.20),  # Đồng Tiến, Phổ Yên
    ("KCN Điềm Thụy", "05941", 0.20),  # Điềm Thụy, Phú Bình
    ("KCN Sông Công I", "05528", 0.12),  # Bách Quang, Sông Công
    ("KCN Sông Công II", "05527", 0.08),  # Tân Quang, Sông Công
    ("KCN Nam Phổ Yên", "05905", 0.10),  # Thuận Thành, Phổ Yên
    ("KCN Quyết Thắng", "05491", 0.05),  # Quyết Thắng, TP Thái Nguyên
)
"""Name, commune and share of the firms."""
SIZE_MEDIAN, SIZE_SPREAD, SIZE_MOST = 14, 0.9, 90
SHIFTS = (
    (6.0, 14.0, 0.30),
    (14.0, 22.0, 0.25),
    (22.0, 30.0, 0.15),
    (8.0, 17.0, 0.30),
)
"""Local hours at which a shift begins and ends (30 is 06:00 of the next day), and its share of the staff."""
P_LIVES_NEAR = 0.75
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""Of the digits of a tax code, for its check digit."""


@dataclass(slots=True, eq=False)
class Firm:
    """An employer; it signs in as *firm_id* and serves its district."""

    firm_id: str
    name: str
    commune_code: str
    staff: "list[Worker]" = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Worker:
    """Somebody of the staff, with a shift and one free day a week (0 is Monday)."""

    person: Person
    firm: Firm
    begins: float
    ends: float
    free_day: int


def draw_firms(
    people: People, districts: dict[str, str], rng: np.random.Generator, scale: float
) -> list[Firm]:
    """Draw firms until they have the staff of the province; *districts* maps communes to their district."""
    firms: list[Firm] = []
    missing = max(1, round(STAFF * scale))
    while missing > 0:
        name, commune, _ = ZONES[_draw([share for _, _, share in ZONES], rng)]
        number = len(firms) + 1
        firm = Firm(f"employer-mau-{number:03d}", f"Công ty Mẫu {number:03d}, {name}", commune)
        size = int(np.clip(rng.lognormal(np.log(SIZE_MEDIAN), SIZE_SPREAD), 3, SIZE_MOST))
        firm.staff = [_worker(firm, people, districts, rng) for _ in range(min(size, missing))]
        missing -= len(firm.staff)
        firms.append(firm)
    return firms


def registration(firm: Firm) -> dict[str, str]:
    """Return what a firm says of itself, with a tax code whose tenth digit is right."""
    number = 460_000_000 + int(firm.firm_id.rpartition("-")[2])
    while (check := 10 - sum(w * int(d) for w, d in zip(_WEIGHTS, str(number), strict=True)) % 11) > 9:
        number += 1_000
    return {
        "name": firm.name,
        "tax_code": f"{number}{check}",
        "commune_code": firm.commune_code,
        "address": "Lô mẫu, khu công nghiệp",
        "contact_name": "Phòng Nhân sự Mẫu",
        "contact_phone": "0208 385 0000",
    }


def _worker(firm: Firm, people: People, districts: dict[str, str], rng: np.random.Generator) -> Worker:
    near = districts[firm.commune_code] if rng.random() < P_LIVES_NEAR else None
    home = people.household(people.commune(near), is_working=True)
    begins, ends, _ = SHIFTS[_draw([share for _, _, share in SHIFTS], rng)]
    return Worker(home[0], firm, begins, ends, int(rng.integers(0, 7)))


def _draw(shares: list[float], rng: np.random.Generator) -> int:
    return int(np.searchsorted(np.cumsum(shares), rng.random() * sum(shares), side="right"))
