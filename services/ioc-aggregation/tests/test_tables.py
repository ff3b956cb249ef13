"""What partners take home: pages, CSV, days, and the figures as they were known at an instant."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.contracts import alerting
from common.contracts import f0_monitoring as f0
from common.kernel.clock import local_day
from common.testing.sign_in import bearer
from ioc_aggregation.domain.fold import Tally
from ioc_aggregation.domain.measures import unit_of, version_of
from ioc_aggregation.domain.metrics import METRICS
from ioc_aggregation.domain.totals import Place, Placed

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)  # 14:00 in Vietnam
PARTNER = bearer("partner", ["19"])
HERE = {"commune_code": "05431", "district_code": "164"}
BESIDE = {"commune_code": "05434", "district_code": "164"}
THERE = {"commune_code": "05908", "district_code": "173"}


def declared(person: str, where: dict[str, str] = HERE, at: datetime = NOW) -> f0.PatientDeclared:
    return f0.PatientDeclared(
        person_id=person, **where, origin=f0.Origin.OFFICER, declared_at=at, age_years=40,
        risk_level=f0.RiskLevel.LOW, ruleset="5525", care_state=f0.CareState.AT_HOME,
    )  # fmt: skip


async def pages(running: Any, path: str, headers: dict[str, str] = PARTNER) -> list[list[dict[str, Any]]]:
    """Follow `next` to the last page."""
    found, cursor = [], ""
    while True:
        body = await running.get(f"{path}{cursor}", headers)
        found.append(body["items"])
        if body["next"] is None:
            return found
        cursor = f"&cursor={body['next']}"


async def lines(running: Any, path: str, **headers: str) -> tuple[list[dict[str, str]], Any]:
    reply = await running.client.get(path, headers={**PARTNER, **headers})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.content.startswith(b"\xef\xbb\xbf"), "Excel takes it for another encoding"
    return list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig")))), reply


async def test_pages_hold_every_area_once_whatever_arrives_between_them(running):
    await running.tell(declared("p-1"))
    first = await running.get("/v1/areas?limit=80", PARTNER)
    await running.tell(declared("p-2", THERE))
    found = await pages(running, "/v1/areas?limit=80&level=commune")
    whole = [a["code"] for a in (await running.get("/v1/areas", PARTNER))["items"]]
    rest = await pages(running, f"/v1/areas?limit=80&cursor={first['next']}&x=1")
    told = [a["code"] for page in ([*first["items"]], *rest) for a in page]
    assert told == whole
    assert [len(page) for page in found] == [80, 80, 18]


async def test_a_cursor_from_elsewhere_is_refused_in_plain_words(running):
    for path in ("/v1/areas?cursor=x", "/v1/days?cursor=WzEsIjE5Il0", "/v1/areas?cursor=W251bGwsbnVsbF0"):
        reply = await running.client.get(path, headers=PARTNER)
        assert (reply.status_code, reply.json()["type"].rsplit(":", 1)[-1]) == (422, "bad-cursor")


async def test_areas_and_days_come_as_csv_by_header_or_by_parameter(running):
    await running.tell(declared("p-1"))
    rows, _ = await lines(running, "/v1/areas", Accept="text/csv")
    assert len(rows) == 188
    mine = next(row for row in rows if row["code"] == "05431")
    assert (mine["name"], mine["f0_active"], mine["yesterday_f0_active"]) == ("Phường Quán Triều", "1", "0")
    assert (mine["is_complete"], mine["silent_since"], mine["as_of"]) == ("true", "", "2022-01-10T07:00:00Z")
    rows, reply = await lines(running, "/v1/days?format=csv&metrics=f0_new,f0_total&level=district&limit=10")
    assert (rows[0]["day"], rows[0]["code"], set(rows[0])) == (
        "2021-12-28",
        "164",
        {"day", "code", "name", "level", "parent_code", "f0_new", "f0_total", "restated"},
    )
    link = reply.headers["link"]
    assert link.endswith('>; rel="next"')
    more, _ = await lines(running, link[1 : link.index(">")])
    assert (more[0]["day"], more[0]["code"]) == ("2021-12-29", "165")
    series, _ = await lines(running, "/v1/areas/19/series?metric=f0_new&days=3&format=csv")
    assert [row["value"] for row in series] == ["0", "0", "1"]


async def test_an_empty_page_of_csv_still_names_its_columns(running):
    rows, reply = await lines(running, "/v1/areas?parent=99999&format=csv")
    assert rows == []
    assert reply.content.decode("utf-8-sig").startswith("code,name,level")


async def test_the_table_of_days_equals_the_series_of_each_figure(running):
    for back, where in ((3, HERE), (3, BESIDE), (1, THERE), (0, HERE)):
        await running.tell(declared(f"p-{back}-{where['commune_code']}", where, NOW - timedelta(days=back)))
    table = await pages(running, "/v1/days?metrics=f0_new,f0_active&first_day=2022-01-06&limit=97")
    rows = {(row["day"], row["code"]): row for page in table for row in page}
    assert len(rows) == 5 * 188
    for code in ("19", "164", "173", "05431", "05908"):
        for metric in ("f0_new", "f0_active"):
            series = await running.get(f"/v1/areas/{code}/series?metric={metric}&days=5", PARTNER)
            assert [p["value"] for p in series["items"]] == [
                rows[p["day"], code]["values"][metric] for p in series["items"]
            ]
    assert rows["2022-01-07", "164"]["restated"] == ["f0_new"]
    assert rows["2022-01-10", "19"]["restated"] == []


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("first_day=2022-01-11", "period-impossible"),
        ("first_day=2022-01-09&last_day=2022-01-08", "period-impossible"),
        ("first_day=2020-01-01", "period-impossible"),
        ("last_day=2022-01-11", "period-impossible"),
        ("metrics=f0_new,deaths", "metric-unknown"),
        ("metrics=alerts_waiting", "metric-now-only"),
        ("area=99999", "area-unknown"),
        ("as_of=2022-01-10T07:00:01Z", "instant-unknown"),
        ("as_of=2021-11-10T07:00:00Z", "instant-unknown"),
        ("as_of=2022-01-10T07:00:00", "invalid-input"),
    ],
)
async def test_what_cannot_be_answered_is_refused_with_what_to_do(running, query, slug):
    reply = await running.client.get(f"/v1/days?{query}", headers=PARTNER)
    assert reply.status_code == (404 if slug == "area-unknown" else 422)
    assert reply.json()["type"].rsplit(":", 1)[-1].startswith(slug)


async def test_as_of_tells_what_was_known_then_not_what_is_known_now(running):
    """At noon one case of today is known; at 14:00 come a case of today and one of three days ago."""
    noon = NOW - timedelta(hours=2)
    running.clock.set(noon)
    await running.tell(declared("p-1", at=noon))
    running.clock.set(NOW)
    await running.tell(declared("p-2"), declared("p-3", BESIDE, NOW - timedelta(days=3)))
    then = await running.get("/v1/areas/19?as_of=2022-01-10T06:59:59Z", PARTNER)
    now = await running.get("/v1/areas/19", PARTNER)
    for name, was, is_ in (("f0_total", 1, 3), ("f0_active", 1, 3), ("f0_new", 1, 2)):
        assert (then["metrics"][name], now["metrics"][name]) == (was, is_)
    assert (then["restated"], now["restated"]) == ([], ["f0_new"])
    assert then["as_of"] == then["heard_at"] == "2022-01-10T05:00:00Z"
    assert "alerts_waiting" not in then["metrics"], "who waited then is not known"
    days = "/v1/days?area=19&level=province&metrics=f0_new,f0_total&first_day=2022-01-07"
    old = await running.get(f"{days}&as_of=2022-01-10T13:59:59%2B07:00", PARTNER)
    assert [row["values"] for row in old["items"]] == [
        *[{"f0_new": 0, "f0_total": 0}] * 3,
        {"f0_new": 1, "f0_total": 1},
    ]
    assert old["known_at"] == "2022-01-10T13:59:59+07:00"
    new = await running.get(days, PARTNER)
    assert [row["values"]["f0_new"] for row in new["items"]] == [1, 0, 0, 2]
    assert [row["restated"] for row in new["items"]] == [["f0_new"], [], [], []]
    csv_rows, _ = await lines(running, "/v1/areas?level=province&format=csv&as_of=2022-01-10T06:59:59Z")
    assert csv_rows[0]["f0_total"] == "1"


async def test_as_of_before_anything_was_heard_is_empty_and_nothing_is_silent(running):
    await running.tell(declared("p-1"))
    then = await running.get("/v1/areas/05431?as_of=2022-01-09T00:00:00Z", PARTNER)
    assert (then["metrics"]["f0_total"], then["as_of"], then["silent_since"]) == (0, None, None)


async def test_as_of_shows_who_was_silent_then(running):
    running.clock.set(NOW - timedelta(days=3))
    await running.tell(declared("p-1", at=running.clock.now()))
    running.clock.set(NOW)
    await running.tell(declared("p-2"))
    assert (await running.get("/v1/areas/05431", PARTNER))["silent_since"] is None
    then = await running.get("/v1/areas/05431?as_of=2022-01-09T12:00:00Z", PARTNER)
    assert (then["silent_since"], then["is_complete"]) == ("2022-01-07T07:00:00Z", False)


async def test_the_past_is_within_the_areas_of_the_reader_too(running):
    await running.tell(declared("p-1"), declared("p-2", THERE))
    officer = bearer("health_officer", ["05431"])
    query = "as_of=2022-01-10T07:00:00Z"
    assert [a["code"] for a in (await running.get(f"/v1/areas?{query}", officer))["items"]] == ["05431"]
    rows = (await running.get(f"/v1/days?{query}&first_day=2022-01-10", officer))["items"]
    assert [row["code"] for row in rows] == ["05431"]
    for path in ("/v1/areas/05908", "/v1/areas/05908/series", "/v1/days?area=05908", "/v1/days?area=19"):
        sign = "&" if "?" in path else "?"
        reply = await running.client.get(f"{path}{sign}{query}", headers=officer)
        assert reply.status_code == 404, path


async def test_a_fact_that_is_just_being_added_is_not_taken_away_twice(running):
    """It has its row, but no totals document holds it yet: the process died between the two."""
    await running.tell(declared("p-1"))
    running.clock.move(timedelta(minutes=5))
    at, deltas = running.clock.now(), {"f0_new": 1, "f0_total": 1}
    tally = Tally("e-2", "test", "p-2", 1, "05431", local_day(at), at, deltas)
    await running.totals.claim([Placed(tally, Place("f0.patients.v1:0", 99))])
    then = await running.get("/v1/areas/19?as_of=2022-01-10T07:01:00Z", PARTNER)
    assert (then["metrics"]["f0_total"], then["metrics"]["f0_new"]) == (1, 1)


async def test_every_figure_has_a_unit_and_a_version(running):
    body = await running.get("/v1/definitions", PARTNER)
    told = {each["name"]: (each["unit"], each["version"]) for each in body["items"]}
    assert told == {name: (unit_of(name), version_of(name)) for name in METRICS}
    assert told["alert_seconds"] == ("giây", 1)
    assert told["permits_active"][0] == "giấy"
    assert told["f0_active"][0] == "người"
    assert told["reports_missed"][0] == "lượt"
    series = await running.get("/v1/areas/19/series?metric=scans&days=1", PARTNER)
    assert (series["unit"], series["version"]) == ("lượt", 1)


async def test_no_person_is_in_any_table(running):
    await running.tell(declared("p-secret"))
    raised = alerting.AlertRaised(
        alert_id="a-1", condition="risk-rising", severity="critical", **HERE, person_id="p-secret",
        recipient_role="doctor", step=0, raised_at=NOW, cause_at=NOW,
    )  # fmt: skip
    await running.tell(raised)
    for path in ("/v1/areas", "/v1/areas?as_of=2022-01-10T07:00:00Z", "/v1/days", "/v1/areas/19"):
        assert "p-secret" not in json.dumps(await running.get(path, PARTNER))
