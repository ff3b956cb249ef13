"""Declarations: who may, when, and what a measurement can be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from quarantine.domain.commands import NoteDeclaredF0, RecordReport, ReleaseFromQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.errors import (
    CaseNotFound,
    DeclarationNotOwed,
    FutureDated,
    ImpossibleMeasurement,
    TooLongAgo,
)
from quarantine.domain.facts import HealthReported
from quarantine.domain.model import DeclaredBy, Outcome
from quarantine.domain.reports import Declarants, receipt_of, record

PERSON = "pquarantined"
REPORT_ID = derived_id("a report")
SELF = Actor("tk-1", frozenset({"citizen"}), frozenset(), PERSON)


@pytest.fixture
def declared(quarantined, rules, local):
    def make(now="2021-08-03T08:00", *, case=None, own=None, **changes):
        at = local(now)
        command = RecordReport(REPORT_ID, PERSON, SELF, DeclaredBy.SELF, reported_at=at)
        context = Declarants(case or quarantined(), own)
        return record(context, replace(command, **changes), rules, at)

    return make


def test_a_declaration_gets_a_receipt_and_is_told(declared, local, area):
    decision = declared(temperature_celsius=36.8, spo2_percent=97, symptoms=("cough",))

    assert decision.answer["receipt"] == receipt_of(REPORT_ID)
    assert decision.answer["is_late"] is False
    [fact] = decision.facts
    assert isinstance(fact, HealthReported)
    assert (fact.due_at, fact.area, fact.symptoms) == (local("2021-08-03T17:00"), area, ("cough",))
    assert decision.state.report_id == fact.report_id == REPORT_ID


def test_receipts_are_readable_and_stable():
    assert receipt_of(REPORT_ID) == receipt_of(REPORT_ID)
    assert len({receipt_of(derived_id(str(n))) for n in range(2_000)}) == 2_000
    assert all(not set("ILOU") & set(receipt_of(derived_id(str(n)))[2:]) for n in range(200))


@pytest.mark.parametrize(
    ("reported", "is_late"), [("2021-08-03T17:00:00", False), ("2021-08-03T17:00:01", True)]
)
def test_late_is_late_by_the_time_of_the_event_not_of_the_upload(declared, local, reported, is_late):
    decision = declared("2021-08-04T12:00", reported_at=local(reported))

    assert decision.answer["is_late"] is is_late
    assert decision.state.received_at == local("2021-08-04T12:00")


def test_a_clock_ten_minutes_fast_is_tolerated_and_no_more(declared, local):
    now = local("2021-08-03T08:00")

    assert declared(reported_at=now + timedelta(minutes=10)).state
    with pytest.raises(FutureDated, match="đồng hồ"):
        declared(reported_at=now + timedelta(minutes=10, seconds=1))


def test_a_declaration_of_last_week_is_too_old(declared, local):
    now = local("2021-08-12T08:00")

    assert declared("2021-08-12T08:00", reported_at=now - timedelta(days=7)).state
    with pytest.raises(TooLongAgo):
        declared("2021-08-12T08:00", reported_at=now - timedelta(days=7, seconds=1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"temperature_celsius": 370}, "temperature_celsius"),
        ({"temperature_celsius": 45.1}, "temperature_celsius"),
        ({"temperature_celsius": 29.9}, "temperature_celsius"),
        ({"spo2_percent": 130}, "spo2_percent"),
        ({"spo2_percent": 101}, "spo2_percent"),
        ({"spo2_percent": 49}, "spo2_percent"),
    ],
)
def test_what_no_living_person_shows_is_refused_in_vietnamese(declared, values, field):
    with pytest.raises(ImpossibleMeasurement, match="Hãy đo lại") as refusal:
        declared(**values)
    assert refusal.value.field == field


def test_the_borders_of_what_can_be_are_accepted(declared):
    assert declared(temperature_celsius=30.0, spo2_percent=50).state
    assert declared(temperature_celsius=45.0, spo2_percent=100).state
    assert declared().state  # well, nothing measured: three taps


def test_an_officer_of_the_area_declares_on_behalf(declared, officer):
    assert declared(by=officer, declared_by=DeclaredBy.SELF).state.declared_by is DeclaredBy.OFFICER


def test_an_officer_of_another_area_does_not_even_learn_that_there_is_a_file(declared):
    elsewhere = Actor("cb", frozenset({"health_officer"}), frozenset({"05500"}))

    with pytest.raises(CaseNotFound):
        declared(by=elsewhere)


def test_members_of_the_household_and_trusted_relatives_declare_for_each_other(declared, quarantined):
    mother = Actor("tk-2", frozenset({"citizen"}), frozenset(), "pmother")
    case = quarantined()
    her_own = replace(case, person_id="pmother")
    neighbour = replace(her_own, person=replace(case.person, household_id="home-2"))
    trusting = replace(case, person=replace(case.person, trusted=("pmother",)))

    assert declared(by=mother, own=her_own).state.declared_by is DeclaredBy.RELATIVE
    assert declared(by=mother, case=trusting).state.declared_by is DeclaredBy.RELATIVE
    for own in (None, neighbour):
        with pytest.raises(CaseNotFound, match="người thân khai hộ"):
            declared(by=mother, own=own)


def test_somebody_without_papers_and_household_is_nobodys_relative(declared, quarantined):
    case = quarantined()
    lonely = replace(case, person=replace(case.person, household_id="", trusted=()))
    stranger = Actor("tk-3", frozenset({"citizen"}), frozenset(), None)

    with pytest.raises(CaseNotFound):
        declared(by=stranger, case=lonely, own=lonely)


def test_a_doctor_reads_but_does_not_declare(declared, area):
    doctor = Actor("bs", frozenset({"doctor"}), frozenset({area.commune_code}))

    with pytest.raises(CaseNotFound):
        declared(by=doctor)


def test_a_relative_may_use_the_persons_own_phone(declared):
    assert declared(declared_by=DeclaredBy.RELATIVE).state.declared_by is DeclaredBy.RELATIVE


def test_after_becoming_f0_one_is_sent_to_the_other_page(declared, quarantined, rules, local):
    f0 = decide(
        quarantined(), NoteDeclaredF0(PERSON, 1, local("2021-08-05T09:00")), rules, local("2021-08-05T09:00")
    ).state

    with pytest.raises(DeclarationNotOwed, match="trang theo dõi F0"):
        declared("2021-08-05T10:00", case=f0)
    assert declared("2021-08-05T10:00", case=f0, reported_at=local("2021-08-05T08:00")).state


def test_after_the_release_only_what_was_filled_in_before_it_is_accepted(
    declared, quarantined, officer, rules, local
):
    released = decide(
        quarantined(),
        ReleaseFromQuarantine(PERSON, officer, Outcome.COMPLETED),
        rules,
        local("2021-08-15T08:00"),
    ).state

    assert declared("2021-08-16T08:00", case=released, reported_at=local("2021-08-15T07:00")).state
    with pytest.raises(DeclarationNotOwed, match="115"):
        declared("2021-08-16T08:00", case=released)


def test_days_before_the_stay_are_not_declared(declared, local):
    with pytest.raises(DeclarationNotOwed, match="02/08/2021"):
        declared(reported_at=local("2021-08-01T23:59"))


def test_after_the_last_day_an_open_stay_still_takes_declarations_without_a_deadline(declared):
    decision = declared("2021-08-16T20:00")

    assert decision.state.due_at is None
    assert decision.state.is_late is False


def test_nobody_declares_for_somebody_unknown(rules, local):
    command = RecordReport(REPORT_ID, PERSON, SELF, DeclaredBy.SELF, local("2021-08-03T08:00"))

    for context in (None, Declarants(None)):
        with pytest.raises(CaseNotFound):
            record(context, command, rules, local("2021-08-03T08:00"))


def test_the_day_of_a_declaration_is_vietnamese(declared, local):
    # 23:30 in Vietnam is still 16:30 UTC of the same day; 00:30 belongs to the next Vietnamese day.
    assert declared("2021-08-04T00:30").state.due_at == local("2021-08-04T17:00")
    assert declared("2021-08-03T23:30").state.due_at.astimezone().date() >= date(2021, 8, 3)
