"""Which office (cơ quan cấp giấy) decides what is left to a person, and who speaks for it."""

from dataclasses import dataclass
from enum import StrEnum

from common.kernel.areas import Actor, Area

OFFICES = frozenset(("ward_committee", "commune_police", "traffic_police", "transport_office"))
"""Roles that say at which office a permit officer works; who has none of them is at a general desk."""


class Level(StrEnum):
    """How much of the province somebody serves."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


_LEVEL_OF = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
_UPWARDS = tuple(Level)


def level_over(actor: Actor, area: Area) -> Level | None:
    """Return the highest level at which *actor* serves *area*; None if not at all."""
    levels = [_LEVEL_OF[len(code)] for code in actor.area_codes & area.codes()]
    return max(levels, key=_UPWARDS.index, default=None)


def highest_level(actor: Actor) -> Level | None:
    """Return the highest level at which *actor* serves at all."""
    return max((_LEVEL_OF[len(code)] for code in actor.area_codes), key=_UPWARDS.index, default=None)


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    One office.

    *offices* are the roles that speak for it. *stand_in* is the lowest level whose general desk (một cửa,
    ban chỉ đạo) may decide in its place, None if nobody may.
    """

    code: str
    title: str
    offices: frozenset[str]
    stand_in: Level | None = None

    def admits(self, actor: Actor, area: Area) -> bool:
        """Tell whether *actor* may decide for this office about somebody who lives in *area*."""
        level = level_over(actor, area)
        return level is not None and self.admits_at(actor, level)

    def admits_at(self, actor: Actor, level: Level) -> bool:
        """Tell whether *actor* may decide for this office where they serve at *level*."""
        if actor.roles & OFFICES:
            return bool(actor.roles & self.offices)
        return self.stand_in is not None and _UPWARDS.index(level) >= _UPWARDS.index(self.stand_in)


def is_above(actor: Actor, area: Area) -> bool:
    """Tell whether *actor* serves more than the commune: who answers appeals against a person's decision."""
    return level_over(actor, area) in (Level.DISTRICT, Level.PROVINCE)
