"""The figures through the HTTP door: what travels from a fact to a reader, and who may read."""

import json
from datetime import UTC, datetime, timedelta

from common.contracts import alerting, permit, quarantine
from common.contracts import f0_monitoring as f0
from common.testing.access import Place, Rule, access_faults
from common.testing.sign_in import bearer
from ioc_aggregation.domain.rollout import COUNTS
from ioc_aggregation.routes.rollout import DECLARERS
from ioc_aggregation.routes.rollout import READERS as ROLLOUT_READERS
from ioc_aggregation.routes.traces import TRACERS
from ioc_aggregation.views.scope import OPERATORS, READERS, Scope

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
OPERATOR = bearer("ioc_operator", ["19"])
HERE = {"commune_code": "05431", "district_code": "164"}
THERE = {"commune_code": "05908", "district_code": "173"}


def declared(person: str, *, at: datetime = NOW, where: dict[str, str] = HERE) -> f0.PatientDeclared:
    return f0.PatientDeclared(
        person_id=person, **where, origin=f0.Origin.OFFICER, declared_at=at, age_years=40,
        risk_level=f0.RiskLevel.LOW, ruleset="5525", care_state=f0.CareState.AT_HOME,
    )  # fmt: skip


def escalated(person: str) -> f0.RiskEscalated:
    return f0.RiskEscalated(
        person_id=person, **HERE, from_level=f0.RiskLevel.LOW, to_level=f0.RiskLevel.VERY_HIGH,
        ruleset="5525", assessed_at=NOW, is_danger_sign=True,
    )  # fmt: skip


def alert(kind: type, alert_id: str = "a-1", **fields: object) -> alerting.AlertFact:
    about = {"alert_id": alert_id, "condition": "risk-rising", "severity": "critical", **HERE}
    return kind(**about, **fields)


async def test_a_fact_changes_its_commune_its_district_and_the_province(running):
    await running.tell(declared("p-1"), declared("p-2", where=THERE), escalated("p-1"))
    items = {a["code"]: a for a in (await running.get("/v1/areas", OPERATOR))["items"]}
    assert len(items) == 178 + 9 + 1
    assert [items[code]["metrics"]["f0_active"] for code in ("19", "164", "05431", "173", "05908")] == [
        2,
        1,
        1,
        1,
        1,
    ]
    assert items["05431"]["metrics"]["f0_very_high"] == 1
    assert items["05434"]["metrics"]["f0_active"] == 0
    assert items["05434"]["heard_at"] is None
    assert items["19"]["as_of"] == "2022-01-10T07:00:00Z"


async def test_a_protocol_applied_from_above_does_not_make_a_silent_commune_heard(running):
    def extended(person: str, where: dict[str, str], reason: str) -> quarantine.QuarantineExtended:
        return quarantine.QuarantineExtended(
            person_id=person,
            **where,
            from_ends_on=NOW.date(),
            to_ends_on=NOW.date(),
            reason=reason,
            protocol="762",
        )

    await running.tell(extended("p-1", HERE, "protocol_changed"), extended("p-2", THERE, "still_positive"))
    items = {a["code"]: a for a in (await running.get("/v1/areas", OPERATOR))["items"]}
    assert items["05431"]["heard_at"] is None
    assert items["05908"]["heard_at"] is not None


async def test_reading_the_log_again_changes_nothing(running):
    await running.tell(declared("p-1"))
    before = await running.get("/v1/areas", OPERATOR)
    await running.tell()
    await running.tell()
    assert (await running.get("/v1/areas", OPERATOR))["items"] == before["items"]


async def test_areas_can_be_narrowed_by_level_and_parent(running):
    districts = await running.get("/v1/areas?level=district", OPERATOR)
    assert len(districts["items"]) == 9
    inside = await running.get("/v1/areas?level=commune&parent=164", OPERATOR)
    assert {a["parent_code"] for a in inside["items"]} == {"164"}


async def test_an_officer_sees_the_own_area_only(running):
    officer = bearer("health_officer", ["05431"])
    assert [a["code"] for a in (await running.get("/v1/areas", officer))["items"]] == ["05431"]
    doctor = bearer("doctor", ["164"])
    codes = [a["code"] for a in (await running.get("/v1/areas", doctor))["items"]]
    assert codes[0] == "164"
    assert "05908" not in codes
    refused = await running.client.get("/v1/areas/173", headers=doctor)
    assert (refused.status_code, refused.json()["type"].rsplit(":", 1)[-1]) == (404, "area-unknown")


