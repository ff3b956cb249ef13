"""Oxygen at a station: the hours fall while nobody reports, it rings in time, a delivery puts it right."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kernel.areas import Actor, Area
from common.kernel.decision import TimerFired
from common.testing.sign_in import bearer
from f0_monitoring.domain.stock import (
    AddDelivery,
    Counted,
    ReportStock,
    Stock,
    StockLow,
    StockReported,
    StockRestored,
    decide_stock,
)
from f0_monitoring.domain.stock_items import Item, StockLevel, hours_to_empty, left_of, level_of
from f0_monitoring.rulebook.facilities import FacilityRuleBook

tools = import_module("services.f0-monitoring.tests.conftest")
memory = import_module("services.f0-monitoring.tests.facility_memory")
NOON = tools.local(10, 12)
RULES = FacilityRuleBook.load(tools.RULES_FOLDER).stock_on(NOON.date())
HERE = Area("05908", "173")
NURSE = Actor("nurse-1", frozenset(("health_officer",)), frozenset(("173",)))
HOUR = timedelta(hours=1)


class Shelf:
    """A stock over time: `do`, then `until`; look at `facts`."""

    def __init__(self) -> None:
        self.stock: Stock | None = None
        self.timers: tuple[Any, ...] = ()
        self.facts: list[Any] = []

    def do(self, command: Any, now: Any) -> None:
        decision = decide_stock(self.stock, command, RULES, now)
        self.stock = decision.state
        self.timers = self.timers if decision.timers is None else decision.timers
        self.facts += decision.facts

    def report(self, quantity: float, used: float, now: Any, item: str = "oxygen") -> None:
        self.do(ReportStock("tram-1", HERE, (Counted(item, quantity, used),), NURSE), now)

    def until(self, now: Any) -> None:
        while due := sorted((t for t in self.timers if t.due_at <= now), key=lambda t: t.due_at):
            self.timers = tuple(t for t in self.timers if t is not due[0])
            self.do(TimerFired("tram-1", due[0].name, due[0].due_at), due[0].due_at)

    def rung(self) -> list[tuple[str, float]]:
        return [
            (f.level.value, round((f.empty_at - f.at) / HOUR, 3))
            for f in self.facts
            if isinstance(f, StockLow)
        ]


def test_silence_does_not_stop_the_clock_of_the_oxygen() -> None:
    shelf = Shelf()
    shelf.report(12_000, 6_000, NOON)
    assert shelf.stock is not None
    item = shelf.stock.items[0]
    assert [hours_to_empty(item, NOON + n * HOUR) for n in (0, 10, 47, 48, 90)] == [48, 38, 1, 0, 0]

    shelf.until(NOON + 100 * HOUR)

    assert shelf.rung() == [("warn", 24), ("critical", 8), ("empty", 0)]
    assert [f.at for f in shelf.facts if isinstance(f, StockLow)] == [
        NOON + 24 * HOUR,
        NOON + 40 * HOUR,
        NOON + 48 * HOUR,
    ]


def test_a_new_count_before_the_end_rings_later_and_one_after_it_heals() -> None:
    shelf = Shelf()
    shelf.report(12_000, 6_000, NOON)
    shelf.until(NOON + 20 * HOUR)
    shelf.report(12_000, 6_000, NOON + 20 * HOUR)
    shelf.until(NOON + 43 * HOUR)
    assert shelf.rung() == []
    shelf.until(NOON + 44 * HOUR)
    assert shelf.rung() == [("warn", 24)]

    shelf.do(
        AddDelivery("tram-1", HERE, (("oxygen", 30_000.0), ("doctor", 2.0)), "nurse-1"), NOON + 45 * HOUR
    )

    assert shelf.stock is not None
    assert shelf.stock.items[0].quantity == pytest.approx(12_000 - 25 * 250 + 30_000)
    assert [type(f) for f in shelf.facts][-2:] == [StockReported, StockRestored]


def test_a_report_that_is_low_at_once_rings_at_once_and_only_once() -> None:
    shelf = Shelf()
    shelf.report(1_000, 6_000, NOON)
    shelf.report(1_000, 6_000, NOON + HOUR / 60)
    assert shelf.rung() == [("critical", 4)]


@given(
    quantity=st.floats(0, 1e6), used=st.floats(0, 1e5), first=st.integers(0, 500), then=st.integers(0, 500)
)
def test_hours_and_stock_never_rise_by_themselves(
    quantity: float, used: float, first: int, then: int
) -> None:
    item = Item("oxygen", quantity, used, NOON, "nurse-1")
    early, late = NOON + first * HOUR, NOON + (first + then) * HOUR
    before, after = hours_to_empty(item, early), hours_to_empty(item, late)
    assert (before is None) is (after is None)
    assert before is None or (after is not None and 0 <= after <= before)
    assert 0 <= left_of(item, late) <= left_of(item, early)
    assert level_of(item, RULES["oxygen"], late).rank >= level_of(item, RULES["oxygen"], early).rank
    assert (level_of(item, RULES["oxygen"], late) is StockLevel.EMPTY) is (after == 0 and after is not None)


async def test_a_request_goes_up_is_granted_in_part_and_comes_into_the_stock(house: Any) -> None:
    client, bus = house.client, memory.Bus(house.service, house.stores)
    station, district = bearer("health_officer", ("05908",)), bearer("health_officer", ("173",))
    body = {"kind": "station", "tier": 1, "name": "Trạm mẫu", "commune_code": "05908", "capacity": 80}
    await client.put("/v1/facilities/tram-05908", json=body, headers=district)
    line = {"item": "oxygen", "quantity": 6000, "used_per_day": 6000}
    await client.post("/v1/facilities/tram-05908/stock", json={"lines": [line]}, headers=station)
    wish = {
        "lines": [{"item": "oxygen", "amount": 60000}, {"item": "doctor", "amount": 1}],
        "is_urgent": True,
    }
    asked = (
        await client.post("/v1/facilities/tram-05908/supply-requests", json=wish, headers=station)
    ).json()
    assert asked["next"] == ["withdrawn"], "who asks does not grant"
    at = f"/v1/supply-requests/{asked['request_id']}"

    own = await client.post(f"{at}/approval", json={}, headers=station)
    assert (own.status_code, own.json()["title"]) == (403, "Cấp trên mới duyệt được")
    part = {"lines": [{"item": "oxygen", "amount": 30000}]}
    granted = await client.post(f"{at}/approval", json=part, headers=district)
    assert [line["approved"] for line in granted.json()["lines"]] == [30000, 1]
    more = await client.post(
        f"{at}/dispatch", json={"lines": [{"item": "oxygen", "amount": 30001}]}, headers=district
    )
    assert more.status_code == 422
    assert (await client.post(f"{at}/receipt", json={}, headers=station)).status_code == 409
    await client.post(f"{at}/dispatch", json={}, headers=district)
    house.clock.forward(hours=12)
    got = await client.post(
        f"{at}/receipt", json={"lines": [{"item": "oxygen", "amount": 24000}]}, headers=station
    )
    await bus.settle()
    await bus.settle(again=True)

    assert got.json()["state"] == "received"
    [view] = (await client.get("/v1/facilities", headers=station)).json()["items"]
    assert [(row["item"], row["left"]) for row in view["stock"]] == [("oxygen", 27000)]
    assert view["stock"][0]["hours_left"] == 108
