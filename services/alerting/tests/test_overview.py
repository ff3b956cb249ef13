"""A storm is one group with a probable cause; who has not answered stands first; answers are timed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerting.domain.answers import promptness
from alerting.domain.commands import NoteSilence
from alerting.domain.model import Kind, Severity
from alerting.domain.rules import Storms
from alerting.domain.storms import Cause, Count, Storm, groups
from alerting.translate.answers import acknowledged
from common.clocks import FrozenClock
from common.contracts import alerting as told
from common.contracts.event import Event
from common.kernel.areas import Area
from common.service import Mode
from common.testing.sign_in import bearer, client_of
from common.work.model import Cause as Because
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import NOON, breached, minutes
from services.alerting.tests.test_inbox_http import STATION as STATION_HEADERS
from services.alerting.tests.test_inbox_http import World, composed

RULES = Storms(20, timedelta(minutes=10))
DISTRICT = bearer("health_officer", ["164"], subject="health-164")


def count(kind: Kind, commune: str, alerts: int, *, minute: int = 0, district: str = "164") -> Count:
    at = NOON + minutes(minute)
    return Count(kind, commune, district, at, alerts, alerts, Severity.WARNING, at, at)


def storm_of(*counts: Count) -> Storm | None:
    [group] = groups(counts, RULES)
    return group.storm


def test_a_commune_that_falls_silent_as_one_is_told_apart_from_a_province_that_does() -> None:
    here = storm_of(count(Kind.CONTACT_SILENT, "05437", 30), count(Kind.CONTACT_SILENT, "05440", 2))
    assert here is not None
    assert (here.cause, here.alerts, here.communes, here.places[0]) == (
        Cause.PLACE_SILENT,
        32,
        2,
        ("05437", 30),
    )
    spread = [count(Kind.CONTACT_SILENT, f"05{n}", 4, district=str(160 + n % 5)) for n in range(400, 410)]
    everywhere = storm_of(*spread)
    assert everywhere is not None
    assert (everywhere.cause, everywhere.districts) == (Cause.SYSTEM, 5)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (Kind.PERMIT_FORGED, Cause.KEYS),
        (Kind.CARE_UNCOVERED, Cause.DUTY),
        (Kind.STOCK_LOW, Cause.SUPPLY),
        (Kind.RISK_RISING, Cause.ONE_PLACE),
    ],
)
def test_what_is_probably_behind_it_depends_on_the_kind(kind: Kind, cause: Cause) -> None:
    storm = storm_of(count(kind, "05437", 25))
    assert storm is not None
    assert storm.cause is cause


def test_the_same_number_over_a_day_is_no_storm() -> None:
    counts = [count(Kind.CONTACT_SILENT, "05437", 3, minute=30 * n) for n in range(20)]
    assert storm_of(*counts) is None


def test_a_storm_over_the_edge_of_a_window_is_still_one() -> None:
    edge = storm_of(
        count(Kind.CONTACT_SILENT, "05437", 12), count(Kind.CONTACT_SILENT, "05437", 12, minute=5)
    )
    assert edge is not None
    assert edge.alerts == 24


def test_the_worst_group_comes_first_and_the_larger_of_equals() -> None:
    worse = replace(count(Kind.RISK_RISING, "05437", 1), worst=Severity.CRITICAL)
    found = groups(
        [count(Kind.CONTACT_SILENT, "05437", 3), count(Kind.PATIENT_SILENT, "05437", 9), worse], RULES
    )
    assert [group.kind for group in found] == [Kind.RISK_RISING, Kind.PATIENT_SILENT, Kind.CONTACT_SILENT]


def test_nine_of_ten_were_taken_within_the_ninetieth_percentile() -> None:
    prompt = promptness([10.0 * n for n in range(1, 11)], 50)
    assert (prompt.answered, prompt.in_target, prompt.median_seconds, prompt.p90_seconds) == (
        10,
        5,
        55.0,
        90.0,
    )
    assert promptness([], 50).median_seconds is None


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, store = FrozenClock(NOON), MemoryConditions()
    service = composed(clock, store)
    async with client_of(service.app(Mode.API)) as http:
        yield World(service, store, clock, http)


async def silence(world: World, number: int, commune: str) -> None:
    who = f"person-{number}"
    area = Area(commune, "164")
    await world.hear(NoteSilence(Kind.CONTACT_SILENT, who, area, NOON, 1, who, 3))


async def overview(world: World, path: str, headers: dict[str, str] = DISTRICT) -> Any:
    return (await world.http.get(f"/v1/{path}", headers=headers)).json()


async def test_a_storm_is_one_line_of_the_inbox(world: World) -> None:
    for number in range(25):
        await silence(world, number, "05437")
    await world.hear(breached("scanned", 1))
    body = await overview(world, "alert-groups")
    assert (body["alerts"], body["waiting"]) == (26, 26)
    breach, silent = body["items"]
    assert (breach["condition"], breach["storm"]) == ("quarantine-breached", None)
    assert (silent["alerts"], silent["storm"]["cause"], silent["storm"]["communes"]) == (
        25,
        "place_silent",
        1,
    )
    assert silent["storm"]["places"][0]["name"] == world.service.runtime.units.name_of("05437")


async def file_answer(world: World, number: int, seconds: float, commune: str = "05437") -> None:
    data = told.AlertAcknowledged(
        alert_id=f"a-{number}",
        condition="contact-silent",
        severity=told.Severity.WARNING,
        commune_code=commune,
        district_code="164",
        by="x",
        by_role="health_officer",
        acknowledged_at=world.clock.now() - timedelta(days=1),
        seconds_to_acknowledge=seconds,
    )
    event = Event(f"e-{number}", data.type, "alerting", data.alert_id, data.acknowledged_at, 2, data)
    [ledger] = world.service.runtime.ledgers
    await ledger.run(acknowledged(event), Because(event.id))


async def test_the_station_that_has_not_answered_longest_stands_first(world: World) -> None:
    await silence(world, 1, "05437")
    world.clock.move(minutes(20))
    await silence(world, 2, "05440")
    for number, seconds in enumerate([60, 120, 600]):
        await file_answer(world, number, seconds)
        await file_answer(world, number, seconds)
    body = await overview(world, "stations")
    first, second = body["items"]
    assert (first["code"], first["waiting"], first["oldest_at"]) == ("05437", 1, "2021-11-23T05:00:00Z")
    assert (first["answered"], first["median_seconds"], first["p90_seconds"]) == (3, 120.0, 600.0)
    assert first["in_target"] == 2
    assert (second["code"], second["answered"], second["median_seconds"]) == ("05440", 0, None)
    [district] = (await overview(world, "stations?by=district"))["items"]
    assert (district["code"], district["waiting"], district["answered"]) == ("164", 2, 3)


async def test_a_station_that_took_its_alert_owes_no_answer(world: World) -> None:
    await silence(world, 1, "05437")
    alert_id = world.alert_id
    await world.http.post(f"/v1/alerts/{alert_id}/acknowledgement", json={}, headers=STATION_HEADERS)
    assert (await overview(world, "stations"))["items"] == []


async def test_what_rests_until_morning_is_no_missing_answer(world: World) -> None:
    world.clock.move(timedelta(hours=11))
    await silence(world, 1, "05437")
    assert (await overview(world, "alert-groups"))["alerts"] == 1
    assert (await overview(world, "stations"))["items"] == []
    world.clock.move(timedelta(hours=8))
    [station] = (await overview(world, "stations"))["items"]
    assert station["oldest_at"] == "2021-11-23T23:00:00Z"


async def test_another_district_sees_nothing_of_it(world: World) -> None:
    await silence(world, 1, "05437")
    await file_answer(world, 1, 60)
    elsewhere = bearer("health_officer", ["165"])
    assert (await overview(world, "alert-groups", elsewhere))["items"] == []
    assert (await overview(world, "stations", elsewhere))["items"] == []
    assert (await world.http.get("/v1/stations?days=32", headers=elsewhere)).status_code == 422