async def test_a_series_tells_which_days_were_restated(running):
    await running.tell(declared("p-1", at=NOW - timedelta(days=2)), declared("p-2"))
    series = await running.get("/v1/areas/19/series?metric=f0_new&days=4", OPERATOR)
    assert [(p["value"], p["restated"]) for p in series["items"]] == [
        (0, False),
        (1, True),
        (0, False),
        (1, False),
    ]
    stock = await running.get("/v1/areas/05431/series?metric=f0_active&days=4", OPERATOR)
    assert [p["value"] for p in stock["items"]] == [0, 1, 1, 2]
    wrong = await running.client.get("/v1/areas/19/series?metric=deaths", headers=OPERATOR)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "metric"


async def test_the_feed_shows_the_state_of_alerts_and_no_person(running):
    await running.tell(
        alert(
            alerting.AlertRaised,
            person_id="p-1",
            recipient_role="doctor",
            step=0,
            raised_at=NOW,
            cause_at=NOW,
        )
    )
    [item] = (await running.get("/v1/feed", OPERATOR))["items"]
    assert (item["state"], item["commune_name"], item["district_name"]) == (
        "waiting", "Phường Quán Triều", "Thành phố Thái Nguyên",
    )  # fmt: skip
    assert "p-1" not in json.dumps(item)
    assert (await running.get("/v1/areas/19", OPERATOR))["metrics"]["alerts_waiting"] == 1
    taken = alert(
        alerting.AlertAcknowledged,
        by="bs-1",
        by_role="doctor",
        acknowledged_at=NOW,
        seconds_to_acknowledge=40,
    )
    await running.tell(taken, sequence=2)
    metrics = (await running.get("/v1/areas/19", OPERATOR))["metrics"]
    assert (metrics["alerts_waiting"], metrics["alerts_open"], metrics["alert_seconds"]) == (0, 1, 40)
    assert (await running.get("/v1/feed", bearer("doctor", ["173"])))["items"] == []


async def test_a_directive_shows_on_its_area(running):
    change = permit.DirectiveChanged(
        area_code="164", from_directive="none", to_directive="16", effective_at=NOW, document="16/CT-TTg"
    )
    await running.tell(change)
    assert (await running.get("/v1/areas/05431", OPERATOR))["directive"] == "16"


async def test_a_directive_shows_from_its_minute_on(running):
    later, last = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    for number, (before, to, at) in enumerate((("15", "16", later), ("16", "19", last)), start=1):
        change = permit.DirectiveChanged(
            area_code="164", from_directive=before, to_directive=to, effective_at=at, document="16/CT-TTg"
        )
        await running.tell(change, sequence=number)
    shown = []
    for _ in range(3):
        shown.append((await running.get("/v1/areas/05431", OPERATOR))["directive"])
        running.clock.set(running.clock.now() + timedelta(hours=1))
        await running.board.refresh()
    assert shown == ["15", "16", "19"]


async def test_a_withdrawn_directive_does_not_show_any_more(running):
    change = permit.DirectiveChanged(
        area_code="164", from_directive="15", to_directive="16", effective_at=NOW, document="16/CT-TTg"
    )
    await running.tell(change)
    back = permit.DirectiveWithdrawn(
        area_code="164", from_directive="16", to_directive="15", effective_at=NOW, document="16/CT-TTg"
    )
    await running.tell(back, sequence=2)
    assert (await running.get("/v1/areas/05431", OPERATOR))["directive"] == "15"
    await running.tell(change)
    assert (await running.get("/v1/areas/05431", OPERATOR))["directive"] == "15", "told again, late"


async def test_an_ended_quarantine_leaves_the_stock(running):
    ordered = quarantine.QuarantineOrdered(
        person_id="p-9", **HERE, category="f1", place="home", last_exposure_on="2022-01-08",
        starts_on="2022-01-10", ends_on="2022-01-24", protocol="5599",
    )  # fmt: skip
    await running.tell(ordered)
    assert (await running.get("/v1/areas/05431", OPERATOR))["metrics"]["quarantine_f1"] == 1
    ended = quarantine.QuarantineEnded(
        person_id="p-9", **HERE, category="f1", place="home", outcome="completed", ended_on="2022-01-10"
    )
    await running.tell(ended, sequence=2)
    assert (await running.get("/v1/areas/05431", OPERATOR))["metrics"]["quarantine_active"] == 0


async def test_partners_are_told_of_each_changed_area_once(running):
    partners, *_ = running.service.worker_background
    await running.tell(declared("p-1"))
    assert await partners.publish() == 3
    assert {s["area_code"] for s in running.summaries()} == {"05431", "164", "19"}
    assert await partners.publish() == 0
    await running.tell(declared("p-2"))
    await partners.publish()
    told = [s for s in running.summaries() if s["area_code"] == "19"]
    assert [s["metrics"]["f0_active"] for s in told] == [1, 2]
    assert told[0]["definitions_version"] == (await running.get("/v1/definitions", OPERATOR))["version"]


