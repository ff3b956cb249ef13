from datetime import timedelta

import pytest

from common.kernel.areas import Actor
from f0_monitoring.domain.commands import FileReport
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.errors import (
    ImpossibleMeasurement,
    NoSuchPatient,
    NotYourPatient,
    RecordClosed,
    ReportedInTheFuture,
    ReportedTooLongAgo,
    UnknownSymptom,
)
from f0_monitoring.domain.facts import HealthReported
from f0_monitoring.domain.model import CareState, DeclaredBy, Vitals

SELF = Actor("citizen", frozenset(("citizen",)), person_id="p-1")


def command(at, by: Actor = SELF, symptoms=(), **vitals) -> FileReport:
    return FileReport("r-1", "p-1", at, DeclaredBy.SELF, by, Vitals(**vitals), symptoms)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("spo2_percent", 130, "50 đến 100"),
        ("spo2_percent", 9, "SpO2"),
        ("spo2_percent", 989, "SpO2"),
        ("spo2_repeat_percent", 101, "đo lại"),
        ("temperature_celsius", 370, "37,5"),
        ("temperature_celsius", 99.5, "99,5"),
        ("temperature_celsius", 3.7, "3,7"),
        ("pulse_per_minute", 300, "Mạch"),
        ("breaths_per_minute", 1, "Nhịp thở"),
        ("systolic_mmhg", 12, "số trên"),
        ("diastolic_mmhg", 300, "số dưới"),
    ],
)
def test_impossible_values_are_refused_with_what_to_do(diary, at, field, value, words) -> None:
    patient = diary.declare(at(10, 7))

    with pytest.raises(ImpossibleMeasurement) as refusal:
        file_report(patient, command(at(10, 8), **{field: value}), diary.rules, at(10, 8))

    assert refusal.value.field == field
    assert words in refusal.value.detail


def test_a_lower_pressure_above_the_upper_one_is_refused(diary, at) -> None:
    patient = diary.declare(at(10, 7))

    with pytest.raises(ImpossibleMeasurement, match="80/120"):
        file_report(patient, command(at(10, 8), systolic_mmhg=80, diastolic_mmhg=120), diary.rules, at(10, 8))


def test_ten_minutes_ahead_is_clock_skew_more_is_refused(diary, at) -> None:
    patient = diary.declare(at(10, 7))
    now = at(10, 8)

    kept = file_report(patient, command(now + timedelta(minutes=10)), diary.rules, now)
    assert kept.state.measured_at == now
    with pytest.raises(ReportedInTheFuture, match="đồng hồ"):
        file_report(patient, command(now + timedelta(minutes=10, seconds=1)), diary.rules, now)


def test_a_declaration_from_another_year_is_refused(diary, at) -> None:
    patient = diary.declare(at(10, 7))

    with pytest.raises(ReportedTooLongAgo):
        file_report(patient, command(at(10, 8, year=2019)), diary.rules, at(10, 8))


@pytest.mark.parametrize(
    ("filled_in", "arrived", "late"),
    [
        ((10, 9, 59), (10, 9, 59), False),
        ((10, 10, 1), (10, 10, 1), True),
        ((10, 9, 30), (10, 12, 0), True),
        ((10, 14, 0), (10, 14, 0), False),
        ((10, 21, 0), (10, 21, 0), False),
        ((10, 22, 0), (10, 22, 0), True),
        ((11, 3, 0), (11, 3, 0), True),
    ],
)
def test_late_is_marked_late(diary, at, filled_in, arrived, late) -> None:
    patient = diary.declare(at(9, 7))

    assert file_report(patient, command(at(*filled_in)), diary.rules, at(*arrived)).state.is_late is late


def test_an_extra_declaration_at_night_is_not_late(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 18))

    assert not diary.report(at(11, 3), spo2_percent=95)["is_late"]


def test_the_first_declaration_of_a_new_patient_owes_nothing_to_earlier_slots(diary, at) -> None:
    diary.declare(at(10, 11))

    assert not diary.report(at(10, 11) + timedelta(minutes=5))["is_late"]
    assert diary.report(at(11, 12))["is_late"]


def test_a_new_patient_is_not_late_for_a_deadline_before_the_declaration(diary, at) -> None:
    diary.declare(at(10, 13))

    assert not diary.report(at(10, 13, 20))["is_late"]


def test_in_hospital_nothing_is_late(diary, at) -> None:
    diary.declare(at(9, 7))
    diary.move(CareState.TRANSFERRING, at(9, 8))

    assert not diary.report(at(10, 12))["is_late"]


def test_the_receipt_comes_from_the_report(diary, at) -> None:
    patient = diary.declare(at(10, 7))

    kept = file_report(patient, command(at(10, 8), spo2_percent=98), diary.rules, at(10, 8))

    assert kept.answer["report_id"] == "r-1"
    assert kept.answer["receipt"] == "R1"
    assert kept.answer["advice"] == ""
    [fact] = kept.facts
    assert isinstance(fact, HealthReported)
    assert fact.subject == "p-1"


def test_words_of_other_forms_are_understood_and_unknown_ones_refused(diary, at) -> None:
    patient = diary.declare(at(10, 7))
    told = command(at(10, 8), symptoms=("dyspnea", "fever", "shortness_of_breath"))

    assert file_report(patient, told, diary.rules, at(10, 8)).state.symptoms == ("dyspnoea", "fever")
    with pytest.raises(UnknownSymptom, match="khotho"):
        file_report(patient, command(at(10, 8), symptoms=("khotho",)), diary.rules, at(10, 8))


def test_nothing_is_kept_for_nobody_or_for_a_closed_record(diary, at) -> None:
    with pytest.raises(NoSuchPatient):
        file_report(None, command(at(10, 8)), diary.rules, at(10, 8))
    diary.declare(at(10, 7))
    closed = diary.close(CareState.RECOVERED, at(20, 8))
    with pytest.raises(RecordClosed):
        file_report(closed, command(at(20, 9)), diary.rules, at(20, 9))


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (SELF, True),
        (Actor("relative", frozenset(("citizen",)), person_id="p-2"), True),
        (Actor("stranger", frozenset(("citizen",)), person_id="p-3"), False),
        (Actor("nobody", frozenset(("citizen",))), False),
        (Actor("officer", frozenset(("health_officer",)), frozenset(("173",))), True),
        (Actor("officer", frozenset(("health_officer",)), frozenset(("05830",))), True),
        (Actor("officer", frozenset(("health_officer",)), frozenset(("164",))), False),
        (Actor("doctor-7", frozenset(("doctor",)), frozenset(("164",))), True),
        (Actor("doctor-8", frozenset(("doctor",)), frozenset(("164",))), False),
        (Actor("permits", frozenset(("permit_officer",)), frozenset(("19",))), False),
    ],
)
def test_who_may_declare_for_somebody(diary, at, actor, may) -> None:
    from dataclasses import replace

    patient = replace(diary.declare(at(10, 7), guardian_ids=("p-2",)), carer_id="doctor-7")

    if may:
        assert file_report(patient, command(at(10, 8), by=actor), diary.rules, at(10, 8)).state is not None
    else:
        with pytest.raises(NotYourPatient):
            file_report(patient, command(at(10, 8), by=actor), diary.rules, at(10, 8))
