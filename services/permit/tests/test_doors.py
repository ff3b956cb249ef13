"""Documents, translations, and the Kafka door."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from common.contracts import f0_monitoring as f0
from common.contracts import permit as contract
from common.contracts import quarantine
from common.contracts.event import Event
from common.work.memory import MemoryRecords
from common.work.model import Cause, Errand, Heart, Outcome
from permit import translate
from permit.consumers import subscriptions
from permit.domain import scans
from permit.domain.decide import decide
from permit.domain.facts import PermitIssued
from permit.domain.model import Source
from permit.domain.scans import RecordScan, ScanContext, Shown
from permit.store import scan_to_document
from permit.store.files import holder_from_document, holder_to_document
from services.permit.tests.samples import (
    CHECKPOINT,
    NOW,
    PERSON,
    RULES,
    SCANNER,
    Frozen,
    application,
    standing,
    terms,
)

ABOUT = {"person_id": PERSON, "commune_code": "05434", "district_code": "164"}


def event(data: Any, sequence: int = 3) -> Event[Any]:
    return Event(
        id=f"e{sequence}",
        type=data.type,
        source="/test",
        subject=PERSON,
        time=NOW,
        sequence=sequence,
        correlationid="c",
        causationid="c",
        traceparent="",
        data=data,
    )


def moved(to: str) -> f0.PatientMoved:
    state = f0.CareState
    return f0.PatientMoved(
        **ABOUT, from_state=state.AT_HOME, to_state=state(to), risk_level=f0.RiskLevel.LOW, reason="x"
    )


def ended(outcome: str) -> quarantine.QuarantineEnded:
    return quarantine.QuarantineEnded(
        **ABOUT,
        category=quarantine.Category.F1,
        place=quarantine.Place.HOME,
        outcome=quarantine.Outcome(outcome),
        ended_on=date(2022, 1, 15),
    )


@pytest.mark.parametrize(
    ("to", "is_barred"),
    [("transferring", True), ("in_hospital", True), ("at_home", True), ("recovered", False), ("died", False)],
)
def test_a_patient_is_barred_wherever_care_goes_on(to: str, *, is_barred: bool) -> None:
    assert translate.moved_patient(event(moved(to))).is_barred is is_barred


def test_a_contact_who_became_f0_is_handed_over() -> None:
    command = translate.ended_quarantine(event(ended("became_f0")))
    assert (command.is_barred, command.is_handed_over, command.sequence) == (False, True, 3)
    assert not translate.ended_quarantine(event(ended("completed"))).is_handed_over


def test_the_service_listens_to_what_bars_people_under_its_frozen_group() -> None:
    listening = subscriptions(None, None, None, None)  # type: ignore[arg-type]
    groups = ["permit.standing", "permit.rollout", "permit.record", "permit.watch"]
    assert [each.group for each in listening] == groups
    subscription = listening[0]
    kinds = {kind.__name__ for facts in subscription.listens.values() for kind in facts}
    assert kinds == {
        "PatientDeclared",
        "PatientMoved",
        "PatientClosed",
        "QuarantineOrdered",
        "QuarantineEnded",
    }


def test_every_fact_has_its_event_and_says_where_it_counts() -> None:
    decision = decide(None, application(), RULES, NOW)
    issued = translate.to_event(decision.facts[0])
    assert isinstance(issued, contract.PermitIssued)
    assert (issued.commune_code, issued.district_code, issued.status) == ("05434", "164", "active")
    barred = decide(decision.state, standing(Source.F0, 1, is_barred=True), RULES, NOW)
    suspended = translate.to_event(barred.facts[0])
    assert isinstance(suspended, contract.PermitSuspended)
    assert (suspended.from_status, suspended.to_status, suspended.reason) == (
        "active",
        "suspended",
        "standing",
    )


def test_a_file_is_read_as_it_was_kept() -> None:
    state = decide(None, application(), RULES, NOW).state
    assert state is not None
    state = decide(state, standing(Source.QUARANTINE, 4, is_barred=True), RULES, NOW).state
    assert state is not None
    document = holder_to_document(state)
    assert holder_from_document(document) == state
    assert document["find"]["permits"] == [application().permit_id]
    assert document["find"]["statuses"] == ["suspended"]
    assert document["find"]["codes"] == ["05434", "164", "19"]


def test_a_file_that_holds_only_a_standing_is_small_and_not_searched() -> None:
    state = decide(None, standing(Source.F0, 1, is_barred=True), RULES, NOW).state
    assert state is not None
    document = holder_to_document(state)
    assert "find" not in document
    assert len(repr(document)) < 250
    assert holder_from_document(document) == state


def test_a_full_file_stays_small() -> None:
    state = None
    for number in range(3):
        state = decide(state, application(permit_id=f"MAU{number:013d}"), RULES, NOW).state
    assert state is not None
    assert len(repr(holder_to_document(state))) < 4_000


async def test_late_shuffled_and_repeated_scans_are_one_record_each() -> None:
    records: MemoryRecords[Any] = MemoryRecords()
    from common.work.ledger import Ledger

    async def contexts(commands: list[RecordScan]) -> dict[str, ScanContext]:
        return {command.scan_id: ScanContext(CHECKPOINT, None) for command in commands}

    heart = Heart("scan", scans.decide, translate.to_event, lambda: RULES)
    ledger: Ledger[Any, Any] = Ledger(heart, records, Frozen(), contexts)
    shown = Shown(application().permit_id, terms())
    commands = [
        RecordScan(f"s{n}", SCANNER, CHECKPOINT.checkpoint_id, shown, "", NOW) for n in (2, 0, 1, 0, 2)
    ]
    results = await ledger.run_batch([Errand(c, Cause(c.scan_id)) for c in commands])
    assert [result.outcome for result in results].count(Outcome.APPLIED) == 3
    again = await ledger.run_batch([Errand(c, Cause(c.scan_id)) for c in commands])
    assert {result.outcome for result in again} == {Outcome.DUPLICATE}
    assert sorted(records.rows) == ["s0", "s1", "s2"]
    document = scan_to_document(records.rows["s0"])
    assert document["scanned_at"] == NOW
    assert datetime.fromisoformat("2022-01-15T03:00:00+00:00").astimezone(UTC) == NOW


def test_the_permit_fact_names_nobody() -> None:
    fact = decide(None, application(), RULES, NOW).facts[0]
    assert isinstance(fact, PermitIssued)
    assert "s1.mau" not in translate.to_event(fact).model_dump_json()
