"""Sources, users of apps and numbers of stations: on MongoDB as in memory, in any order and more than once."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from alerting.domain.stations import Station
from alerting.store.stations import MemoryStations, MongoStations
from common.work.model import Change, Stored
from ioc_aggregation.domain.sources import Source
from ioc_aggregation.ports.sources import Used
from ioc_aggregation.store.sources import MemoryAppUsers, MongoAppUsers, MongoSources

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


async def test_silent_sources_come_back_as_they_were(database: Any) -> None:
    store = MongoSources(database)
    await store.ensure_indexes()
    silent, heard = Source("app:bluezone", True, NOW), Source("f0.reports.v1", False, NOW)
    for one in (silent, heard):
        assert await store.save([Change(one.source_id, Stored(one, 1), 0)]) == set()
    assert await store.silent() == {"app:bluezone": silent}


async def test_persons_are_counted_once_where_they_were_heard_last(database: Any) -> None:
    used = [
        Used("p-1", "app:bluezone", "05431", NOW - HOUR),
        Used("p-1", "app:bluezone", "05434", NOW),
        Used("p-2", "app:bluezone", "05434", NOW),
        Used("p-2", "app:la-chan", "05434", NOW - 30 * HOUR),
    ]
    for number, order in enumerate(permutations(used)):
        if number % 8:
            continue
        twin, store = MemoryAppUsers(), MongoAppUsers(database.client[f"{database.name}_{number}"])
        await store.ensure_indexes()
        for users in (store, twin):
            for one in (*order, *order):
                await users.note([one])
        since = NOW - 2 * HOUR
        assert await store.by_commune(since) == await twin.by_commune(since) == {"05434": {"app:bluezone": 2}}
        assert await store.last_heard() == await twin.last_heard()
        assert (await store.last_heard())["app:la-chan"] == NOW - 30 * HOUR
        await database.client.drop_database(f"{database.name}_{number}")


async def test_the_newest_word_about_a_station_counts(database: Any) -> None:
    store, twin = MongoStations(database), MemoryStations()
    await store.ensure_indexes()
    old = Station("tram-1", 1, "station", "Trạm $mẫu", "0208 1", "05431", "164")
    new = Station("tram-1", 4, "station", "Trạm $mẫu", "0208 4", "05431", "164", ("05431", "05434"))
    far = Station("bv", 1, "hospital", "Bệnh viện", "0208 9", "05908", "173", ("19",), is_open=False)
    for stations in (store, twin):
        await stations.note([new, far, old, new])
        assert await stations.near(frozenset(("05434", "164")), "") == [new]
        assert await stations.near(frozenset(), "bv") == [far]
