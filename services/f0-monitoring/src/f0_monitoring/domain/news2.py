"""
NEWS2, the National Early Warning Score 2.

Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, December 2017, charts
1 to 4. For people of 16 years and over who are not pregnant; the chart may be used with this
acknowledgement and may not be amended.
"""

from dataclasses import dataclass

from f0_monitoring.domain.model import Consciousness, Profile, Vitals

YOUNGEST_MONTHS = 16 * 12
Bands = tuple[tuple[float, int], ...]

# (upper limit, points): the first band whose limit is not exceeded gives the points.
_BREATHS: Bands = ((8, 3), (11, 1), (20, 0), (24, 2), (float("inf"), 3))
_SPO2_SCALE_1: Bands = ((91, 3), (93, 2), (95, 1), (float("inf"), 0))
_SPO2_SCALE_2_AIR: Bands = ((83, 3), (85, 2), (87, 1), (float("inf"), 0))
_SPO2_SCALE_2_OXYGEN: Bands = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (float("inf"), 3))
_SYSTOLIC: Bands = ((90, 3), (100, 2), (110, 1), (219, 0), (float("inf"), 3))
_PULSE: Bands = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (float("inf"), 3))
_TEMPERATURE: Bands = ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (float("inf"), 2))
_OXYGEN_POINTS = 2
_NOT_ALERT_POINTS = 3


@dataclass(frozen=True, slots=True)
class News2:
    """
    The score by its parts (points). *missing* names what was not measured and counted as 0.

    With something missing, the total is a lower bound: it may raise a risk, never lower one.
    """

    breaths: int
    spo2: int
    oxygen: int
    systolic: int
    pulse: int
    consciousness: int
    temperature: int
    missing: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[int, ...]:
        """Points in the order of the chart."""
        return (
            self.breaths,
            self.spo2,
            self.oxygen,
            self.systolic,
            self.pulse,
            self.consciousness,
            self.temperature,
        )

    @property
    def total(self) -> int:
        """Return the score, 0 to 20."""
        return sum(self.parts)

    @property
    def highest_part(self) -> int:
        """Points of the worst single parameter: 3 asks for an urgent review by itself."""
        return max(self.parts)


def applies_to(profile: Profile) -> bool:
    """Tell whether NEWS2 may be used for this person."""
    return profile.age_months >= YOUNGEST_MONTHS and not profile.pregnant


def score(vitals: Vitals, spo2_percent: int | None, *, scale: int = 1) -> News2:
    """
    Score *vitals* with *spo2_percent* as the saturation that counts.

    *scale* 2 only for confirmed hypercapnic failure, prescribed by a clinician.
    """
    measured = {
        "breaths_per_minute": vitals.breaths_per_minute,
        "spo2_percent": spo2_percent,
        "systolic_mmhg": vitals.systolic_mmhg,
        "pulse_per_minute": vitals.pulse_per_minute,
        "temperature_celsius": vitals.temperature_celsius,
    }
    return News2(
        breaths=_points(vitals.breaths_per_minute, _BREATHS),
        spo2=_points(spo2_percent, _spo2_bands(scale, vitals.on_oxygen)),
        oxygen=_OXYGEN_POINTS if vitals.on_oxygen else 0,
        systolic=_points(vitals.systolic_mmhg, _SYSTOLIC),
        pulse=_points(vitals.pulse_per_minute, _PULSE),
        consciousness=0 if vitals.consciousness is Consciousness.ALERT else _NOT_ALERT_POINTS,
        temperature=_points(vitals.temperature_celsius, _TEMPERATURE),
        missing=tuple(name for name, value in measured.items() if value is None),
    )


def _spo2_bands(scale: int, on_oxygen: bool) -> Bands:
    if scale == 1:
        return _SPO2_SCALE_1
    return _SPO2_SCALE_2_OXYGEN if on_oxygen else _SPO2_SCALE_2_AIR


def _points(value: float | None, bands: Bands) -> int:
    if value is None:
        return 0
    return next(points for limit, points in bands if value <= limit)
