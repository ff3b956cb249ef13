"""Many alerts taken at once, and one put aside, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from common.clocks import FrozenClock
from common.service import Mode
from common.testing.sign_in import bearer, client_of
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import NOON, breached, minutes
from services.alerting.tests.test_inbox_http import DOCTOR, STATION, World, composed, slug

ELSEWHERE = bearer("health_officer", ["165"], subject="health-165")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, store = FrozenClock(NOON), MemoryConditions()
    service = composed(clock, store)
    async with client_of(service.app(Mode.API)) as http:
        yield World(service, store, clock, http)


async def ring(world: World, count: int) -> list[str]:
    for number in range(count):
        note = breached("left_home", 1)
        object.__setattr__(note, "subject_id", f"p-{number}")
        await world.hear(note)
    return [stored.state.alert.alert_id for stored in world.store.aggregates.values() if stored.state.alert]


async def take(world: World, ids: list[str], headers: dict[str, str], note: str = "") -> Any:
    body = {"alert_ids": ids, "note": note}
    return await world.http.post("/v1/acknowledgements", json=body, headers=headers)


async def test_all_of_a_storm_are_taken_with_one_request(world: World) -> None:
    ids = await ring(world, 30)
    reply = (await take(world, ids, STATION, "Mất điện cả xã")).json()
    assert (reply["taken"], reply["refused"]) == (30, 0)
    assert [item["alert_id"] for item in reply["items"]] == ids
    assert all(stored.state.alert.taken for stored in world.store.aggregates.values() if stored.state.alert)
    assert "Mất điện" not in repr(world.store.aggregates)


async def test_each_row_says_what_became_of_it(world: World) -> None:
    first, second = await ring(world, 2)
    await take(world, [first], STATION)
    other = bearer("health_officer", ["164"], subject="health-164")
    rows = (await take(world, [first, second, "no-such-alert", second], other)).json()["items"]
    assert [(row["outcome"], row["slug"]) for row in rows] == [
        ("refused", "alert-taken"),
        ("taken", ""),
        ("refused", "alert-unknown"),
    ]
    assert "gọi" in rows[0]["detail"]


async def test_a_repeated_request_takes_nothing_twice(world: World) -> None:
    ids = await ring(world, 3)
    headers = STATION | {"Idempotency-Key": "the-very-same-key"}
    first, again = [(await take(world, ids, headers)).json() for _ in range(2)]
    assert first == again
    kinds = [entry.type for entry in world.store.facts()]
    assert kinds.count("alerting.alert-acknowledged.v1") == 3


async def test_what_lies_elsewhere_is_refused_and_stays_as_it_was(world: World) -> None:
    ids = await ring(world, 2)
    reply = (await take(world, ids, ELSEWHERE)).json()
    assert {row["slug"] for row in reply["items"]} == {"alert-not-for-you"}
    assert not any(
        stored.state.alert.taken for stored in world.store.aggregates.values() if stored.state.alert
    )


@pytest.mark.parametrize("ids", [[], ["x"] * 501, [""]])
async def test_nothing_or_too_many_is_refused_as_a_whole(world: World, ids: list[str]) -> None:
    assert (await take(world, ids, STATION)).status_code == 422


async def test_put_aside_with_a_note_that_the_next_one_reads(world: World) -> None:
    await ring(world, 1)
    body = {"until": (NOON + minutes(30)).isoformat(), "note": "Chờ bà Mẫu về nhà"}
    shown = await world.post("snooze", body, headers=STATION)
    assert shown.status_code == 200, shown.text
    assert shown.json()["snoozed"]["until"] == "2021-11-23T05:30:00Z"
    assert [note["text"] for note in shown.json()["notes"]] == ["Chờ bà Mẫu về nhà"]
    assert "Mẫu" not in repr(world.store.aggregates)


async def test_it_is_not_put_aside_for_nothing_or_for_days(world: World) -> None:
    await ring(world, 1)
    body = {"until": (NOON + minutes(30)).isoformat(), "note": ""}
    assert (await world.post("snooze", body, headers=STATION)).status_code == 422
    late = {"until": (NOON + minutes(60 * 30)).isoformat(), "note": "Mai gọi"}
    assert slug(await world.post("snooze", late, headers=STATION)) == (422, "snooze-time-wrong")
    assert slug(await world.post("snooze", body | {"note": "x"}, headers=DOCTOR)) == (
        403,
        "alert-not-for-you",
    )
