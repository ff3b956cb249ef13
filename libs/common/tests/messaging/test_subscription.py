"""What a subscription reads, passes over and turns into commands."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from common.contracts import codec
from common.contracts.event import Event
from common.contracts.f0_monitoring import PATIENTS, REPORTS, DoctorAssigned, HealthReported, PatientClosed
from common.contracts.permit import PermitIssued
from common.kernel.errors import Invalid
from common.messaging.batch import Reader
from common.messaging.catalogue import schemas_folder
from common.messaging.subscription import Subscription, as_commands
from common.testing.bus import MemoryRecord
from common.work.model import Errand, OutboxEntry, Result


@dataclass(frozen=True)
class Look:
    aggregate_id: str


class NoDoor:
    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        raise AssertionError("not called")


def subscription(**translations: Any) -> Subscription:
    assigned = translations.get("assigned", lambda event: Look(event.subject))
    reported = translations.get("reported", lambda event: Look(event.subject))
    listens: Any = {PATIENTS: {DoctorAssigned: assigned}, REPORTS: {HealthReported: reported}}
    return Subscription("f0-monitoring.assess", listens, NoDoor())


def record(event_type: str, *, topic: str | None = None, offset: int = 5) -> MemoryRecord:
    sample = json.loads((schemas_folder() / "samples" / f"{event_type}.json").read_text())
    kind = codec.PAYLOADS[event_type]
    entry = OutboxEntry(
        id=sample["id"],
        type=event_type,
        topic=topic or kind.topic,
        subject=sample["subject"],
        sequence=int(sample["sequence"]),
        recorded_at=datetime(2022, 1, 20, tzinfo=UTC),
        data=json.dumps(sample["data"]),
        correlation_id="c-1",
    )
    place, key, value, headers = codec.to_record(entry)
    return MemoryRecord(place, 2, offset, key, value, headers)


def test_it_reads_its_topics_and_its_retries() -> None:
    assert subscription().topics == (PATIENTS, REPORTS, "f0-monitoring.assess.retry")


def test_a_fact_on_a_topic_it_is_never_on_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"permit\.permits\.v1"):
        Subscription("permit.standing", {PATIENTS: {PermitIssued: Look}}, NoDoor())


def test_a_sequenced_fact_is_ordered_by_its_subject_whatever_topic_brings_it() -> None:
    fact = record(DoctorAssigned.type)
    back = fact._replace(topic="f0-monitoring.assess.retry", partition=0, offset=1)
    causes = [errand.cause for errand in Reader(subscription()).read([fact, back]).errands]
    assert causes[0] == causes[1]
    assert causes[0].source == "f0-monitoring:sample-person-0001"
    assert (causes[0].sequence, causes[0].gapless, causes[0].correlation_id) == (2, True, "c-1")


def test_an_append_only_record_is_ordered_by_its_place() -> None:
    [errand] = Reader(subscription()).read([record(HealthReported.type, offset=41)]).errands
    assert (errand.cause.source, errand.cause.sequence, errand.cause.gapless) == (
        "f0.reports.v1-2",
        41,
        False,
    )
    assert errand.cause.id == "sample-f0-monitoring.health-reported.v1"


def test_several_commands_of_one_fact_have_causes_of_their_own() -> None:
    reader = Reader(subscription(assigned=lambda _: [Look("a"), Look("b"), Look("a")]))
    batch = reader.read([record(DoctorAssigned.type)])
    assert len({errand.cause.id for errand in batch.errands}) == 3
    assert len({errand.cause.source for errand in batch.errands}) == 3
    again = reader.read([record(DoctorAssigned.type)])
    assert batch.errands == again.errands


@pytest.mark.parametrize("nothing", [None, (), []])
def test_a_fact_that_does_not_concern_us_becomes_nothing(nothing: Any) -> None:
    batch = Reader(subscription(assigned=lambda _: nothing)).read([record(DoctorAssigned.type)])
    assert (batch.errands, batch.refused) == ([], [])


def test_a_fact_nobody_listens_to_is_passed_over_even_in_the_retries() -> None:
    fact = record(PatientClosed.type)
    foreign = record(PermitIssued.type)._replace(topic="f0-monitoring.assess.retry")
    batch = Reader(subscription()).read([fact, foreign])
    assert (batch.errands, batch.refused) == ([], [])


def test_a_translation_that_refuses_or_breaks_sets_only_its_own_record_aside() -> None:
    def translate(event: Event[Any]) -> Look:
        if event.id == "bad":
            raise Invalid("không hợp lệ")
        if event.id == "bug":
            raise KeyError("commune")
        return Look(event.subject)

    def renamed(name: bytes) -> MemoryRecord:
        good = record(DoctorAssigned.type)
        headers = [(key, name if key == "ce_id" else text) for key, text in good.headers]
        return good._replace(headers=headers)

    reader = Reader(subscription(assigned=translate))
    batch = reader.read([renamed(b"bad"), renamed(b"good"), renamed(b"bug")])
    assert [errand.cause.id for errand in batch.errands] == ["good"]
    assert [(bad.reason, bad.detail) for bad in batch.refused] == [
        ("refused", "invalid-value"),
        ("unexpected-fault", "translation: KeyError"),
    ]


def test_a_record_of_which_one_command_is_refused_is_set_aside_once() -> None:
    from common.work.model import Outcome

    reader = Reader(subscription(assigned=lambda _: [Look("a"), Look("b")]))
    batch = reader.read([record(DoctorAssigned.type)])
    refused = Result(Outcome.REFUSED, error=Invalid("sai"))
    [bad] = batch.refusals([refused, replace(refused)])
    assert bad.detail == "invalid-value"


class NamedCommand(NamedTuple):
    aggregate_id: str
    amount: int


def test_a_command_that_is_a_named_tuple_is_one_command() -> None:
    """A plain tuple is several commands; a named one is a command with fields."""
    command = NamedCommand("a", 1)

    assert as_commands(command) == (command,)
    assert as_commands((command, command)) == (command, command)
    assert as_commands(None) == ()
