"""
NEWS2, the National Early Warning Score 2.

Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, December 2017, charts
1 to 4. For people of 16 years and over who are not pregnant; the chart may be used with this
acknowledgement and may not be amended.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from f0_monitoring.domain.model import Consciousness, Profile, Vitals

YOUNGEST_MONTHS = 16 * 12


class _Points(dict[float | None, int]):
    """
    Points of one parameter by its value; what was not measured gives none.

    *limits* are the upper ones of the bands (inclusive), *points* those of each band and of what lies
    above the last. *usual* values are looked up, any other is searched for.
    """

    def __init__(self, limits: tuple[float, ...], points: tuple[int, ...], usual: Iterable[float]) -> None:
        self._limits, self._points = limits, points
        super().__init__({value: self[value] for value in usual})
        self[None] = 0

    def __missing__(self, value: float) -> int:
        return self._points[bisect_left(self._limits, value)]


_COUNTS, _PERCENT, _TENTHS = range(300), range(101), [tenth / 10 for tenth in range(300, 450)]
_BREATHS = _Points((8, 11, 20, 24), (3, 1, 0, 2, 3), _COUNTS)
_SPO2_SCALE_1 = _Points((91, 93, 95), (3, 2, 1, 0), _PERCENT)
_SPO2_SCALE_2_AIR = _Points((83, 85, 87), (3, 2, 1, 0), _PERCENT)
_SPO2_SCALE_2_OXYGEN = _Points((83, 85, 87, 92, 94, 96), (3, 2, 1, 0, 1, 2, 3), _PERCENT)
_SYSTOLIC = _Points((90, 100, 110, 219), (3, 2, 1, 0, 3), _COUNTS)
_PULSE = _Points((40, 50, 90, 110, 130), (3, 1, 0, 1, 2, 3), _COUNTS)
_TEMPERATURE = _Points((35.0, 36.0, 38.0, 39.0), (3, 1, 0, 1, 2), _TENTHS)
_OXYGEN_POINTS = 2
_NOT_ALERT_POINTS = 3


class News2(NamedTuple):
    """
    The score by its parts (points), in the order of the chart.

    What was not measured counts as 0, so the total is a lower bound: it may raise a risk, never lower one.
    """

    breaths: int
    spo2: int
    oxygen: int
    systolic: int
    pulse: int
    consciousness: int
    temperature: int

    @property
    def total(self) -> int:
        """Return the score, 0 to 20."""
        return sum(self)

    @property
    def highest_part(self) -> int:
        """Points of the worst single parameter: 3 asks for an urgent review by itself."""
        return max(self)


def applies_to(profile: Profile) -> bool:
    """Tell whether NEWS2 may be used for this person."""
    return profile.age_months >= YOUNGEST_MONTHS and not profile.pregnant


def score(vitals: Vitals, spo2_percent: int | None, *, scale: int = 1) -> News2:
    """
    Score *vitals* with *spo2_percent* as the saturation that counts.

    *scale* 2 only for confirmed hypercapnic failure, prescribed by a clinician.
    """
    return News2(
        _BREATHS[vitals.breaths_per_minute],
        _spo2_points(scale, vitals.on_oxygen)[spo2_percent],
        _OXYGEN_POINTS if vitals.on_oxygen else 0,
        _SYSTOLIC[vitals.systolic_mmhg],
        _PULSE[vitals.pulse_per_minute],
        0 if vitals.consciousness is Consciousness.ALERT else _NOT_ALERT_POINTS,
        _TEMPERATURE[vitals.temperature_celsius],
    )


def _spo2_points(scale: int, on_oxygen: bool) -> _Points:
    if scale == 1:
        return _SPO2_SCALE_1
    return _SPO2_SCALE_2_OXYGEN if on_oxygen else _SPO2_SCALE_2_AIR
