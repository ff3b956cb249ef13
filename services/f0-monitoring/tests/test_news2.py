"""Vectors of the RCP chart. Where a public package published a wrong sum, the chart wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f0_monitoring.domain.model import Consciousness, Profile, Vitals
from f0_monitoring.domain.news2 import applies_to, score

A, C, V = Consciousness.ALERT, Consciousness.CONFUSED, Consciousness.VOICE


def vitals(rr: int, o2: bool, sbp: int, hr: int, state: Consciousness, t: float) -> Vitals:
    return Vitals(
        breaths_per_minute=rr,
        on_oxygen=o2,
        systolic_mmhg=sbp,
        pulse_per_minute=hr,
        consciousness=state,
        temperature_celsius=t,
    )


@pytest.mark.parametrize(
    ("rr", "spo2", "o2", "sbp", "hr", "state", "t", "scale", "parts", "total"),
    [
        (22, 90, True, 130, 80, A, 37.0, 2, (2, 0, 2, 0, 0, 0, 0), 4),
        (18, 98, False, 130, 70, A, 37.0, 1, (0, 0, 0, 0, 0, 0, 0), 0),
        # Published elsewhere as 15: that scores SBP 100 as 1, the chart says 91-100 = 2.
        (26, 90, True, 100, 120, V, 39.0, 1, (3, 3, 2, 2, 2, 3, 1), 16),
        (16, 97, False, 120, 75, A, 37.0, 1, (0, 0, 0, 0, 0, 0, 0), 0),
        (20, 95, False, 105, 95, A, 38.2, 1, (0, 1, 0, 1, 1, 0, 1), 4),
        (24, 93, False, 104, 112, C, 38.5, 1, (2, 2, 0, 1, 2, 3, 1), 11),
    ],
)
def test_the_chart_is_followed(rr, spo2, o2, sbp, hr, state, t, scale, parts, total) -> None:
    found = score(vitals(rr, o2, sbp, hr, state, t), spo2, scale=scale)

    assert found == parts
    assert found.total == total


BANDS = {
    "breaths_per_minute": "8:3 9:1 11:1 12:0 20:0 21:2 24:2 25:3",
    "systolic_mmhg": "90:3 91:2 100:2 101:1 110:1 111:0 219:0 220:3",
    "pulse_per_minute": "40:3 41:1 50:1 51:0 90:0 91:1 110:1 111:2 130:2 131:3",
    "temperature_celsius": "35.0:3 35.1:1 36.0:1 36.1:0 38.0:0 38.1:1 39.0:1 39.1:2",
}


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        (name, float(value), int(points))
        for name, ends in BANDS.items()
        for value, points in (end.split(":") for end in ends.split())
    ],
)
def test_every_band_ends_where_the_chart_says(name: str, value: float, points: int) -> None:
    assert score(Vitals(**{name: value}), None).total == points


@pytest.mark.parametrize(("spo2", "points"), [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)])
def test_saturation_on_scale_1(spo2: int, points: int) -> None:
    assert score(Vitals(), spo2).spo2 == points


@pytest.mark.parametrize(
    ("spo2", "on_oxygen", "points"),
    [(83, False, 3), (85, False, 2), (87, False, 1), (88, False, 0), (99, False, 0),
     (92, True, 0), (93, True, 1), (94, True, 1), (95, True, 2), (96, True, 2), (97, True, 3)],
)  # fmt: skip
def test_saturation_on_scale_2(spo2: int, on_oxygen: bool, points: int) -> None:
    assert score(Vitals(on_oxygen=on_oxygen), spo2, scale=2).spo2 == points


def test_what_was_not_measured_counts_nothing() -> None:
    assert score(Vitals(pulse_per_minute=135), None).total == 3


def test_children_and_pregnant_women_are_not_scored() -> None:
    assert applies_to(Profile(age_months=16 * 12))
    assert not applies_to(Profile(age_months=16 * 12 - 1))
    assert not applies_to(Profile(age_months=30 * 12, pregnant=True))


@given(
    rr=st.integers(4, 100), spo2=st.integers(50, 100), sbp=st.integers(50, 260), hr=st.integers(25, 250),
    t=st.floats(33, 43), o2=st.booleans(), state=st.sampled_from(Consciousness),
)  # fmt: skip
def test_the_total_lies_between_0_and_20_and_no_part_above_3(rr, spo2, sbp, hr, t, o2, state) -> None:
    found = score(vitals(rr, o2, sbp, hr, state, t), spo2)

    assert 0 <= found.total <= 20
    assert 0 <= found.highest_part <= 3
