"""The inbox over HTTP: who sees what, what taking and ending answer, and what is refused how."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from alerting.app import compose
from alerting.domain.model import Condition
from alerting.settings import AlertingSettings
from alerting.store.stations import MemoryStations
from common.clocks import FrozenClock
from common.service import Mode, Runtime, Service
from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from common.work.model import Cause
from services.alerting.tests.calls import call_rules
from services.alerting.tests.conftest import RULES_FOLDER
from services.alerting.tests.memory import MemoryAnswers, MemoryConditions, calling_stores
from services.alerting.tests.stories import NOON, PERSON, breached, lowered, minutes, risk

AUDIENCE = frozenset({"doctor", "health_officer", "ioc_operator", "administrator"})
"""Who sees a patient's alert."""
WATCHERS = AUDIENCE | {"permit_officer", "checkpoint_officer"}
TRIERS = frozenset({"ioc_operator", "administrator"})
RULE_FILE = RULES_FOLDER / "response-2021-08-21.yaml"
DOCTOR = bearer("doctor", ["164"], subject="doctor-164")
STATION = bearer("health_officer", ["05437"], subject="health-05437")


@dataclass
class World:
    service: Service
    store: MemoryConditions
    clock: FrozenClock
    http: httpx.AsyncClient
    told: int = 0

    async def hear(self, command: Any) -> None:
        self.told += 1
        await self.service.runtime.works[0].run(command, Cause(f"fact-{self.told}"))

    @property
    def condition(self) -> Condition:
        [stored] = self.store.aggregates.values()
        return stored.state

    @property
    def alert_id(self) -> str:
        assert self.condition.alert is not None
        return self.condition.alert.alert_id

    async def post(self, what: str, body: Any = None, *, headers: dict[str, str]) -> httpx.Response:
        return await self.http.post(f"/v1/alerts/{self.alert_id}/{what}", json=body, headers=headers)


def composed(clock: FrozenClock, store: MemoryConditions, **settings: Any) -> Service:
    loaded = sample_settings(AlertingSettings, **settings)
    runtime = Runtime(loaded, clock=clock, jwks=sample_jwks(), in_memory=True)
    return compose(loaded, runtime, store, calling_stores(), MemoryAnswers(), MemoryStations())


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, store = FrozenClock(NOON), MemoryConditions()
    service = composed(clock, store)
    async with client_of(service.app(Mode.API)) as http:
        yield World(service, store, clock, http)


