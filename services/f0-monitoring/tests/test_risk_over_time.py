from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.kernel.areas import Actor
from f0_monitoring.domain.facts import DeclarationMissed, RiskChanged
from f0_monitoring.domain.model import CareState, Level, Profile


def red(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 8), spo2_percent=92, spo2_repeat_percent=92)
    assert diary.level == "very_high"


def test_a_risk_falls_only_after_the_calm_period(diary, at) -> None:
    red(diary, at)

    diary.report(at(10, 18))
    diary.report(at(11, 8))
    assert diary.level == "very_high"
    assert "spo2-under-94" in diary.criteria, "the reason that holds it up is still shown"
    diary.report(at(11, 17, 59))
    assert diary.level == "very_high"
    diary.report(at(11, 18))

    lowered = diary.told(RiskChanged)[-1]
    assert diary.level == "low"
    assert (lowered.rose, lowered.from_level, lowered.to_level) == (False, "very_high", "low")
    assert diary.patient.risk.reasons == ()


def test_a_relapse_begins_the_calm_period_again(diary, at) -> None:
    red(diary, at)
    diary.report(at(10, 18))
    diary.report(at(11, 8), spo2_percent=91, spo2_repeat_percent=91)
    again = diary.told(RiskChanged)[-1]
    assert (again.rose, again.from_level, again.to_level) == (True, "very_high", "very_high"), (
        "it rings again"
    )

    diary.report(at(11, 18))
    diary.report(at(12, 9))
    assert diary.level == "very_high"


def test_it_falls_to_the_worst_level_of_the_calm_period(diary, at) -> None:
    red(diary, at)
    diary.report(at(10, 18), spo2_percent=94, spo2_repeat_percent=94)
    diary.report(at(11, 18), spo2_percent=98, spo2_repeat_percent=98)

    assert diary.level == "high"


def test_a_late_declaration_never_lowers(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 18), spo2_percent=92, spo2_repeat_percent=92)

    answer = diary.report(at(10, 8), received_at=at(12, 19), spo2_percent=99)

    assert answer["is_late"]
    assert diary.level == "very_high"
    assert [r.at for r in diary.patient.readings] == [at(10, 8), at(10, 18)], "kept in the order of time"


def test_a_late_danger_raises_while_its_calm_period_lasts(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 18))

    diary.report(at(10, 17), received_at=at(10, 19), spo2_percent=90, spo2_repeat_percent=90)

    assert diary.level == "very_high"
    assert diary.told(RiskChanged)[-1].is_danger_sign


def test_a_danger_older_than_the_calm_period_is_only_kept(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(12, 8))

    diary.report(at(11, 7, 59), received_at=at(12, 9), spo2_percent=90, spo2_repeat_percent=90)

    assert diary.level == "low"
    assert diary.told(RiskChanged) == []


@given(order=st.permutations(range(3)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_order_of_arrival_ends_at_the_same_level(new_diary, at, order) -> None:
    diary, local = new_diary(), at
    readings = ((local(10, 8), 98), (local(10, 18), 91), (local(11, 8), 97))
    diary.declare(local(10, 7))
    for number in order:
        when, spo2 = readings[number]
        diary.report(when, received_at=local(11, 9), spo2_percent=spo2, spo2_repeat_percent=spo2)

    assert diary.level == "very_high"


def test_a_report_assessed_twice_changes_nothing(diary, at) -> None:
    from f0_monitoring.domain.commands import AssessReport, FileReport
    from f0_monitoring.domain.declare import file_report
    from f0_monitoring.domain.model import DeclaredBy, Vitals

    diary.declare(at(10, 7))
    filed = file_report(
        diary.patient,
        FileReport(
            "r-9", "p-1", at(10, 8), DeclaredBy.SELF, Actor("c", person_id="p-1"), Vitals(spo2_percent=95)
        ),
        diary.rules,
        at(10, 8),
    )
    diary.do(AssessReport(filed.state), at(10, 8))
    once = diary.patient
    decision = diary.do(AssessReport(filed.state), at(10, 9))

    assert decision.state is once
    assert decision.facts == ()


def test_a_person_already_very_high_by_age_still_rings(diary, at) -> None:
    diary.declare(at(10, 7), Profile(age_months=80 * 12, conditions=("diabetes",), vaccination_doses=2))
    assert diary.level == "very_high"

    diary.report(at(10, 18), symptoms=("dyspnoea",))

    [rung] = diary.told(RiskChanged)
    assert (rung.rose, rung.from_level, rung.to_level, rung.is_danger_sign) == (
        True,
        "very_high",
        "very_high",
        True,
    )


def test_the_rules_of_the_day_it_was_measured_judge_it(diary, at) -> None:
    diary.declare(at(29, 7, month=1))
    diary.report(at(30, 20, month=1), received_at=at(31, 9, month=1), breaths_per_minute=20)
    assert diary.patient.doubt is None, "4038: from 21"

    diary.report(at(31, 20, month=1), breaths_per_minute=20)
    assert diary.patient.doubt.codes == ("warning-breaths",), "261: from 20"


def test_silence_after_a_bad_value_raises_the_risk(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 18), spo2_percent=96, spo2_repeat_percent=96)
    assert diary.level == "medium"

    diary.timers_until(at(11, 11))

    [missed] = diary.told(DeclarationMissed)
    assert (missed.due_at, missed.level, missed.last_report_at) == (at(11, 10), "high", at(10, 18))
    assert diary.told(RiskChanged)[-1].to_level == "high"
    assert "silence-after-bad-value" in diary.criteria


def test_silence_of_somebody_well_changes_no_level(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 18))

    diary.timers_until(at(13, 11))

    assert [m.missed_in_a_row for m in diary.told(DeclarationMissed)] == [1, 2, 3, 4, 5]
    assert diary.level == Level.LOW


def test_after_closing_a_declaration_on_its_way_changes_nothing(diary, at) -> None:
    from dataclasses import replace

    diary.declare(at(10, 7))
    open_record = diary.patient
    diary.close(CareState.RECOVERED, at(10, 9))
    closed = diary.patient

    diary.patient = open_record
    diary.report(at(10, 8), spo2_percent=85, spo2_repeat_percent=85)
    assert diary.level == "very_high"
    diary.patient = replace(closed)
    from f0_monitoring.domain.commands import AssessReport
    from f0_monitoring.domain.model import DeclaredBy, Report, Vitals

    late = Report(
        "r-2", "p-1", closed.area, at(10, 8), at(10, 8), False, DeclaredBy.SELF, "c", Vitals(spo2_percent=85)
    )
    assert diary.do(AssessReport(late), at(10, 10) + timedelta(minutes=1)).facts == ()


def test_a_milder_reading_of_the_same_sign_does_not_hide_why_somebody_is_red(diary, at) -> None:
    red(diary, at)

    diary.report(at(10, 9), spo2_percent=93)

    [reason] = [r for r in diary.patient.risk.reasons if r.criterion == "spo2-under-94"]
    assert (reason.value, reason.level, reason.is_confirmed) == (92, "very_high", True)
