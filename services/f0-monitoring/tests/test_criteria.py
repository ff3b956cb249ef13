"""Each threshold on both sides, by the version of the rules that says so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f0_monitoring.domain import criteria, risk
from f0_monitoring.domain.model import Consciousness, Level, Profile, Vitals, worst

DAY = {
    "3646": date(2021, 8, 10),
    "4038": date(2021, 9, 10),
    "5525": date(2022, 1, 10),
    "261": date(2022, 2, 10),
    "528": date(2022, 3, 5),
    "604": date(2022, 4, 1),
}
ADULT = Profile(age_months=30 * 12, vaccination_doses=2)


def fired(books, day: str, profile: Profile = ADULT, symptoms=(), first=None, doubted=(), **vitals):
    seen = criteria.Seen(profile, Vitals(**vitals), symptoms, first, doubted)
    return {f.criterion.code: f for f in criteria.find(books.on(DAY[day]), seen)}


def level_of(books, day: str, profile: Profile = ADULT, symptoms=(), **vitals) -> Level:
    """The level when every number was measured twice."""
    once = fired(books, day, profile, symptoms, **vitals)
    again = fired(books, day, profile, symptoms, doubted=tuple(once), **vitals)
    return worst(*(f.level for f in again.values()))


@pytest.mark.parametrize(
    ("day", "vitals", "level"),
    [
        ("3646", {"spo2_percent": 97}, "low"),
        ("3646", {"spo2_percent": 96}, "medium"),
        ("3646", {"spo2_percent": 95}, "medium"),
        ("3646", {"spo2_percent": 94}, "high"),
        ("3646", {"spo2_percent": 93}, "very_high"),
        ("3646", {"breaths_per_minute": 24}, "low"),
        ("3646", {"breaths_per_minute": 26}, "very_high"),
        ("3646", {"pulse_per_minute": 120}, "low"),
        ("3646", {"pulse_per_minute": 121}, "very_high"),
        ("3646", {"systolic_mmhg": 91}, "low"),
        ("3646", {"systolic_mmhg": 89}, "very_high"),
        ("3646", {"diastolic_mmhg": 60}, "low"),
        ("3646", {"diastolic_mmhg": 59}, "high"),
        ("4038", {"spo2_percent": 96}, "medium"),
        ("4038", {"breaths_per_minute": 20}, "low"),
        ("4038", {"breaths_per_minute": 21}, "medium"),
        ("4038", {"pulse_per_minute": 50}, "low"),
        ("4038", {"pulse_per_minute": 49}, "medium"),
        ("261", {"breaths_per_minute": 19}, "low"),
        ("261", {"breaths_per_minute": 20}, "medium"),
        ("261", {"spo2_percent": 97}, "low"),
        ("261", {"spo2_percent": 96}, "medium"),
        ("261", {"breaths_per_minute": 25}, "high"),
        ("261", {"breaths_per_minute": 26}, "very_high"),
        ("604", {"breaths_per_minute": 20}, "medium"),
        ("604", {"consciousness": Consciousness.CONFUSED}, "very_high"),
    ],
)
def test_adult_limits(books, day: str, vitals, level: str) -> None:
    assert level_of(books, day, **vitals) == level


@pytest.mark.parametrize(
    ("months", "breaths", "level"),
    [
        (1, 59, "low"), (1, 60, "high"), (2, 49, "low"), (2, 50, "high"), (11, 50, "high"),
        (12, 39, "low"), (12, 40, "high"), (59, 40, "high"), (60, 29, "low"), (60, 30, "high"),
        (143, 30, "high"), (144, 19, "low"), (144, 20, "medium"), (180, 26, "very_high"),
    ],
)  # fmt: skip
def test_breaths_of_children_by_age(books, months: int, breaths: int, level: str) -> None:
    child = Profile(age_months=months, vaccination_doses=2)

    assert level_of(books, "528", child, breaths_per_minute=breaths) == level
    assert level_of(books, "604", child, breaths_per_minute=breaths) == level


@pytest.mark.parametrize(("spo2", "level"), [(97, "low"), (96, "medium"), (95, "high"), (93, "very_high")])
def test_saturation_of_children(books, spo2: int, level: str) -> None:
    assert level_of(books, "528", Profile(age_months=8 * 12), spo2_percent=spo2) == level


def test_a_fast_pulse_is_normal_in_an_infant_and_news2_is_not_used(books) -> None:
    infant = Profile(age_months=6)

    assert fired(books, "604", infant, pulse_per_minute=135, systolic_mmhg=85, breaths_per_minute=38) == {}


def test_news2_is_not_used_in_pregnancy(books) -> None:
    pregnant = Profile(age_months=30 * 12, sex="female", pregnant=True)
    bad = {
        "systolic_mmhg": 100,
        "temperature_celsius": 38.5,
        "pulse_per_minute": 111,
        "breaths_per_minute": 19,
    }

    assert "news2-5" in fired(books, "261", **bad)
    assert "news2-5" not in fired(books, "261", pregnant, **bad)


@pytest.mark.parametrize(
    ("day", "profile", "level"),
    [
        ("3646", Profile(45 * 12, vaccination_doses=0), "low"),
        ("3646", Profile(46 * 12), "medium"),
        ("3646", Profile(64 * 12), "medium"),
        ("3646", Profile(65 * 12), "high"),
        ("3646", Profile(65 * 12, conditions=("diabetes",)), "very_high"),
        ("3646", Profile(30 * 12, conditions=("diabetes",)), "high"),
        ("3646", Profile(30 * 12, pregnant=True), "high"),
        ("3646", Profile(59), "high"),
        ("3646", Profile(60), "low"),
        ("5525", Profile(49 * 12, vaccination_doses=2), "low"),
        ("5525", Profile(49 * 12, vaccination_doses=1), "medium"),
        ("5525", Profile(50 * 12, vaccination_doses=2), "medium"),
        ("5525", Profile(50 * 12, vaccination_doses=1), "high"),
        ("5525", Profile(65 * 12, vaccination_doses=2), "high"),
        ("5525", Profile(65 * 12, vaccination_doses=1), "very_high"),
        ("5525", Profile(65 * 12, conditions=("asthma",), vaccination_doses=3), "very_high"),
        ("5525", Profile(40 * 12, conditions=("asthma",), vaccination_doses=2), "high"),
        ("5525", Profile(40 * 12, conditions=("asthma",), vaccination_doses=1), "very_high"),
        ("5525", Profile(30 * 12, pregnant=True, vaccination_doses=2), "high"),
        ("5525", Profile(2), "high"),
        ("5525", Profile(3), "medium"),
    ],
)
def test_who_somebody_is_gives_a_level_before_any_measurement(books, day, profile, level) -> None:
    found, reasons = risk.baseline(profile, books.on(DAY[day]))

    assert found == level
    assert all(reason.level == level and reason.document for reason in reasons)
    assert bool(reasons) == (level != "low")


def test_one_reading_of_96_asks_again_and_changes_no_level(books) -> None:
    found = fired(books, "261", spo2_percent=96)

    assert {f.level for f in found.values()} == {Level.LOW}
    assert not any(f.is_confirmed for f in found.values())


def test_two_danger_signs_of_different_instruments_confirm_each_other(books) -> None:
    alone = fired(books, "261", spo2_percent=92)["spo2-under-94"]
    with_breath = fired(books, "261", spo2_percent=92, breaths_per_minute=28)["spo2-under-94"]
    with_pulse = fired(books, "261", spo2_percent=92, pulse_per_minute=130)["spo2-under-94"]

    assert (alone.is_confirmed, with_breath.is_confirmed) == (False, True)
    assert not with_pulse.is_confirmed, "pulse and SpO2 come from the same cold finger"


def test_a_second_measurement_worse_than_the_first_leaves_a_doubt(books) -> None:
    found = fired(books, "261", spo2_percent=97, spo2_repeat_percent=90)["spo2-under-94"]

    assert (found.value, found.is_confirmed, found.level) == (90, False, Level.HIGH)


def test_a_fall_counts_only_at_95_and_below(books) -> None:
    assert "spo2-fall" not in fired(books, "261", first=99, spo2_percent=96)
    assert "spo2-fall" in fired(books, "261", first=98, spo2_percent=95)
    assert "spo2-fall" not in fired(books, "261", first=97, spo2_percent=95)


levels = st.integers(50, 100)


@given(low=levels, high=levels, age=st.integers(0, 100 * 12), first=st.none() | levels, twice=st.booleans())
def test_less_oxygen_is_never_less_risk(books, low, high, age, first, twice) -> None:
    low, high = min(low, high), max(low, high)
    profile = Profile(age, vaccination_doses=2)

    def judged(spo2: int) -> int:
        seen = criteria.Seen(
            profile,
            Vitals(spo2_percent=spo2, spo2_repeat_percent=spo2 if twice else None, breaths_per_minute=18),
            first_spo2_percent=first,
        )
        return worst(*(f.level for f in criteria.find(books.on(DAY["261"]), seen))).rank

    assert judged(low) >= judged(high)


@given(first=levels, repeat=levels, lower=levels)
def test_a_lower_second_measurement_is_never_less_risk(books, first, repeat, lower) -> None:
    lower, repeat = min(lower, repeat), max(lower, repeat)

    def judged(second: int) -> int:
        seen = criteria.Seen(ADULT, Vitals(spo2_percent=first, spo2_repeat_percent=second))
        return worst(*(f.level for f in criteria.find(books.on(DAY["261"]), seen))).rank

    assert judged(lower) >= judged(repeat)


@given(
    spo2=levels,
    breaths=st.integers(4, 60),
    pulse=st.integers(30, 180),
    symptoms=st.sets(st.sampled_from(["fever", "dyspnoea", "cough"])),
)
def test_the_worst_criterion_decides(books, spo2, breaths, pulse, symptoms) -> None:
    seen = criteria.Seen(
        ADULT,
        Vitals(spo2_percent=spo2, breaths_per_minute=breaths, pulse_per_minute=pulse),
        tuple(sorted(symptoms)),
    )
    findings = criteria.find(books.on(DAY["261"]), seen)

    together = worst(criteria.confirmed_level(findings), criteria.doubtful_level(findings))
    assert together == worst(*(f.level for f in findings))
    assert list(findings) == sorted(findings, key=lambda f: -f.level.rank)


def test_every_criterion_has_words_and_a_document(books) -> None:
    for day in DAY.values():
        ruleset = books.on(day)
        for criterion in (*ruleset.criteria, *ruleset.profile_criteria):
            assert books.wording[criterion.code].label
            assert criterion.document
            assert criterion.threshold
        codes = [c.code for c in ruleset.criteria]
        assert len(codes) == len(set(codes))
        named = {s for c in ruleset.criteria if c.measure == "symptom" for s in c.any_of}
        assert named <= ruleset.course.symptoms, "a criterion on a symptom that the form does not have"


def test_danger_signs_are_the_only_way_to_very_high(books) -> None:
    for day in DAY.values():
        for criterion in books.on(day).criteria:
            assert (criterion.level is Level.VERY_HIGH) == criterion.is_danger_sign, criterion.code
