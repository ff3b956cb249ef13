"""Records that nobody can apply, between good ones: set aside with the reason, brought back when mended."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.contracts.codec import MAX_VALUE_BYTES, to_record
from common.contracts.f0_monitoring import REPORTS
from common.messaging.catalogue import load
from common.messaging.dead_letters import notes
from common.messaging.letter_box import LetterBox
from common.messaging.records import Outgoing
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.forged import Story, entry
from tests.integration.people import Person
from tests.integration.services import eventually
from tests.integration.settled import settled

ROOT = Path(__file__).parents[2]
ASSESS = "f0-monitoring.assess"
READERS = (ASSESS, "alerting.watch", "ioc-aggregation.fold")
"""Every group that reads the declarations of F0."""
REASONS = {"broken-json", "unknown-type", "invalid-payload", "not-cloudevents", "too-large", "wrong-topic"}


def poison(person: Person, town: Town) -> list[Outgoing]:
    """Return one record for each way of being unreadable, all on the partition of this person."""
    good = Outgoing(*to_record(entry(Story(person.person_id, town.area).reported())))
    stray = Outgoing(*to_record(entry(Story(person.person_id, town.area).moved_home())))
    assert good.value is not None
    impossible = json.dumps({**json.loads(good.value), "spo2_percent": 130}).encode()
    unknown = [(n, b"f0-monitoring.mood-reported.v1" if n == "ce_type" else v) for n, v in good.headers]
    return [
        good._replace(value=b'{"report_id": "r-1", "spo2_'),
        good._replace(headers=unknown),
        good._replace(value=impossible),
        good._replace(headers=[("content-type", b"application/json")]),
        good._replace(value=b" " * MAX_VALUE_BYTES + good.value),
        stray._replace(topic=REPORTS),
    ]


async def dlq(log: FactLog, *words: str) -> str:
    """Run the command as an operator does, and return what it prints."""
    command = (sys.executable, "-m", "common.messaging.dlq", *words, "--bootstrap", log.bootstrap)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, faults = await process.communicate()
    assert process.returncode == 0, faults.decode()
    return out.decode()


async def letters_of(log: FactLog, group: str, person: Person) -> list[dict[str, str]]:
    """Return the notes on the dead letters of one person."""
    records = await log.records_about(person.person_id, [f"{group}.dlq"])
    return [notes(record.headers) for record in records]


@pytest.fixture(autouse=True)
async def boxes_emptied_afterwards(log: FactLog) -> AsyncIterator[None]:
    """Leave nothing for the operators of the other stories."""
    yield
    for group in load().groups:
        async with LetterBox(log.bootstrap, group) as box:
            await box.settle(lambda _: True)


@pytest.fixture
async def patient(town: Town) -> Person:
    person = town.somebody()
    await town.officer.declares(person)
    return person


async def test_poison_between_good_records_stops_nobody(town: Town, log: FactLog, patient: Person) -> None:
    await town.citizen.reports(patient, spo2_percent=98)
    await settled(log, *READERS)
    await log.append(*poison(patient, town))
    await town.citizen.reports(patient, spo2_percent=90, spo2_repeat_percent=90)

    await eventually(lambda: town.doctor.alerts_of(patient))
    record = await town.officer.record_of(patient)
    assert [reading["spo2_percent"] for reading in record["readings"]] == [98, 90]
    await eventually(town.ioc.figures, lambda figures: figures["reports_f0"] == 2)
    for group in READERS:
        found = await eventually(lambda g=group: letters_of(log, g, patient), lambda seen: len(seen) >= 6)  # type: ignore[misc]
        assert {letter["reason"] for letter in found} == REASONS, group
        assert {letter["topic"] for letter in found} == {REPORTS}


async def test_an_operator_lists_shows_replays_and_settles_dead_letters(
    town: Town, log: FactLog, patient: Person
) -> None:
    await log.append(*poison(patient, town))
    await eventually(lambda: letters_of(log, ASSESS, patient), lambda seen: len(seen) == 6)

    listed = await dlq(log, "list", "--group", ASSESS)
    assert all(f"{reason}: 1" in listed for reason in REASONS)
    shown = await dlq(log, "show", "--group", ASSESS, "--reason", "invalid-payload")
    assert patient.person_id in shown
    assert "spo2_percent" in shown
    await dlq(log, "replay", "--group", ASSESS, "--reason", "broken-json")

    def came_back(letters: list[dict[str, str]]) -> bool:
        return any(letter.get("replays") == "1" for letter in letters)

    await eventually(lambda: letters_of(log, ASSESS, patient), came_back)
    for reason in sorted(REASONS):
        await dlq(log, "settle", "--group", ASSESS, "--reason", reason)
    assert "none" in await dlq(log, "list", "--group", ASSESS)


async def test_a_dead_letter_is_applied_once_its_cause_is_mended(town: Town, log: FactLog) -> None:
    person = town.somebody()
    person.person_id = await pseudonym_of(town, person)
    said = Story(person.person_id, town.area).reported(spo2_percent=97)
    await log.forge(entry(said))
    [letter] = await eventually(lambda: letters_of(log, ASSESS, person))
    assert (letter["reason"], letter["detail"]) == ("refused", "no-such-patient")

    await town.officer.declares(person)
    await dlq(log, "replay", "--group", ASSESS, "--reason", "refused")

    record = await eventually(lambda: town.officer.record_of(person), lambda seen: bool(seen["readings"]))
    assert [reading["spo2_percent"] for reading in record["readings"]] == [97]
    await dlq(log, "replay", "--group", ASSESS)
    await settled(log, ASSESS)
    assert len((await town.officer.record_of(person))["readings"]) == 1


async def pseudonym_of(town: Town, person: Person) -> str:
    """Return the person's id before F0 care knows them: the permit service gives the same one."""
    await town.permits.issues(person)
    return person.person_id


async def test_broken_json_on_any_topic_reaches_every_reader_as_a_dead_letter(
    town: Town, log: FactLog, patient: Person
) -> None:
    topics = [topic for topic in load().topics if topic.subscribers]
    await log.append(*(Outgoing(t.name, patient.person_id.encode(), b"{", []) for t in topics))

    for topic in topics:
        for group in topic.subscribers:
            found = await eventually(
                lambda g=group, t=topic.name: letters_from(log, g, t, patient)  # type: ignore[misc]
            )
            assert found[0]["reason"] == "not-cloudevents"


async def letters_from(log: FactLog, group: str, topic: str, person: Person) -> list[dict[str, str]]:
    return [letter for letter in await letters_of(log, group, person) if letter["topic"] == topic]
