"""Warn, measure again, alert: one reading asks, two or silence call, one sent twice is still one."""

from datetime import timedelta

import pytest

from f0_monitoring.domain.facts import RiskChanged
from f0_monitoring.domain.model import Profile


@pytest.fixture
def home(diary, at):
    diary.declare(at(10, 7))
    return diary


@pytest.mark.parametrize(
    ("vitals", "fields", "word"),
    [
        ({"spo2_percent": 95}, ["spo2_percent"], "đổi ngón"),
        ({"breaths_per_minute": 26}, ["breaths_per_minute"], "đủ một phút"),
        ({"pulse_per_minute": 125}, ["pulse_per_minute"], "đo lại mạch"),
        ({"systolic_mmhg": 88}, ["systolic_mmhg"], "huyết áp"),
        ({"spo2_percent": 96, "breaths_per_minute": 21}, ["spo2_percent", "breaths_per_minute"], "đổi ngón"),
        ({"pulse_per_minute": 112, "temperature_celsius": 39.5, "systolic_mmhg": 105},
         ["pulse_per_minute", "systolic_mmhg", "temperature_celsius"], "thân nhiệt"),
        ({"spo2_percent": 95, "spo2_repeat_percent": 97, "breaths_per_minute": 26},
         ["breaths_per_minute"], "đếm lại"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_what_is_asked_for(home, at, vitals, fields, word) -> None:
    answer = home.report(at(10, 18), **vitals)

    assert (answer["ask_remeasure"], answer["remeasure"]) == (True, fields)
    assert word in answer["advice"]
    assert "Chờ 30 giây đến 60 giây." in answer["advice"]
    assert (answer["remeasure_after_seconds"], answer["remeasure_within_seconds"]) == (30, 60)


def test_a_person_who_is_well_is_asked_nothing(home, at) -> None:
    answer = home.report(at(10, 18))

    assert (answer["ask_remeasure"], answer["remeasure"], answer["remeasure_by"], answer["advice"]) == (
        False, [], None, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, "high"), (1, "high"), (29, "high"), (30, "very_high"), (60, "very_high")]
)
def test_the_same_reading_sent_twice_confirms_nothing_a_second_one_does(
    home, at, seconds: int, level: str
) -> None:

    first = at(10, 18)
    home.report(first, spo2_percent=92)
    answer = home.report(first + timedelta(seconds=seconds), spo2_percent=92)

    assert home.level == level
    assert answer["ask_remeasure"] is (level == "high")
    assert ("chưa đủ 30 giây" in answer["advice"]) is (level == "high")
    assert any(f.is_danger_sign for f in home.told(RiskChanged)) is (level == "very_high")


def test_it_says_until_when_somebody_may_measure_again(home, at) -> None:
    assert home.report(at(10, 18), spo2_percent=92)["remeasure_by"] == at(10, 18, 5).isoformat()

    home.timers_until(at(10, 18, 4))
    assert home.level == "high", "meanwhile it counts for less"
    home.timers_until(at(10, 18, 6))
    assert home.level == "very_high", "silence does not calm"


def test_a_number_that_only_warns_is_never_believed_by_itself(home, at) -> None:
    assert home.report(at(10, 18), spo2_percent=96)["remeasure_by"] is None

    home.timers_until(at(10, 20, 59))
    assert (home.level, home.told(RiskChanged)) == ("low", [])


def test_a_danger_symptom_waits_for_nothing(home, at) -> None:
    answer = home.report(at(10, 18), symptoms=("dyspnoea",))

    assert (answer["ask_remeasure"], answer["has_danger_sign"]) == (False, True)
    assert [f.is_danger_sign for f in home.told(RiskChanged)] == [True]


def test_a_child_is_asked_to_count_breaths_again(diary, at) -> None:
    diary.declare(at(10, 7), Profile(age_months=30, vaccination_doses=0))
    before = diary.level

    answer = diary.report(
        at(10, 18), breaths_per_minute=42, pulse_per_minute=110, systolic_mmhg=None, diastolic_mmhg=None
    )

    assert answer["remeasure"] == ["breaths_per_minute"]
    assert diary.level == before