def slug(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["type"].rpartition(":")[2]


async def test_the_doctor_sees_it_takes_it_and_ends_it(world: World) -> None:
    await world.hear(risk("very_high", 1, carer_id="doctor-164"))
    [row] = (await world.http.get("/v1/alerts", headers=DOCTOR)).json()["items"]
    assert (row["condition"], row["severity"], row["commune_name"]) == (
        "risk-rising",
        "critical",
        world.service.runtime.units.name_of("05437"),
    )
    assert [rung["state"] for rung in row["ladder"]] == ["here", "ahead", "ahead", "ahead"]
    assert row["step_deadline_at"] == "2021-11-23T05:05:00Z"
    taken = await world.post("acknowledgement", {"note": "Gọi ông Mẫu rồi"}, headers=DOCTOR)
    assert taken.status_code == 200, taken.text
    assert taken.json()["taken"]["by"] == "doctor-164"
    assert taken.json()["step_deadline_at"] is None
    assert [note["text"] for note in taken.json()["notes"]] == ["Gọi ông Mẫu rồi"]
    ended = await world.post("resolution", {"resolution": "handled"}, headers=DOCTOR)
    assert ended.json()["ended"]["resolution"] == "handled"
    assert (await world.http.get("/v1/alerts", headers=DOCTOR)).json()["items"] == []
    past = await world.http.get("/v1/alerts", params={"status": "ended"}, headers=DOCTOR)
    assert len(past.json()["items"]) == 1


async def test_notes_are_sealed_and_lists_do_not_open_them(world: World) -> None:
    await world.hear(risk("very_high", 1))
    await world.post("acknowledgement", {"note": "Ông Trần Mẫu, 0912345678"}, headers=DOCTOR)
    stored = repr(world.store.aggregates) + repr(world.store.facts())
    assert "Mẫu" not in stored
    assert "0912345678" not in stored
    [row] = (await world.http.get("/v1/alerts", headers=DOCTOR)).json()["items"]
    assert row["notes"] == []


async def test_reading_one_alert_is_noted_for_the_person_it_is_about(world: World) -> None:
    await world.hear(risk("very_high", 1))
    await world.http.get(f"/v1/alerts/{world.alert_id}", headers=DOCTOR)
    [row] = await world.service.runtime.access_log.readings_of(PERSON, limit=10)
    assert row.subject == "doctor-164"


async def test_a_repeated_request_is_one_acknowledgement(world: World) -> None:
    await world.hear(risk("very_high", 1))
    headers = DOCTOR | {"Idempotency-Key": "the-very-same-key"}
    for _ in range(3):
        assert (await world.post("acknowledgement", {}, headers=headers)).status_code == 200
    kinds = [entry.type for entry in world.store.facts()]
    assert kinds.count("alerting.alert-acknowledged.v1") == 1


async def test_what_was_taken_is_answered_though_a_worse_alert_takes_its_place_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.hear(risk("high", 1))
    work, first = world.service.runtime.works[0], world.alert_id
    run = work.run

    async def run_and_worsen(command: Any, cause: Cause) -> Any:
        answer = await run(command, cause)
        await run(risk("very_high", 2), Cause("fact-worse"))
        return answer

    monkeypatch.setattr(work, "run", run_and_worsen)
    reply = await world.post("acknowledgement", {}, headers=DOCTOR)

    assert reply.status_code == 200, reply.text
    assert (reply.json()["severity"], reply.json()["taken"]) == ("critical", None)
    assert reply.json()["alert_id"] != first
    kinds = [entry.type for entry in world.store.facts()]
    assert kinds.count("alerting.alert-acknowledged.v1") == 1


async def test_the_second_to_take_it_gets_a_conflict_that_says_what_to_do(world: World) -> None:
    await world.hear(risk("very_high", 1))
    await world.post("acknowledgement", {}, headers=DOCTOR)
    reply = await world.post("acknowledgement", {}, headers=STATION)
    assert slug(reply) == (409, "alert-taken")
    assert "gọi" in reply.json()["detail"]


async def test_what_is_over_or_unknown_says_so(world: World) -> None:
    await world.hear(risk("very_high", 1))
    await world.hear(lowered("low", 2))
    assert slug(await world.post("acknowledgement", {}, headers=DOCTOR)) == (409, "alert-over")
    reply = await world.http.get("/v1/alerts/no-such-alert", headers=DOCTOR)
    assert slug(reply) == (404, "alert-unknown")


@pytest.mark.parametrize(
    "body",
    [
        {"resolution": "healed"},
        {"resolution": ""},
        {},
        {"resolution": "handled", "note": "x" * 501},
        {"x": 1},
    ],
)
async def test_a_malformed_resolution_changes_nothing(world: World, body: dict[str, Any]) -> None:
    await world.hear(risk("very_high", 1))
    before = world.condition
    assert (await world.post("resolution", body, headers=DOCTOR)).status_code == 422
    assert world.condition is before


async def test_passing_it_up_calls_the_next_rung(world: World) -> None:
    await world.hear(risk("very_high", 1))
    reply = await world.post("escalation", headers=DOCTOR)
    assert [rung["state"] for rung in reply.json()["ladder"]] == ["passed", "here", "ahead", "ahead"]


async def test_the_list_goes_on_where_the_page_ended(world: World) -> None:
    for number in range(5):
        note = breached("scanned", 1)
        object.__setattr__(note, "subject_id", f"p-{number}")
        await world.hear(note)
        world.clock.move(minutes(1))
    seen, cursor = [], None
    for _ in range(3):
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await world.http.get("/v1/alerts", params=params, headers=STATION)).json()
        seen += [item["alert_id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert cursor is None


async def test_the_summary_counts_the_day(world: World) -> None:
    await world.hear(risk("very_high", 1))
    world.clock.move(minutes(3))
    await world.post("acknowledgement", {}, headers=DOCTOR)
    body = (await world.http.get("/v1/summary", headers=DOCTOR)).json()
    assert body["open"] == {"critical": 1}
    assert body["today"] == {
        "raised": 1,
        "taken": 1,
        "taken_in_target": 1,
        "climbed": 0,
        "false_alarms": 0,
    }
    assert body["channels"][0]["is_on"] is False


async def test_without_a_mail_server_no_message_waits_for_ever(world: World) -> None:
    await world.hear(risk("very_high", 1))
    assert world.condition.alert is not None
    assert world.condition.alert.deliveries == ()


async def test_with_a_mail_server_a_message_waits_for_the_courier() -> None:
    store = MemoryConditions()
    service = composed(FrozenClock(NOON), store, smtp_host="127.0.0.1")
    await service.runtime.works[0].run(risk("very_high", 1), Cause("fact-1"))
    assert len(await store.waiting(NOON, 10)) == 1


async def test_every_route_role_and_area_is_as_the_table_says(world: World) -> None:
    """Writes try a new alert each time: one taken by the first visitor would refuse the next."""
    await world.hear(risk("very_high", 1))
    url = f"/v1/alerts/{world.alert_id}"

    def again(what: str, body: Any = None) -> Any:
        def request() -> dict[str, Any]:
            world.store.aggregates.clear()
            world.store.aggregates.update(fresh)
            return {"url": f"{url}/{what}", "json": body}

        return request

    def many() -> dict[str, Any]:
        return {"url": "/v1/acknowledgements", "json": {"alert_ids": [world.alert_id]}}

    def trial() -> dict[str, Any]:
        return {"url": "/v1/rule-trials", "json": {"file": RULE_FILE.read_text("utf-8")}}

    fresh = dict(world.store.aggregates)
    later = {"until": (NOON + minutes(20)).isoformat(), "note": "Đang gọi lại"}
    rules = [
        Rule("GET", "/v1/alerts", WATCHERS, lambda: {"url": "/v1/alerts"}, is_filtered=True),
        Rule("GET", "/v1/alerts/{alert_id}", AUDIENCE, lambda: {"url": url}),
        Rule("GET", "/v1/alerts/{alert_id}/telephones", AUDIENCE, lambda: {"url": f"{url}/telephones"}),
        Rule("POST", "/v1/alerts/{alert_id}/acknowledgement", AUDIENCE, again("acknowledgement", {})),
        Rule(
            "POST",
            "/v1/alerts/{alert_id}/resolution",
            AUDIENCE,
            again("resolution", {"resolution": "handled"}),
        ),
        Rule("POST", "/v1/alerts/{alert_id}/escalation", AUDIENCE, again("escalation")),
        Rule("POST", "/v1/alerts/{alert_id}/snooze", AUDIENCE, again("snooze", later)),
        Rule("POST", "/v1/acknowledgements", WATCHERS, many, is_scoped=False),
        Rule("GET", "/v1/rules", WATCHERS | {"leader"}, lambda: {"url": "/v1/rules"}, is_scoped=False),
        Rule("POST", "/v1/rule-trials", TRIERS, trial, is_scoped=False),
        Rule("GET", "/v1/alert-groups", WATCHERS, lambda: {"url": "/v1/alert-groups"}, is_scoped=False),
        Rule("GET", "/v1/stations", WATCHERS, lambda: {"url": "/v1/stations"}, is_scoped=False),
        Rule("GET", "/v1/summary", WATCHERS, lambda: {"url": "/v1/summary"}, is_scoped=False),
        *call_rules(world.alert_id, WATCHERS, AUDIENCE),
    ]
    place = Place(inside=("05437", "164", "19"), outside=("05440", "165", "18"))
    faults = await access_faults(world.service.app(Mode.API), world.http, rules, place)
    # The stream never ends, and receipts are signed by the gateway (test_channels.py).
    assert faults == [
        "GET /v1/stream is not in the access table",
        "POST /v1/sms-receipts is not in the access table",
    ]


async def test_the_summary_of_another_area_is_empty(world: World) -> None:
    await world.hear(risk("very_high", 1))
    elsewhere = bearer("health_officer", ["165"])
    body = (await world.http.get("/v1/summary", headers=elsewhere)).json()
    assert body["open"] == {}
    assert body["today"]["raised"] == 0


async def test_the_page_comes_with_a_strict_policy(world: World) -> None:
    reply = await world.http.get("/inbox")
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy
    assert (await world.http.get("/pages/inbox.js")).status_code == 200
