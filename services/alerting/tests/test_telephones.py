"""Whoever opens an alert finds the number of the station to call, as its owner told it last."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from alerting.app import compose
from alerting.settings import AlertingSettings
from alerting.store.stations import MemoryStations
from common.clocks import FrozenClock
from common.contracts.event import Event
from common.contracts.f0_monitoring import facilities
from common.service import Mode, Runtime
from common.testing.sign_in import bearer, client_of, sample_jwks, sample_settings
from common.work.model import Cause, Errand
from services.alerting.tests.memory import MemoryAnswers, MemoryConditions, calling_stores
from services.alerting.tests.stories import NOON, risk

DOCTOR = bearer("doctor", ["164"], subject="doctor-164")
SIZE = {"doctors": 1, "staff": 4, "capacity": 50}


class World:
    def __init__(self) -> None:
        runtime = Runtime(
            sample_settings(AlertingSettings), clock=FrozenClock(NOON), jwks=sample_jwks(), in_memory=True
        )
        self.conditions = MemoryConditions()
        self.service = compose(
            runtime.settings, runtime, self.conditions, calling_stores(), MemoryAnswers(),
            stations=MemoryStations(),
        )  # fmt: skip
        self.http: httpx.AsyncClient

    async def hear_of(self, facility_id: str, sequence: int, **more: Any) -> None:
        about = {
            "facility_id": facility_id, "facility_kind": "station", "tier": 1, "commune_code": "05437",
            "district_code": "164", "facility_name": f"Trạm {facility_id}", **SIZE,
        } | more  # fmt: skip
        kind = facilities.FacilityChanged if "is_open" in more else facilities.FacilityOpened
        data = kind(**about)
        event = Event(f"e-{facility_id}-{sequence}", kind.type, "", facility_id, NOON, sequence, data)
        *_, units = self.service.subscriptions
        command = units.translations()[kind.type](event)
        await units.work.run_batch([Errand(command, Cause(event.id))])

    async def telephones(self, headers: dict[str, str] = DOCTOR) -> httpx.Response:
        [stored] = self.conditions.aggregates.values()
        return await self.http.get(f"/v1/alerts/{stored.state.alert.alert_id}/telephones", headers=headers)

    async def named(self) -> list[tuple[str, str]]:
        reply = await self.telephones()
        assert reply.status_code == 200, reply.text
        return [(one["name"], one["phone"]) for one in reply.json()["items"]]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    async with client_of(made.service.app(Mode.API)) as http:
        made.http = http
        await made.service.runtime.works[0].run(risk("very_high", 1), Cause("fact-1"))
        yield made


async def test_the_station_of_the_commune_comes_first_then_who_takes_patients_from_there(
    world: World,
) -> None:
    assert await world.named() == []
    hospital = {"facility_kind": "hospital", "tier": 2, "commune_code": "05443", "serves": ("164",)}
    await world.hear_of("bv", 1, facility_phone="0208 3 900 900", **hospital)
    await world.hear_of("a", 1, facility_phone="0208 3 800 001")
    await world.hear_of("far", 1, facility_phone="0208 3 800 002", commune_code="05440", district_code="165")
    await world.hear_of(
        "two", 1, facility_phone="0208 3 800 003", commune_code="05443", serves=("05437", "05443")
    )
    assert await world.named() == [
        ("Trạm a", "0208 3 800 001"),
        ("Trạm two", "0208 3 800 003"),
        ("Trạm bv", "0208 3 900 900"),
    ]


async def test_the_newest_word_counts_in_any_order_and_a_closed_station_is_not_called(world: World) -> None:
    await world.hear_of("a", 3, facility_phone="0208 3 800 009", is_open=True)
    await world.hear_of("a", 1, facility_phone="0208 3 800 001")
    assert await world.named() == [("Trạm a", "0208 3 800 009")]
    await world.hear_of("a", 4, facility_phone="0208 3 800 009", is_open=False)
    assert await world.named() == []


async def test_a_station_that_has_told_no_number_is_not_shown(world: World) -> None:
    await world.hear_of("a", 1)
    assert await world.named() == []


async def test_only_those_who_may_handle_the_alert_are_answered(world: World) -> None:
    reply = await world.telephones(bearer("health_officer", ["165"]))
    assert reply.status_code == 403
    assert (await world.http.get("/v1/alerts/none/telephones", headers=DOCTOR)).status_code == 404
