"""From a number to the facts behind it: they add up to it, in pages, for few eyes, every look noted."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from common.contracts import f0_monitoring as f0
from common.testing.sign_in import bearer

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
OPERATOR = bearer("ioc_operator", ["19"], subject="truc-ban")
HERE = {"commune_code": "05431", "district_code": "164"}
THERE = {"commune_code": "05908", "district_code": "173"}


def declared(person: str, where: dict[str, str] = HERE, ago: timedelta = timedelta()) -> f0.PatientDeclared:
    return f0.PatientDeclared(
        person_id=person, **where, origin=f0.Origin.OFFICER, declared_at=NOW - ago, age_years=40,
        risk_level=f0.RiskLevel.LOW, ruleset="5525", care_state=f0.CareState.AT_HOME,
    )  # fmt: skip


async def test_the_facts_behind_a_number_add_up_to_it_page_by_page(running):
    await running.tell(*(declared(f"p-{n}") for n in range(5)), declared("p-9", THERE))
    address, seen = "/v1/areas/164/facts?metric=f0_new&limit=2", []
    page = await running.get(address, OPERATOR)
    assert (page["value"], page["facts"], page["change"], page["before"]) == (5, 5, 5, 0)
    while True:
        seen += page["items"]
        if page["next"] is None:
            break
        page = await running.get(f"{address}&cursor={page['next']}", OPERATOR)
    assert sorted(item["subject"] for item in seen) == [f"p-{n}" for n in range(5)]
    assert len({item["event_id"] for item in seen}) == 5
    assert {item["type"] for item in seen} == {"f0-monitoring.patient-declared.v1"}
    assert (await running.get("/v1/areas/19/facts?metric=f0_new", OPERATOR))["value"] == 6


async def test_a_stock_is_what_it_was_the_day_before_and_what_changed_since(running):
    await running.tell(declared("p-1", ago=timedelta(days=2)), declared("p-2"))
    page = await running.get("/v1/areas/05431/facts?metric=f0_active", OPERATOR)
    assert (page["before"], page["change"], page["value"]) == (1, 1, 2)
    past = await running.get("/v1/areas/05431/facts?metric=f0_active&day=2022-01-08", OPERATOR)
    assert (past["value"], [item["is_late"] for item in past["items"]]) == (1, [True])


async def test_every_look_is_noted_with_whom_it_showed(running):
    await running.tell(declared("p-1"))
    await running.get("/v1/areas/164/facts", OPERATOR)
    [noted] = await running.service.runtime.access_log.readings_of("p-1", limit=5)
    assert (noted.subject, noted.purpose) == ("truc-ban", "Tra nguồn số liệu 164/f0_new/2022-01-10")
    await running.get("/v1/areas/173/facts", OPERATOR)
    assert await running.service.runtime.access_log.readings_of("173/f0_new/2022-01-10", limit=5)


async def test_facts_are_shown_without_what_they_said_of_anybody(running):
    await running.tell(declared("p-1"))
    body = await running.get("/v1/areas/164/facts", bearer("health_officer", ["164"]))
    assert not {"age_years", "risk_level", "deltas"} & set(json.dumps(body).replace('"', " ").split())
    refused = await running.client.get("/v1/areas/164/facts", headers=bearer("health_officer", ["173"]))
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("metric=nothing", "metric-unknown"),
        ("metric=alerts_waiting", "not-a-sum"),
        ("day=2022-01-11", "day-unseen"),
        ("cursor=xyz", "bad-cursor"),
    ],
)
async def test_what_cannot_be_traced_is_refused_in_words(running, query, slug):
    refused = await running.client.get(f"/v1/areas/164/facts?{query}", headers=OPERATOR)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]) == (422, slug)
