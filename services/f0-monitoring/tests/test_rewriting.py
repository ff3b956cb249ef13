"""A record that follows another is written from it: nothing that changed may be taken from the old one."""

from dataclasses import fields, replace

import pytest

from common.mongo.fields import ABSENT
from f0_monitoring.domain.model import CareState, Patient, Profile
from f0_monitoring.store.documents import patient_to_document


@pytest.fixture
def course(diary, at) -> list[Patient]:
    """The records of one illness, from the first day to the last."""
    who = Profile(70 * 12, "female", ("hypertension",), False, 2, 55.5)
    records = [diary.declare(at(10, 7), who, guardian_ids=("p-2",), sealed="s1.k", blind=("t1", "t2"))]
    for when, vitals in (
        (at(10, 8), {}),
        (at(10, 18), {"spo2_percent": 92}),
        (at(10, 18, 5), {"spo2_percent": 93}),
        (at(11, 8), {}),
        (at(12, 9), {"temperature_celsius": 38.4}),
    ):
        diary.timers_until(when)
        diary.report(when, **vitals)
        records.append(diary.patient)
    records.append(diary.close(CareState.RECOVERED, at(20, 9)))
    return records


def test_whatever_record_follows_another_its_document_is_its_own(course) -> None:
    for before in course:
        for after in course:
            document = patient_to_document(before)
            known = document.copy()

            made, differing = patient_to_document.following(after, before, document)

            assert made == patient_to_document(after)
            assert document == known, "the old document is still remembered"
            assert {name: made.get(name, ABSENT) for name in made.keys() | document.keys()} == {
                **document,
                **differing,
            }
            assert all(document.get(name, ABSENT) != value for name, value in differing.items())


@pytest.mark.parametrize("name", [field.name for field in fields(Patient)])
def test_no_field_of_the_record_is_overlooked(course, name: str) -> None:
    early, late = course[0], course[3]
    late = replace(late, carer_id="doctor-1", carer_reason="manual", episode=2, onset_on=early.tested_on)
    mixed = replace(early, **{name: getattr(late, name)})

    document, _ = patient_to_document.following(mixed, early, patient_to_document(early))

    assert document == patient_to_document(mixed)
