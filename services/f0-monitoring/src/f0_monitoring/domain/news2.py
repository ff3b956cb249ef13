"""
NEWS2, the National Early Warning Score 2.

Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, December 2017, charts
1 to 4. For people of 16 years and over who are not pregnant; the chart may be used with this
acknowledgement and may not be amended.
"""

from bisect import bisect_left
from typing import NamedTuple

from f0_monitoring.domain.model import Consciousness, Profile, Vitals

YOUNGEST_MONTHS = 16 * 12
Bands = tuple[tuple[float, ...], tuple[int, ...]]

# Upper limits of the bands (inclusive), and the points of each band and of what lies above the last.
_BREATHS: Bands = ((8, 11, 20, 24), (3, 1, 0, 2, 3))
_SPO2_SCALE_1: Bands = ((91, 93, 95), (3, 2, 1, 0))
_SPO2_SCALE_2_AIR: Bands = ((83, 85, 87), (3, 2, 1, 0))
_SPO2_SCALE_2_OXYGEN: Bands = ((83, 85, 87, 92, 94, 96), (3, 2, 1, 0, 1, 2, 3))
_SYSTOLIC: Bands = ((90, 100, 110, 219), (3, 2, 1, 0, 3))
_PULSE: Bands = ((40, 50, 90, 110, 130), (3, 1, 0, 1, 2, 3))
_TEMPERATURE: Bands = ((35.0, 36.0, 38.0, 39.0), (3, 1, 0, 1, 2))
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
        breaths=_points(vitals.breaths_per_minute, _BREATHS),
        spo2=_points(spo2_percent, _spo2_bands(scale, vitals.on_oxygen)),
        oxygen=_OXYGEN_POINTS if vitals.on_oxygen else 0,
        systolic=_points(vitals.systolic_mmhg, _SYSTOLIC),
        pulse=_points(vitals.pulse_per_minute, _PULSE),
        consciousness=0 if vitals.consciousness is Consciousness.ALERT else _NOT_ALERT_POINTS,
        temperature=_points(vitals.temperature_celsius, _TEMPERATURE),
    )


def _spo2_bands(scale: int, on_oxygen: bool) -> Bands:
    if scale == 1:
        return _SPO2_SCALE_1
    return _SPO2_SCALE_2_OXYGEN if on_oxygen else _SPO2_SCALE_2_AIR


def _points(value: float | None, bands: Bands) -> int:
    if value is None:
        return 0
    limits, points = bands
    return points[bisect_left(limits, value)]
