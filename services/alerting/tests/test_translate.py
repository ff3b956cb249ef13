"""Foreign facts become our commands, and our facts become contract events without a name."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerting import translate
from alerting.consumers import subscriptions
from alerting.domain.commands import Note, NoteForgery, NoteOver, NoteReport, NoteRisk, NoteSilence
from alerting.domain.model import Kind, condition_key
from alerting.domain.rules import AlertRules
from alerting.translate import declared
from common.contracts import f0_monitoring as f0
from common.contracts import permit, quarantine
from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.f0_monitoring.self_declared import (
    Answer,
    Reach,
    SelfDeclarationOverdue,
    SelfDeclarationSettled,
)
from services.alerting.tests.stories import (
    DOCTOR,
    NOON,
    PERSON,
    PROVINCE,
    Story,
    breached,
    lowered,
    minutes,
    risk,
)

WHERE: dict[str, Any] = {"commune_code": "05437", "district_code": "164"}
ABOUT: dict[str, Any] = {"person_id": PERSON, **WHERE}
LATER = datetime(2021, 11, 23, 6, 0, tzinfo=UTC)


def heard(data: Payload, sequence: int = 7) -> Any:
    return Event("e-1", data.type, "/services/x", data.subject, LATER, sequence, data)


def rose(to: f0.RiskLevel, **more: Any) -> f0.RiskEscalated:
    return f0.RiskEscalated(
        **ABOUT,
        from_level=f0.RiskLevel.LOW,
        to_level=to,
        ruleset="moh-3646",
        assessed_at=NOON,
        is_danger_sign=True,
        **more,
    )


def test_a_risen_risk_carries_level_doctor_and_reasons() -> None:
    reasons = [
        f0.Reason(criterion=f"c{i}", value=92.0, threshold=94, document="3646/QĐ-BYT") for i in range(6)
    ]
    fact = rose(f0.RiskLevel.VERY_HIGH, carer_id="doctor-164", reasons=tuple(reasons))
    note = translate.changed_risk(heard(fact))
    assert (note.level, note.is_worse, note.sequence, note.at) == ("very_high", True, 7, NOON)
    assert note.carer_id == "doctor-164"
    assert note.aggregate_id == condition_key(Kind.RISK_RISING, PERSON)
    assert [r.value for r in note.evidence.reasons] == ["92"] * 4


def test_a_lowered_risk_is_not_worse() -> None:
    fact = f0.RiskLowered(
        **ABOUT,
        from_level=f0.RiskLevel.HIGH,
        to_level=f0.RiskLevel.LOW,
        ruleset="moh-3646",
        assessed_at=NOON,
        is_danger_sign=False,
    )
    assert not translate.changed_risk(heard(fact)).is_worse


@pytest.mark.parametrize("level", list(f0.RiskLevel))
def test_only_very_high_risk_at_declaration_rings(level: f0.RiskLevel) -> None:
    fact = f0.PatientDeclared(
        **ABOUT,
        origin=f0.Origin.OFFICER,
        declared_at=NOON,
        age_years=70,
        risk_level=level,
        ruleset="moh-3646",
        care_state=f0.CareState.AT_HOME,
    )
    note = translate.declared_patient(heard(fact))
    assert isinstance(note, NoteRisk) == (level is f0.RiskLevel.VERY_HIGH)


@pytest.mark.parametrize("state", list(f0.CareState))
def test_only_arrival_in_hospital_takes_a_patient_out_of_our_hands(state: f0.CareState) -> None:
    fact = f0.PatientMoved(
        **ABOUT,
        from_state=f0.CareState.AT_HOME,
        to_state=state,
        risk_level=f0.RiskLevel.HIGH,
        reason="worse",
    )
    notes = translate.moved_patient(heard(fact)) or []
    expected = {Kind.RISK_RISING, Kind.PATIENT_SILENT} if state is f0.CareState.IN_HOSPITAL else set()
    assert {note.kind for note in notes} == expected


def test_a_closed_patient_ends_both_kinds() -> None:
    fact = f0.PatientClosed(
        **ABOUT,
        outcome=f0.Outcome.RECOVERED,
        care_state=f0.CareState.AT_HOME,
        risk_level=f0.RiskLevel.LOW,
        closed_on=NOON.date(),
    )
    notes = translate.closed_patient(heard(fact))
    assert [type(note) for note in notes] == [NoteOver, NoteOver]
    assert len({note.aggregate_id for note in notes}) == 2


def test_a_new_doctor_reaches_both_kinds() -> None:
    fact = f0.DoctorAssigned(**ABOUT, doctor_id="doctor-165", reason="load")
    assert {note.kind for note in translate.assigned_doctor(heard(fact))} == {
        Kind.RISK_RISING,
        Kind.PATIENT_SILENT,
    }


def report(received_at: datetime) -> f0.HealthReported:
    return f0.HealthReported(
        **ABOUT,
        report_id="r-1",
        reported_at=received_at - timedelta(days=3),
        received_at=received_at,
        is_late=True,
        declared_by="self",
        on_oxygen=False,
        consciousness="alert",
    )


def test_a_report_counts_when_we_received_it_and_has_no_place_in_the_order() -> None:
    note = translate.reported_patient(heard(report(LATER), sequence=1))
    assert isinstance(note, NoteReport)
    assert (note.at, note.sequence) == (LATER, 0)


def test_silence_carries_what_weighs_it() -> None:
    fact = f0.DeclarationMissed(
        **ABOUT, due_at=NOON, missed_in_a_row=2, risk_level=f0.RiskLevel.HIGH, carer_id="doctor-164"
    )
    note = translate.silent_patient(heard(fact))
    assert isinstance(note, NoteSilence)
    assert (note.risk_level, note.missed_in_a_row, note.carer_id) == ("high", 2, "doctor-164")


def test_a_contact_has_no_risk_level() -> None:
    note = translate.silent_contact(
        heard(quarantine.DeclarationMissed(**ABOUT, due_at=NOON, missed_in_a_row=2))
    )
    assert (note.kind, note.risk_level) == (Kind.CONTACT_SILENT, "")


def test_a_breach_and_the_end_of_quarantine_meet_in_one_condition() -> None:
    fact = quarantine.QuarantineBreached(
        **ABOUT, breach=quarantine.Breach.SCANNED, at=NOON, checkpoint_id="pho-yen"
    )
    note = translate.breached_quarantine(heard(fact))
    end = quarantine.QuarantineEnded(
        **ABOUT,
        category=quarantine.Category.F1,
        place=quarantine.Place.HOME,
        outcome=quarantine.Outcome.COMPLETED,
        ended_on=NOON.date(),
    )
    keys = {over.aggregate_id for over in translate.ended_quarantine(heard(end))}
    assert note.aggregate_id in keys
    assert note.breach == "scanned"


@pytest.mark.parametrize(("verdict", "is_told"), [("refused", True), ("allowed", False), ("check", False)])
def test_only_refused_scans_may_be_forgeries(verdict: str, is_told: bool) -> None:
    fact = permit.PermitScanned(
        **WHERE,
        scan_id="s-1",
        permit_id="unreadable",
        checkpoint_id="pho-yen",
        checkpoint_name="Chốt Phổ Yên",
        verdict=verdict,
        reason_code="bad-signature",
        mode="offline",
        scanned_at=NOON,
        received_at=LATER,
    )
    note = translate.scanned_permit(heard(fact))
    assert isinstance(note, NoteForgery) == is_told
    if note:
        assert (note.subject_id, note.person_id) == ("pho-yen", None)


def test_the_group_listens_to_facts_only_where_they_are() -> None:
    class Nowhere:
        async def run_batch(self, errands: Sequence[Any]) -> Any:
            raise AssertionError

    subscription, *_ = subscriptions(Nowhere(), Nowhere(), Nowhere())
    assert subscription.group == "alerting.watch"
    assert len(subscription.translations()) == 31


def test_every_fact_of_an_alert_becomes_its_event(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("high", 1))
    story.wait_until(NOON + minutes(31))
    story.take(DOCTOR, NOON + minutes(32))
    story.tell(risk("very_high", 2), NOON + minutes(33))
    story.close(PROVINCE, NOON + minutes(34))
    events = [translate.to_event(fact) for fact in story.facts]
    assert [event.type.split(".")[1] for event in events] == [
        "alert-raised",
        "alert-escalated",
        "alert-acknowledged",
        "alert-resolved",
        "alert-raised",
        "alert-resolved",
    ]
    for event, fact in zip(events, story.facts, strict=True):
        assert event.subject == fact.subject
        body = event.model_dump(mode="json")
        assert (body["commune_code"], body["district_code"]) == ("05437", "164")
        assert (body["condition"], body["person_id"]) == ("risk-rising", PERSON)


def test_what_is_no_fact_of_ours_is_refused_loudly() -> None:
    class Stranger:
        subject = "x"

    with pytest.raises(TypeError):
        translate.to_event(Stranger())


def test_notes_of_one_person_and_kind_always_meet() -> None:
    notes: list[Note] = [risk("high", 1), lowered("low", 2), breached("scanned", 3)]
    assert notes[0].aggregate_id == notes[1].aggregate_id != notes[2].aggregate_id


def test_a_declaration_that_nobody_answers_calls_the_next_unit_up_until_it_is_answered() -> None:
    about = {**ABOUT, "declaration_id": "d-1"}
    overdue = [
        declared.overdue_declaration(heard(SelfDeclarationOverdue(**about, declared_at=NOON, reach=reach)))
        for reach in (Reach.DISTRICT, Reach.PROVINCE)
    ]
    settled = declared.settled_declaration(
        heard(SelfDeclarationSettled(**about, answer=Answer.REFUSED, settled_at=LATER))
    )
    assert [(note.reach, note.sequence) for note in overdue] == [("district", 1), ("province", 2)]
    assert settled.sequence == 3
    assert {note.aggregate_id for note in (*overdue, settled)} == {condition_key(Kind.SELF_DECLARED, "d-1")}
    assert {note.person_id for note in overdue} == {None}
