"""After everything that happened in this session: who reads along learns nothing of anybody."""

import json
from pathlib import Path

from deploy.local.stack import Stack
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.people import EVERYBODY, Person
from tests.integration.raw_documents import connected, documents
from tests.integration.services import eventually
from tests.integration.settled import settled

LONGEST_LOG_LINE = 100_000


async def an_eventful_day(town: Town) -> Person:
    """Play the whole thread for one person, with notes in words as officers write them."""
    person = town.somebody()
    paper = await town.permits.issues(person, purpose=f"Đưa {person.full_name} đi làm")
    await town.officer.quarantines(person)
    await town.officer.declares(person)
    await town.citizen.reports(person, spo2_percent=90, spo2_repeat_percent=90)
    [alert] = await eventually(lambda: town.doctor.alerts_of(person))
    note = {"note": f"Đã gọi {person.full_name} số {person.phone}"}
    path = f"/v1/alerts/{alert['alert_id']}/acknowledgement"
    await town.services.post("alerting", path, note, **town.doctor.who)
    await town.checkpoint.scans(paper)
    body = {"outcome": "wrongly_declared", "reason": f"Nhầm với {person.full_name}, CCCD {person.cccd}"}
    await town.services.post(
        "f0_monitoring", f"/v1/patients/{person.person_id}/closing", body, **town.officer.who
    )
    await town.services.get("quarantine", f"/v1/people?q={person.phone}", **town.officer.who)
    return person


def found_in(text: str) -> list[str]:
    return [secret for person in EVERYBODY for secret in person.secrets() if secret in text]


async def test_no_topic_no_document_and_no_log_names_anybody(stack: Stack, town: Town, log: FactLog) -> None:
    await an_eventful_day(town)
    await settled(log)

    async with FactLog(stack.place.kafka_bootstrap, since_the_beginning=True) as whole:
        for record in await whole.read():
            parts = [record.key or b"", record.value or b"", *(text for _, text in record.headers)]
            assert found_in(b" ".join(parts).decode("utf-8", "replace")) == [], record.topic
    async with connected(stack.place.mongo_uri) as client:
        for place, text in await documents(client):
            assert found_in(text) == [], place
    for file in logs_of(stack):
        assert found_in(plain(file.read_text("utf-8", "replace"))) == [], file.name


def logs_of(stack: Stack) -> list[Path]:
    """Return the logs of our services; servers are not ours, and letters go to their readers."""
    files = sorted((stack.place.folder / "logs").glob("*.log"))
    return [file for file in files if file.stem not in ("mongod", "kafka")]


def plain(text: str) -> str:
    """Undo what JSON does to Vietnamese letters."""
    return text + "\n".join(_unescaped(line) for line in text.splitlines() if "\\u" in line)


def _unescaped(line: str) -> str:
    try:
        return json.dumps(json.loads(line), ensure_ascii=False)
    except ValueError:
        return line[:LONGEST_LOG_LINE].encode().decode("unicode_escape", "replace")


async def test_whoever_opens_a_record_is_noted_and_the_patient_can_read_by_whom(town: Town) -> None:
    person = town.somebody()
    await town.officer.declares(person)
    await town.officer.record_of(person)

    who = {"role": "citizen", "person_id": person.person_id}
    readings = (await town.services.get("f0_monitoring", "/v1/me/readings", **who))["items"]

    purposes = [reading["purpose"] for reading in readings]
    assert "Xem hồ sơ F0" in purposes
    assert all("health_officer" in reading["roles"] for reading in readings)
    await town.services.get("f0_monitoring", "/v1/me", **who)
    again = (await town.services.get("f0_monitoring", "/v1/me/readings", **who))["items"]
    assert len(again) == len(readings), "reading one's own record is nobody's business"
