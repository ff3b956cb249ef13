"""Lists of supervision as MongoDB finds them: by area, the longest waiting first, page by page, as memory does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorDatabase

from common.kernel.areas import Area
from common.work.model import Change, Stored
from quarantine.domain.model import Place
from quarantine.domain.supervision.model import (
    Duty,
    Miss,
    Need,
    NeedKind,
    Rung,
    StayKnown,
    Step,
    Supervision,
)
from quarantine.ports.supervision import Watched, WatchList, lists_of
from quarantine.store.supervision import MongoSupervisions
from services.quarantine.tests.memory import MemorySupervisions

NOON = datetime(2021, 8, 3, 5, tzinfo=UTC)
HERE, AWAY = Area("05443", "164"), Area("05500", "165")
STAY = StayKnown(1, True, NOON, Place.HOME, date(2021, 8, 2), date(2021, 8, 15))


def somebody(number: int, area: Area = HERE, **known: Any) -> Supervision:
    return Supervision(f"p{number}", area, stay=STAY, **known)


def waiting(number: int, area: Area = HERE) -> Supervision:
    at = NOON + timedelta(minutes=number % 3)
    step = Step(f"t{number}", Rung.CALL, at, at + timedelta(hours=2))
    return somebody(number, area, step=step, misses=(Miss(at, Duty.CHECK_IN),))


EVERYBODY = [
    *(waiting(number) for number in range(7)),
    waiting(7, AWAY),
    somebody(8, needs=(Need("n1", NeedKind.FOOD, NOON, "tk"),)),
    somebody(9, unreachable_at=NOON),
    somebody(10),
]


@pytest.fixture
async def stores(
    database: AsyncIOMotorDatabase[dict[str, Any]],
) -> tuple[MongoSupervisions, MemorySupervisions]:
    mongo, memory = MongoSupervisions(database), MemorySupervisions()
    await mongo.ensure_indexes()
    for store in (mongo, memory):
        await store.save([Change(one.person_id, Stored(one, 1), 0) for one in EVERYBODY])
    return mongo, memory


async def test_pages_follow_each_other_in_the_order_of_waiting(
    stores: tuple[MongoSupervisions, MemorySupervisions],
) -> None:
    for watched in (Watched({"164"}), Watched({"05443", "164"}), Watched({"19"}, "05500"), Watched({"19"})):
        seen = []
        for store in stores:
            found: list[Supervision] = []
            after = None
            while page := await store.find(watched, WatchList.TASKS, limit=3, after=after):
                found += page
                after = (lists_of(page[-1])[WatchList.TASKS], page[-1].person_id)
            seen.append(found)
        assert seen[0] == seen[1]
        assert len({one.person_id for one in seen[0]}) == len(seen[0])


async def test_counts_are_those_of_the_area(stores: tuple[MongoSupervisions, MemorySupervisions]) -> None:
    mongo, memory = stores
    for watched in (Watched({"164"}), Watched({"19"}), Watched({"19"}, "05500"), Watched(set())):
        assert await mongo.count(watched) == await memory.count(watched)
    everywhere = await mongo.count(Watched({"19"}))
    assert everywhere == {
        WatchList.TASKS: 8,
        WatchList.MISSED: 8,
        WatchList.BREACHES: 0,
        WatchList.HELP: 1,
        WatchList.UNREACHABLE: 1,
    }


async def test_whoever_is_on_no_list_any_more_is_found_by_none(
    stores: tuple[MongoSupervisions, MemorySupervisions],
) -> None:
    mongo, _ = stores
    await mongo.save([Change("p0", Stored(somebody(0), 2), 1)])
    assert "p0" not in [one.person_id for one in await mongo.find(Watched({"19"}), WatchList.TASKS, limit=20)]
    assert await mongo.get("p0") == somebody(0)
