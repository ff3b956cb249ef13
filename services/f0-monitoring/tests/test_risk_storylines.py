"""Storylines 1, 8, 9 and 10 of the province in a box, as pure tests."""

from f0_monitoring.domain.facts import RiskChanged
from f0_monitoring.domain.model import Profile

HA = Profile(age_months=62 * 12, sex="female", conditions=("hypertension",), vaccination_doses=2)


def test_silent_hypoxia_is_seen_before_it_is_felt(diary, at) -> None:
    """Bà Hà, 62, stable hypertension, two doses, at home under 261."""
    diary.declare(at(10, 7), HA, tested_on=at(10, 7).date())
    assert diary.level == "high"

    for day, spo2 in ((10, 97), (11, 97), (12, 96), (13, 97), (14, 96)):
        diary.report(at(day, 8), spo2_percent=spo2, breaths_per_minute=17, spo2_repeat_percent=spo2)
    diary.report(at(15, 8), spo2_percent=95, spo2_repeat_percent=95)
    assert diary.told(RiskChanged) == []

    first = diary.report(at(15, 17), spo2_percent=94, breaths_per_minute=18)
    assert first["ask_remeasure"]
    second = diary.report(at(15, 17, 2), spo2_percent=94, spo2_repeat_percent=94, breaths_per_minute=18)
    assert not second["ask_remeasure"]

    amber = diary.told(RiskChanged)[-1]
    assert (amber.from_level, amber.to_level, amber.rose) == ("high", "high", True)
    assert not amber.is_danger_sign
    assert {"spo2-93-94", "spo2-fall"} <= diary.criteria
    assert diary.patient.readings[-1].news2 == 1, "NEWS2 alone would have missed it"

    diary.report(at(16, 8), spo2_percent=92, spo2_repeat_percent=91)
    red = diary.told(RiskChanged)[-1]
    assert diary.level == "very_high"
    assert (red.from_level, red.to_level, red.is_danger_sign) == ("high", "very_high", True)
    assert red.ruleset == "5525-2021+261-2022+news2-2017+trend-2021"
    [reason] = [r for r in red.reasons if r.criterion == "spo2-under-94"]
    assert (reason.value, reason.threshold) == (92, "< 94")


def test_with_one_dose_ba_ha_would_not_be_a_home_case(diary, at) -> None:
    one_dose = Profile(age_months=62 * 12, conditions=("hypertension",), vaccination_doses=1)

    assert diary.declare(at(10, 7), one_dose).risk.level == "very_high"


def test_a_fast_decliner_goes_red_on_a_danger_sign_without_a_second_measurement(diary, at) -> None:
    diary.declare(at(10, 7), Profile(age_months=44 * 12, conditions=("obesity",), vaccination_doses=2))
    diary.report(at(16, 8), spo2_percent=96)

    assert diary.report(at(16, 17), spo2_percent=93)["ask_remeasure"]
    assert diary.level == "high"
    diary.report(at(16, 17, 1), spo2_percent=93, spo2_repeat_percent=93)
    assert diary.level == "very_high"

    before = len(diary.told(RiskChanged))
    for second in range(3):
        answer = diary.report(at(16, 21, second), spo2_percent=89, symptoms=("chest_pain",))
        assert answer["has_danger_sign"]
        assert "115" in answer["advice"]
    assert len(diary.told(RiskChanged)) == before, "already red: three taps are one incident"


def test_chest_pain_alone_rings_at_once(diary, at) -> None:
    diary.declare(at(10, 7))

    diary.report(at(10, 21), symptoms=("chest-pain",))

    [red] = diary.told(RiskChanged)
    assert (red.to_level, red.is_danger_sign) == ("very_high", True)


def test_cold_fingers_are_closed_as_an_artefact_and_nobody_is_rung(diary, at) -> None:
    diary.declare(at(10, 7), Profile(age_months=29 * 12, sex="female", vaccination_doses=2))

    answer = diary.report(at(13, 6, 30), spo2_percent=88, pulse_per_minute=40)
    assert answer["ask_remeasure"]
    assert "đổi ngón" in answer["advice"]
    assert diary.level == "high"
    assert all(not fact.is_danger_sign for fact in diary.told(RiskChanged))

    diary.report(at(13, 6, 31), spo2_percent=97, pulse_per_minute=72)
    assert diary.level == "low"
    assert diary.patient.doubt is None
    diary.timers_until(at(13, 9))
    assert [fact.to_level for fact in diary.told(RiskChanged)] == ["high", "low"]
    assert diary.patient.readings[0].spo2_percent == 88, "the first value is kept"


def test_cold_fingers_measured_twice_in_one_declaration_change_nothing(diary, at) -> None:
    diary.declare(at(10, 7))

    answer = diary.report(at(13, 6, 30), spo2_percent=88, spo2_repeat_percent=97)

    assert not answer["ask_remeasure"]
    assert diary.told(RiskChanged) == []


def test_an_unanswered_second_measurement_is_believed_bad(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(13, 6, 30), spo2_percent=88)

    diary.timers_until(at(13, 6, 36))

    assert diary.level == "very_high"
    assert diary.told(RiskChanged)[-1].is_danger_sign
    assert diary.told(RiskChanged)[-1].report_id == "r-1"


def test_swapped_fields_are_questioned_not_corrected(diary, at) -> None:
    diary.declare(at(10, 7))

    answer = diary.report(at(13, 8), spo2_percent=74, pulse_per_minute=97)
    assert answer["ask_remeasure"]
    assert "đổi chỗ" in answer["advice"]
    assert diary.patient.readings[-1].spo2_percent == 74
    assert diary.level == "high"

    diary.report(at(13, 8, 2), spo2_percent=74, spo2_repeat_percent=74, pulse_per_minute=97)
    assert diary.level == "very_high"
