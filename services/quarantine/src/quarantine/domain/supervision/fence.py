"""Hàng rào vị trí: is an answer inside the fence around the place of quarantine."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from quarantine.domain.supervision.model import Verdict
from quarantine.domain.supervision.rules import WatchRules

EARTH_METRES = 6_371_008.8
"""Mean radius of the earth (IUGG)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Position:
    """What a phone says where it is; *accuracy_metres* is the radius of 68 % (or 95 %, as browsers tell)."""

    point: Point
    accuracy_metres: float
    is_mock: bool = False


def metres_between(one: Point, other: Point) -> float:
    """Return the distance over the ground."""
    north, other_north = radians(one.latitude), radians(other.latitude)
    over = sin((other_north - north) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(over + cos(north) * cos(other_north) * along)))


def is_sure(position: Position, rules: WatchRules) -> bool:
    """Tell whether a position says anything at all."""
    return not position.is_mock and position.accuracy_metres <= rules.accuracy_at_most_metres


def judge(home: Point | None, position: Position | None, rules: WatchRules) -> Verdict:
    """
    Judge a position against the fence around *home*.

    Outside only if the whole circle of accuracy is outside: a false accusation costs more than another look.
    The first sure position at which there is no home yet is inside, for it becomes the home.
    """
    if position is None or not is_sure(position, rules):
        return Verdict.UNCLEAR
    if home is None:
        return Verdict.INSIDE
    metres = metres_between(home, position.point)
    if metres <= rules.radius_metres:
        return Verdict.INSIDE
    if metres - position.accuracy_metres > rules.radius_metres:
        return Verdict.OUTSIDE
    return Verdict.UNCLEAR
