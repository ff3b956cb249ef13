"""The service through its Kafka door: other services' facts, its own ledger, timers, duplicates, garbage."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from common.contracts.codec import to_record
from common.contracts.f0_monitoring import PatientClosed, PatientDeclared
from common.contracts.permit import PermitScanned
from common.contracts.quarantine import CASES, REPORTS
from common.kernel.ids import derived_id
from common.messaging.groups import dead_letters_of
from common.testing.sign_in import bearer
from common.work.model import OutboxEntry

OFFICER = bearer("health_officer", ["05443"], subject="cb-05443")
PERSON = {"full_name": "Nguyễn Thị Mẫu", "cccd": "019184000123", "birth_year": 1984, "sex": "female"}
ORDER = {
    "person": PERSON,
    "commune_code": "05443",
    "address": "Số 12, tổ 3",
    "category": "f1",
    "place": "home",
    "last_exposure_on": "2021-08-01",
}
PLACE = {"commune_code": "05443", "district_code": "164"}


@dataclass
class World:
    """A person in quarantine, and what others say about them."""

    running: object
    person_id: str

    async def tell(self, payload, *, sequence=1, event_id=None):
        entry = OutboxEntry(
            id=event_id or derived_id(payload.type, str(sequence), payload.model_dump_json()),
            type=payload.type,
            topic=payload.topic,
            subject=payload.subject,
            sequence=sequence,
            recorded_at=datetime.now(UTC),
            data=payload.model_dump_json(),
        )
        await self.running.bus.publish([to_record(entry)])

    async def settle(self):
        """Let everything travel until nothing moves."""
        for _ in range(3):
            await self.running.relay()
            await self.running.consume()
        await self.running.relay()

    async def kinds(self, topic):
        return [fact["type"].split(".")[1] for fact in await self.running.facts(topic)]

    def declared(self, at):
        return PatientDeclared(
            person_id=self.person_id,
            **PLACE,
            origin="officer",
            declared_at=at,
            age_years=37,
            risk_level="low",
            ruleset="3646",
            care_state="declared",
        )

    def closed(self, on, outcome="wrongly_declared"):
        return PatientClosed(
            person_id=self.person_id,
            **PLACE,
            outcome=outcome,
            care_state="at_home",
            risk_level="low",
            closed_on=on,
        )

    def scanned(self, at, scan_id="scan-1", person_id=None):
        return PermitScanned(
            scan_id=scan_id,
            permit_id="permit-1",
            person_id=person_id or self.person_id,
            checkpoint_id="chot-1",
            checkpoint_name="Chốt mẫu",
            commune_code="05500",
            district_code="165",
            verdict="refused",
            reason_code="standing",
            mode="offline",
            scanned_at=at,
            received_at=at + timedelta(hours=6),
        )


@pytest.fixture
async def world(running):
    made = await running.client.post("/v1/cases", json=ORDER, headers=OFFICER)
    assert made.status_code == 201, made.text
    return World(running, made.json()["person_id"])


async def declare(running, world, at):
    me = bearer("citizen", [], person_id=world.person_id)
    body = {"reported_at": at.isoformat(), "symptoms": []}
    response = await running.client.post(f"/v1/cases/{world.person_id}/reports", json=body, headers=me)
    assert response.status_code == 201, response.text


async def test_a_declaration_travels_from_the_ledger_to_the_file(running, world, local):
    running.clock.set(local("2021-08-02T09:00"))
    await declare(running, world, local("2021-08-02T08:59"))
    await world.settle()

    assert (await running.cases.get(world.person_id)).stay.duty.last_reported_at == local("2021-08-02T08:59")
    [fact] = await running.facts(REPORTS)
    assert fact["type"] == "quarantine.health-reported.v1"
    assert fact["has_symptoms"] is False


async def test_absence_is_told_within_a_minute_of_the_deadline_and_never_twice(running, world, local):
    running.clock.set(local("2021-08-02T17:00:19"))
    assert await running.fire() == 0
    running.clock.set(local("2021-08-02T17:00:21"))
    assert await running.fire() == 1
    assert await running.fire() == 0
    await world.settle()

    [fact] = await running.facts(REPORTS)
    assert (fact["type"], fact["missed_in_a_row"]) == ("quarantine.declaration-missed.v1", 1)
    assert fact["due_at"] == "2021-08-02T10:00:00Z"


async def test_a_declaration_just_before_the_deadline_is_not_missed_though_kafka_is_away(
    running, world, local
):
    running.clock.set(local("2021-08-02T16:59:59"))
    await declare(running, world, local("2021-08-02T16:59:59"))
    # Nothing is relayed and nothing is consumed: the file has not heard of it.
    running.clock.set(local("2021-08-02T17:00:21"))
    assert await running.fire() == 1
    await world.settle()

    assert await world.kinds(REPORTS) == ["health-reported"]


async def test_a_service_that_was_away_for_three_days_tells_each_missed_day_once(running, world, local):
    running.clock.set(local("2021-08-05T08:00"))
    await running.fire()
    await world.settle()

    due = [fact["due_at"] for fact in await running.facts(REPORTS)]
    assert due == [f"2021-08-0{day}T10:00:00Z" for day in (2, 3, 4)]


async def test_f0_and_back_is_told_in_order_and_duplicates_change_nothing(running, world, local):
    for _ in range(2):
        await world.tell(world.declared(local("2021-08-05T09:00")), sequence=1)
        await world.tell(world.closed("2021-08-06"), sequence=7)
        await world.settle()

    assert await world.kinds(CASES) == [
        "quarantine-ordered",
        "contact-became-f0",
        "quarantine-ended",
        "quarantine-ordered",
    ]


async def test_the_withdrawal_arriving_first_leaves_the_quarantine_untouched(running, world, local):
    await world.tell(world.closed("2021-08-06"), sequence=7)
    await world.settle()
    await world.tell(world.declared(local("2021-08-05T09:00")), sequence=1)
    await world.settle()

    assert await world.kinds(CASES) == ["quarantine-ordered"]


async def test_facts_of_f0_care_that_are_not_ours_are_passed_over(running, world, local):
    await world.tell(world.declared(local("2021-08-05T09:00")), sequence=1)
    await world.tell(world.closed("2021-08-19", "recovered"), sequence=30)
    await world.settle()

    assert (await world.kinds(CASES))[-1] == "quarantine-ended"
    assert await running.bus.read(dead_letters_of("quarantine.patients")) == []


async def test_a_scan_is_one_breach_however_often_it_is_delivered(running, world, local):
    at = local("2021-08-03T10:00")
    for event_id in ("event-1", "event-1", "event-2"):  # a copy, and the same scan uploaded by two devices
        await world.tell(world.scanned(at), event_id=event_id)
    await world.tell(world.scanned(at, "scan-2", person_id="p-nobody"))
    await world.settle()

    breaches = [f for f in await running.facts(CASES) if f["type"] == "quarantine.quarantine-breached.v1"]
    assert [(b["evidence_id"], b["breach"], b["commune_code"]) for b in breaches] == [
        ("scan-1", "scanned", "05443")
    ]


async def test_a_broken_record_between_good_ones_is_set_aside_alone(running, world, local):
    await world.tell(world.declared(local("2021-08-05T09:00")), sequence=1)
    good = (await running.bus.read("f0.patients.v1"))[0]
    await running.bus.publish([("f0.patients.v1", good.key, b"{not json", good.headers)])
    await world.tell(world.closed("2021-08-06"), sequence=2)
    await world.settle()

    assert (await world.kinds(CASES))[-1] == "quarantine-ordered"
    letters = await running.bus.read(dead_letters_of("quarantine.patients"))
    assert letters
    assert all(dict(letter.headers) for letter in letters)


async def test_no_fact_carries_a_name_a_phone_or_a_paper(running, world, local):
    running.clock.set(local("2021-08-02T17:00:21"))
    await running.fire()
    await world.tell(world.declared(local("2021-08-05T09:00")), sequence=1)
    await world.settle()
    told = json.dumps(await running.facts(CASES) + await running.facts(REPORTS), ensure_ascii=False)

    for secret in ("Nguyễn", "Mẫu", "019184000123", "Số 12"):
        assert secret not in told
