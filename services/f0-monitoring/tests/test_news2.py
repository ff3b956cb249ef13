"""Vectors of the RCP chart. Where a public package published a wrong sum, the chart wins."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f0_monitoring.domain import criteria
from f0_monitoring.domain.model import Consciousness, Profile, Vitals, worst
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


# The chart once more, as printed: each band from its first value to its last; all in between are tried.
CHART = {
    "breaths_per_minute": [(0, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 100, 3)],
    "systolic_mmhg": [(0, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 300, 3)],
    "pulse_per_minute": [(0, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 250, 3)],
    "temperature_celsius": [(30, 35, 3), (35.1, 36, 1), (36.1, 38, 0), (38.1, 39, 1), (39.1, 45, 2)],
}
SATURATION = {
    (1, False): [(50, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    (1, True): [(50, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    (2, False): [(50, 83, 3), (84, 85, 2), (86, 87, 1), (88, 100, 0)],
    (2, True): [(50, 83, 3), (84, 85, 2), (86, 87, 1), (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, 100, 3)],
}


@pytest.mark.parametrize("name", CHART)
def test_every_value_of_the_chart(name: str) -> None:
    per_unit, last = (10, None) if name == "temperature_celsius" else (1, None)
    for low, high, points in CHART[name]:
        assert last is None or low == pytest.approx(last + 1 / per_unit), "the bands of the chart touch"
        for step in range(round(low * per_unit), round(high * per_unit) + 1):
            value = step / per_unit
            assert score(Vitals(**{name: value}), None).total == points, value
        last = high


@pytest.mark.parametrize(("scale", "on_oxygen"), SATURATION)
def test_every_saturation_on_both_scales(scale: int, on_oxygen: bool) -> None:
    for low, high, points in SATURATION[scale, on_oxygen]:
        for spo2 in range(int(low), int(high) + 1):
            assert score(Vitals(on_oxygen=on_oxygen), spo2, scale=scale).spo2 == points, spo2


@pytest.mark.parametrize("state", Consciousness)
def test_only_alert_scores_nothing(state: Consciousness) -> None:
    assert score(Vitals(consciousness=state), None).consciousness == (0 if state is A else 3)


@pytest.mark.parametrize(
    ("parts", "total"), [((0, 0, 0, 0, 0, 0, 0), 0), ((2, 1, 2, 1, 1, 0, 1), 8), ((3, 3, 2, 2, 1, 3, 0), 14)]
)
def test_published_sums_of_parts(parts: tuple[int, ...], total: int) -> None:
    """Component vectors of a public calculator (proreckoner.com), reached by vitals that score them."""
    rr, o2_points, oxygen, sbp, hr, state, t = parts
    made = vitals(
        {0: 16, 2: 22, 3: 26}[rr],
        bool(oxygen),
        {0: 120, 1: 105, 2: 95}[sbp],
        {0: 70, 1: 100}[hr],
        V if state else A,
        {0: 37.0, 1: 38.5}[t],
    )
    found = score(made, {0: 97, 1: 95, 3: 90}[o2_points])
    assert (found, found.total) == (parts, total)


def test_the_published_15_is_a_16() -> None:
    """cliot::news_score, example 2: whoever scores a systolic pressure of 100 as 1 gets 15; it is 2."""
    example = vitals(26, True, 100, 120, V, 39.0)
    assert score(example, 90).systolic == 2
    assert score(example, 90).total == 16


@pytest.mark.parametrize(
    ("made", "level"),
    [
        ({"pulse_per_minute": 95, "temperature_celsius": 38.5, "breaths_per_minute": 21}, "low"),
        ({"pulse_per_minute": 112, "temperature_celsius": 38.5, "breaths_per_minute": 21}, "high"),
        ({"pulse_per_minute": 112, "temperature_celsius": 39.5, "breaths_per_minute": 21}, "high"),
        ({"pulse_per_minute": 112, "temperature_celsius": 39.5, "breaths_per_minute": 25}, "very_high"),
        ({"temperature_celsius": 35.0}, "high"),
    ],
)  # fmt: skip
def test_the_responses_of_the_chart_are_levels(books, made, level: str) -> None:
    """4 is nothing, 5 and 6 and a single 3 a doctor now, 7 an emergency. Only NEWS2 is looked at here."""
    adult, rules = Profile(30 * 12, vaccination_doses=2), books.on(date(2021, 8, 10))
    once = criteria.find(rules, criteria.Seen(adult, Vitals(**made)))
    twice = criteria.Seen(adult, Vitals(**made), doubted=tuple(f.criterion.code for f in once))
    found = [f.level for f in criteria.find(rules, twice) if f.criterion.code.startswith("news2-")]
    assert worst(*found) == level


@pytest.mark.parametrize(
    "profile",
    [Profile(16 * 12 - 1), Profile(10 * 12), Profile(6), Profile(30 * 12, sex="female", pregnant=True)],
)
def test_nobody_else_meets_a_criterion_of_news2_or_its_rise(books, profile: Profile) -> None:
    bad = vitals(30, True, 85, 140, V, 39.5)
    for day in (date(2021, 8, 10), date(2021, 9, 10), date(2022, 2, 10), date(2022, 3, 5), date(2022, 4, 1)):
        found = criteria.find(books.on(day), criteria.Seen(profile, bad, lowest_news2=0))
        assert not [f for f in found if f.criterion.measure.value.startswith("news2")]
        assert found, "they are judged by their own table"


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
