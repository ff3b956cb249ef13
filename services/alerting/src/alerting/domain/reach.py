"""How far a rung of the ladder calls: over a commune, its district or the whole province."""

from enum import StrEnum

from common.kernel.areas import Area


class Reach(StrEnum):
    """How wide the area is that a rung of the ladder calls: commune, district or province."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


def reached_codes(area: Area, reach: Reach) -> frozenset[str]:
    """Return the codes whose holders a rung calls: its own area and the smaller ones inside it."""
    return frozenset(_codes(area)[: list(Reach).index(reach) + 1])


def reach_code(area: Area, reach: Reach) -> str:
    """Return the code of the area that a rung calls."""
    return _codes(area)[list(Reach).index(reach)]


def _codes(area: Area) -> tuple[str, ...]:
    return area.commune_code, area.district_code, area.province_code
