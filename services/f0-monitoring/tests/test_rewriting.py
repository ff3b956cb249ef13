"""A record that follows another is written from it: nothing that changed may be taken from the old one."""

from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import pytest

from common.mongo.fields import ABSENT, Grown
from f0_monitoring.domain.model import READINGS_CAP, CareState, Patient, Profile
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
                **{name: applied(value, document.get(name)) for name, value in differing.items()},
            }
            assert all(document.get(name, ABSENT) != value for name, value in differing.items())


def applied(value: Any, kept: Any) -> Any:
    """Return what MongoDB makes of *kept* when it is told *value*."""
    return [*kept, *value.rows][-value.most :] if isinstance(value, Grown) else value


def test_of_readings_that_follow_others_the_new_ones_are_all_that_is_written(diary, at) -> None:
    records = [diary.declare(at(10, 7))]
    for day in range(11, 11 + READINGS_CAP + 2):
        diary.report(at(day, 8))
        records.append(diary.patient)

    for before, after in pairwise(records[1:]):
        _, differing = patient_to_document.following(after, before, patient_to_document(before))
        assert differing["readings"] == Grown([list(after.readings[-1])], READINGS_CAP)

    _, two_at_once = patient_to_document.following(records[5], records[3], patient_to_document(records[3]))
    assert len(two_at_once["readings"].rows) == 2


def test_a_reading_that_comes_late_is_written_with_all_others(diary, at) -> None:
    diary.declare(at(10, 7))
    for hour in (8, 12):
        diary.report(at(11, hour))
    before = diary.patient
    diary.report(at(11, 10), received_at=at(11, 13))

    made, differing = patient_to_document.following(diary.patient, before, patient_to_document(before))

    assert [row[1] for row in differing["readings"]] == [at(11, 8), at(11, 10), at(11, 12)]
    assert made["readings"] == differing["readings"]


@pytest.mark.parametrize("name", [field.name for field in fields(Patient)])
def test_no_field_of_the_record_is_overlooked(course, name: str) -> None:
    early, late = course[0], course[3]
    late = replace(late, carer_id="doctor-1", carer_reason="manual", episode=2, onset_on=early.tested_on)
    mixed = replace(early, **{name: getattr(late, name)})

    document, _ = patient_to_document.following(mixed, early, patient_to_document(early))

    assert document == patient_to_document(mixed)
