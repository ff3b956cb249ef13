"""Whose figures a reader may see."""

from collections.abc import Callable
from dataclasses import dataclass

from common.geo import PROVINCE_CODE
from common.kernel.areas import Actor
from ioc_aggregation.domain.model import AreaSummary, Unit

READERS = ("ioc_operator", "leader", "administrator", "partner", "health_officer", "doctor")
OPERATORS = ("ioc_operator", "leader", "administrator")
"""They also see the state of the system itself."""
EXCHANGERS = (*OPERATORS, "partner")
"""They hand the figures of single communes on to another system."""
OPERATORS_ONLY = "operators"


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas of one reader: their codes, and everything inside them."""

    codes: frozenset[str]

    @classmethod
    def of(cls, actor: Actor) -> "Scope":
        """Return what *actor* may see: the areas of the token, whatever the role."""
        operators = {OPERATORS_ONLY} if actor.roles & set(OPERATORS) else set()
        return cls(actor.area_codes | operators)

    @property
    def is_whole(self) -> bool:
        """Tell whether the whole province is seen."""
        return PROVINCE_CODE in self.codes

    def sees(self, unit: Unit) -> bool:
        """Tell whether *unit* lies in the scope. A part of a district does not open the district."""
        return bool(self.codes & audience(unit))

    def sees_commune(self, areas: dict[str, AreaSummary]) -> Callable[[str], bool]:
        """Return the test of a commune's code."""
        if self.is_whole:
            return lambda _code: True
        return lambda code: code in areas and self.sees(areas[code].unit)


def audience(unit: Unit) -> frozenset[str]:
    """Return the codes whose holders may see *unit*: its own and those above it."""
    return frozenset((unit.code, unit.parent_code, PROVINCE_CODE)) - {""}
