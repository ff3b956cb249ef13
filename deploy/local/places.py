"""
Made-up stations and treatment facilities of the demonstration: every name says so, every number is invented.

Sizes follow what is published of 2021 in kind only: stations for 50-100 F0 with 5-7 staff, three tiers.
"""

from collections.abc import Iterator
from typing import Any

from common.geo import PROVINCE_CODE, Units

Described = tuple[str, dict[str, Any]]
_OXYGEN_CYLINDER_LITRES = 6_000

HOSPITALS: tuple[Described, ...] = (
    (
        "bv-tang-3-thai-nguyen",
        {
            "kind": "hospital",
            "tier": 3,
            "name": "Bệnh viện tầng 3 Thái Nguyên (mẫu)",
            "commune_code": "05434",
            "serves": [PROVINCE_CODE],
            "phone": "0208 0000 301",
            "staff": 320,
            "doctors": 64,
            "beds": [
                {"bed_kind": "ordinary", "beds": 60, "others": 38},
                {"bed_kind": "oxygen", "beds": 80, "others": 61},
                {"bed_kind": "icu", "beds": 30, "others": 26},
            ],
        },
    ),
    (
        "bv-tang-2-song-cong",
        {
            "kind": "hospital",
            "tier": 2,
            "name": "Cơ sở tầng 2 Sông Công (mẫu)",
            "commune_code": "05518",
            "serves": ["164", "165", "172", "173"],
            "phone": "0208 0000 201",
            "staff": 120,
            "doctors": 22,
            "beds": [
                {"bed_kind": "ordinary", "beds": 150, "others": 72},
                {"bed_kind": "oxygen", "beds": 40, "others": 25},
            ],
        },
    ),
    (
        "bv-tang-2-dai-tu",
        {
            "kind": "hospital",
            "tier": 2,
            "name": "Cơ sở tầng 2 Đại Từ (mẫu)",
            "commune_code": "05761",
            "serves": ["164", "167", "168", "171"],
            "phone": "0208 0000 202",
            "staff": 90,
            "doctors": 16,
            "beds": [
                {"bed_kind": "ordinary", "beds": 120, "others": 41},
                {"bed_kind": "oxygen", "beds": 30, "others": 12},
            ],
        },
    ),
    (
        "thu-dung-tang-1-thai-nguyen",
        {
            "kind": "hospital",
            "tier": 1,
            "name": "Khu thu dung tầng 1 Thái Nguyên (mẫu)",
            "commune_code": "05443",
            "serves": [PROVINCE_CODE],
            "phone": "0208 0000 101",
            "staff": 45,
            "doctors": 6,
            "beds": [{"bed_kind": "ordinary", "beds": 300, "others": 118}],
        },
    ),
)
STOCKED = ("bv-tang-3-thai-nguyen", "bv-tang-2-song-cong", "bv-tang-2-dai-tu")
DAYS_OF_OXYGEN = (2.5, 0.9, 4.0)
"""For how long their oxygen lasts: the second is already a warning."""


def facilities(units: Units, district_code: str) -> Iterator[Described]:
    """Yield the treatment facilities, the stations of one district, and one station in every other."""
    known = {unit.code for unit in units.communes()}
    for facility_id, body in HOSPITALS:
        if body["commune_code"] in known:
            yield facility_id, body
    for district in units.districts():
        communes = units.communes(district.code)
        for number, unit in enumerate(communes if district.code == district_code else communes[:1]):
            yield f"tram-{unit.code}", _station(unit.code, unit.name, number)


def _station(code: str, name: str, number: int) -> dict[str, Any]:
    return {
        "kind": "station",
        "tier": 1,
        "name": f"Trạm y tế lưu động {name} (mẫu)",
        "commune_code": code,
        "serves": [code],
        "phone": f"0208 0001 {number:03}",
        "staff": 5 + number % 3,
        "doctors": 1 + number % 2,
        "capacity": 50 + 10 * (number % 6),
    }


def stocks() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what the facilities, and the station of the sample commune, have and use."""
    for facility_id, days in zip(STOCKED, DAYS_OF_OXYGEN, strict=True):
        used = 40 * _OXYGEN_CYLINDER_LITRES
        yield (
            facility_id,
            [
                {"item": "oxygen", "quantity": round(used * days), "used_per_day": used},
                {"item": "rapid_test", "quantity": 2_400, "used_per_day": 260},
                {"item": "protective_set", "quantity": 900, "used_per_day": 180},
            ],
        )


def station_stock(number: int) -> list[dict[str, Any]]:
    """Return what a station has: two cylinders or more, oximeters to lend, test kits, medicine bags."""
    return [
        {
            "item": "oxygen",
            "quantity": (2 + number % 4) * _OXYGEN_CYLINDER_LITRES,
            "used_per_day": 2_000 + 500 * (number % 5),
        },
        {"item": "oximeter", "quantity": 30 + number % 20, "used_per_day": 1},
        {"item": "rapid_test", "quantity": 200 + 10 * (number % 9), "used_per_day": 40},
        {"item": "medicine_bag", "quantity": 120, "used_per_day": 12},
    ]
