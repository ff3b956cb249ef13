"""A record survives being written and read, to the millisecond that BSON keeps."""

from dataclasses import replace
from datetime import date

from f0_monitoring.domain.attention import Attention, Helper, Role, Taken
from f0_monitoring.domain.model import Patient, Profile
from f0_monitoring.domain.watched import Watched
from f0_monitoring.store.documents import (
    WATCHED,
    patient_from_document,
    patient_to_document,
    watched_from_document,
)

FIELDS = set(Patient.__dataclass_fields__)


def test_every_field_of_a_rich_record_comes_back(diary, at) -> None:
    who = Profile(70 * 12, "female", ("hypertension",), False, 2, 55.5)
    diary.declare(at(10, 7), who, guardian_ids=("p-2",), sealed="s1.k", blind=("t1", "t2"))
    diary.report(at(10, 8), spo2_percent=92, spo2_repeat_percent=92)
    diary.report(at(10, 18))
    diary.report(at(11, 8), spo2_percent=88)
    rich = replace(
        diary.patient,
        carer_id="doctor-173",
        carer_reason="district",
        onset_on=date(2022, 2, 9),
        episode=2,
        source="list:1",
        lead_id="doctor-9",
        is_pinned=True,
        team=(Helper("nurse-1", Role.NURSE),),
        attention=Attention(Taken("doctor-173", at(11, 9)), unanswered=1),
    )
    assert rich.doubt is not None
    closed = replace(rich, closed_on=date(2022, 2, 20), doubt=None, next_due_at=None)
    nameless = replace(closed, forgotten_on=date(2032, 2, 20))

    for patient in (rich, closed, nameless):
        assert patient_from_document(patient_to_document(patient)) == patient
        assert watched_from_document(only_watched(patient)) == Watched.of(patient)
    assert {name for name in FIELDS if getattr(rich, name) in (None, (), "")} <= {"closed_on", "forgotten_on"}


def only_watched(patient: Patient) -> dict[str, object]:
    """Return what is left of a document that is read with `WATCHED`."""
    document = patient_to_document(patient)
    return {name: value for name, value in document.items() if f"state.{name}" in WATCHED}


def test_a_new_record_comes_back(diary, at) -> None:
    patient = diary.declare(at(10, 7))

    assert patient_from_document(patient_to_document(patient)) == patient
    assert watched_from_document(only_watched(patient)) == Watched.of(patient)
