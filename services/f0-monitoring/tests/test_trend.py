"""The trend and silence, as the rules have them: what a last value alone does not say."""

import pytest

from f0_monitoring.domain.facts import DeclarationMissed, RiskChanged
from f0_monitoring.domain.model import Profile


def test_a_rising_score_raises_before_any_limit_is_crossed(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 8))
    rising = {"pulse_per_minute": 112, "temperature_celsius": 38.3}  # 2 + 1
    assert diary.report(at(10, 18), **rising)["ask_remeasure"]
    assert diary.level == "low", "measured once: only asked again"

    diary.report(at(10, 18, 2), **rising)

    assert (diary.level, diary.criteria) == ("medium", {"news2-rise"})
    [reason] = diary.patient.risk.reasons
    assert (reason.value, reason.threshold, reason.document) == (3, "≥ 3", "Đề xuất, chờ phê duyệt")


def test_a_score_that_was_always_there_is_no_rise(diary, at) -> None:
    diary.declare(at(10, 7))
    steady = {"pulse_per_minute": 112, "temperature_celsius": 38.3}
    for hour in (8, 18):
        diary.report(at(10, hour), **steady)
    diary.report(at(11, 8), **steady)

    assert diary.level == "low"


def test_a_child_has_no_score_to_rise(diary, at) -> None:
    diary.declare(at(10, 7), Profile(age_months=12 * 12, vaccination_doses=2))
    for hour in (8, 18):
        diary.report(at(10, hour), pulse_per_minute=70 + 2 * hour, temperature_celsius=37 + hour / 10)

    assert "news2-rise" not in diary.criteria


@pytest.mark.parametrize(
    ("vitals", "level"),
    [
        ({}, "low"),
        ({"spo2_percent": 96}, "low"),  # a doubt that counts for nothing yet is no bad value
        ({"spo2_percent": 95, "spo2_repeat_percent": 95}, "high"),
        ({"systolic_mmhg": 89}, "high"),  # in doubt, and nobody answers
    ],
)
def test_silence_after_a_bad_value_raises_at_the_deadline_by_itself(diary, at, vitals, level: str) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 18), **vitals)
    told = len(diary.told(RiskChanged))

    diary.timers_until(at(11, 9, 59))
    assert diary.told(DeclarationMissed) == []
    before = diary.level
    diary.timers_until(at(11, 10, 1))

    assert diary.level == level
    assert len(diary.told(DeclarationMissed)) == 1
    if level != before:
        assert "silence-after-bad-value" in diary.criteria
        assert len(diary.told(RiskChanged)) > told
