"""Số máy của trạm: which numbers of units somebody who opens an alert may call."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alerting.domain.model import Condition, Kind

STATION: Final = "station"
MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Station:
    """
    A mobile station or a facility as its owner told it last. *phone* is the unit's, never a person's.

    *serves*: codes of the areas that it looks after. The highest *sequence* is the newest word.
    """

    facility_id: str
    sequence: int
    kind: str
    name: str
    phone: str
    commune_code: str
    district_code: str
    serves: tuple[str, ...] = ()
    is_open: bool = True

    def looks_after(self, codes: frozenset[str]) -> bool:
        """Tell whether it serves one of these areas; without a list it serves its own commune."""
        return bool(codes & {*self.serves, self.commune_code})


def to_call(condition: Condition, stations: Iterable[Station]) -> list[Station]:
    """
    Return who can be called about *condition*, the nearest first.

    The facility that the alert is about, then the stations of its commune, then the facilities that take
    patients from there.
    """
    own = condition.subject_id.rpartition(".")[0] if condition.kind is Kind.STOCK_LOW else ""
    codes = condition.area.codes() - {""} if condition.area.commune_code else frozenset()
    found = [
        one
        for one in stations
        if one.is_open and one.phone and (one.facility_id == own or one.looks_after(codes))
    ]

    def nearness(one: Station) -> tuple[bool, bool, bool, str]:
        is_here = one.commune_code == condition.area.commune_code
        return one.facility_id != own, one.kind != STATION, not is_here, one.name

    return sorted(found, key=nearness)[:MOST]