async def test_the_stream_begins_with_a_snapshot_and_goes_on_with_what_changed(running):
    await running.tell(declared("p-1"))
    scope = Scope(frozenset({"164"}))
    [snapshot] = await running.window.snapshot(scope)
    assert {a["code"] for a in snapshot.data["areas"]} >= {"164", "05431"}
    assert "19" not in {a["code"] for a in snapshot.data["areas"]}

    from common.http.sse import for_codes

    stream = running.window.broadcast.stream(lambda: running.window.snapshot(scope), for_codes(scope.codes))
    assert (await anext(stream)).startswith(b"retry:")
    assert b"event: snapshot" in await anext(stream)
    await running.tell(declared("p-2"), declared("p-3", where=THERE))
    events = [json.loads((await anext(stream)).decode().split("data: ")[1]) for _ in range(2)]
    assert {e["code"] for e in events} == {"05431", "164"}
    assert all(e["metrics"]["f0_active"] == 2 for e in events)
    await running.tell(declared("p-4"))
    delta = json.loads((await anext(stream)).decode().split("data: ")[1])
    assert delta["metrics"] == {"f0_active": 3, "f0_at_home": 3, "f0_low": 3, "f0_new": 3, "f0_total": 3}
    await stream.aclose()


async def test_every_route_admits_whom_it_should_and_nobody_else(running):
    await running.tell(declared("p-1"))
    readers, operators = frozenset(READERS), frozenset(OPERATORS)
    xlsx = "/v1/reports/daily.xlsx?area=05431"
    rules = [
        Rule("GET", "/v1/areas", readers, lambda: {"url": "/v1/areas?level=commune"}, is_filtered=True),
        # Another district of the province is tried with the areas above.
        Rule("GET", "/v1/areas/{code}", readers, lambda: {"url": "/v1/areas/05431"}),
        Rule("GET", "/v1/areas/{code}/series", readers, lambda: {"url": "/v1/areas/05431/series"}),
        Rule("GET", "/v1/days", readers, lambda: {"url": "/v1/days?area=05431"}),
        Rule("GET", "/v1/areas/{code}/resources", readers, lambda: {"url": "/v1/areas/05431/resources"}),
        Rule("GET", "/v1/feed", readers, lambda: {"url": "/v1/feed"}, is_filtered=True),
        Rule("GET", "/v1/definitions", readers, lambda: {"url": "/v1/definitions"}, is_scoped=False),
        Rule("GET", "/v1/tilegrid", readers, lambda: {"url": "/v1/tilegrid"}, is_scoped=False),
        Rule("GET", "/v1/reports/daily", readers, lambda: {"url": "/v1/reports/daily?area=05431"}),
        Rule("GET", "/v1/reports/daily.{form}", readers, lambda: {"url": xlsx}),
        Rule("GET", "/v1/reports/mails", operators, lambda: {"url": "/v1/reports/mails"}, is_scoped=False),
        Rule("GET", "/v1/system", operators, lambda: {"url": "/v1/system"}, is_scoped=False),
    ]
    rules += [
        Rule(
            "GET", "/v1/rollout", frozenset(ROLLOUT_READERS), lambda: {"url": "/v1/rollout"}, is_filtered=True
        ),
        Rule("GET", "/v1/areas/{code}/facts", frozenset(TRACERS), lambda: {"url": "/v1/areas/05431/facts"}),
        Rule("PUT", "/v1/rollout/{code}", frozenset(DECLARERS), readiness),
    ]
    place = Place(inside=("05431", "164", "19"), outside=("18", "01"))
    faults = await access_faults(running.service.app(), running.client, rules, place)
    # A stream does not end, so it is tried by itself below.
    assert faults == ["GET /v1/stream is not in the access table"]


def readiness() -> dict[str, object]:
    counts = dict.fromkeys(COUNTS, 0)
    return {"url": "/v1/rollout/05431", "json": {"on": "2022-01-10", **counts}}


async def test_readers_of_a_stream_need_a_role_too(running):
    assert (await running.client.get("/v1/stream")).status_code == 401
    assert (await running.client.get("/v1/stream", headers=bearer("citizen"))).status_code == 403


async def test_silence_appears_without_any_fact(running):
    await running.tell(declared("p-1"))
    running.clock.move(timedelta(hours=27))
    await running.board.refresh()
    area = await running.get("/v1/areas/05431", OPERATOR)
    assert area["silent_since"] == "2022-01-10T07:00:00Z"
    assert area["metrics"]["f0_active"] == 1
