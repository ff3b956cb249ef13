"""Which places lie in which: a permit is judged by every directive over its home and its way."""

from common.geo import PROVINCE_CODE, Units
from permit.domain.errors import UnknownArea
from permit.domain.model import Permit


def chain(units: Units, code: str, *, field: str = "areas") -> tuple[str, ...]:
    """Return an area and those above it, the most local first; `UnknownArea`."""
    unit = units.unit(code)
    if unit is None:
        raise UnknownArea(f"Mã địa bàn {code} không có trong danh mục của tỉnh. Hãy chọn lại.", field=field)
    if not unit.parent_code:
        return (code,)
    above = (unit.parent_code, PROVINCE_CODE) if unit.level == "commune" else (PROVINCE_CODE,)
    return (code, *above)


def within(units: Units, code: str) -> frozenset[str]:
    """Return the codes of an area and of everything below it."""
    if code == PROVINCE_CODE:
        districts = [district.code for district in units.districts()]
        return frozenset(
            (code, *districts, *(each.code for one in districts for each in units.communes(one)))
        )
    return (
        frozenset((code, *(each.code for each in units.communes(code))))
        if len(code) == 3
        else frozenset((code,))
    )


def places_of(units: Units, permit: Permit) -> list[tuple[str, ...]]:
    """Return home and way of a permit, each with the areas above it; places no longer listed are left out."""
    codes = dict.fromkeys((permit.area.commune_code, *permit.granted.areas))
    return [chain(units, code) for code in codes if units.unit(code) is not None]
