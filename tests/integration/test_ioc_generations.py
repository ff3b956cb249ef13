"""On real MongoDB and Kafka: the figures are made anew and switched while facts go on coming; the past is told."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from common.contracts import f0_monitoring as f0
from common.contracts.codec import to_record
from common.kernel.ids import derived_id
from common.messaging.publisher import KafkaPublisher
from common.messaging.records import Outgoing
from common.messaging.replay import LogReader
from common.work.model import OutboxEntry
from ioc_aggregation.app.rebuilding import Rebuilt, rebuild
from ioc_aggregation.consumers import figures_from
from ioc_aggregation.domain.known import known
from ioc_aggregation.domain.province import Province
from ioc_aggregation.ports import Check, Held, Position, Totals
from ioc_aggregation.store import Fold, FollowingTotals, MongoChecks, MongoGenerations, MongoTotals

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
COMMUNES = ("05431", "05434", "05908")


def patient(number: int, at: datetime = NOW, days_ago: int = 0) -> OutboxEntry:
    fact = f0.PatientDeclared(
        person_id=f"anew-{number}", commune_code=COMMUNES[number % 3], district_code="164",
        declared_at=at - timedelta(days=days_ago), origin=f0.Origin.OFFICER, age_years=40,
        risk_level=f0.RiskLevel.LOW, ruleset="5525", care_state=f0.CareState.AT_HOME,
    )  # fmt: skip
    key = derived_id("anew", fact.person_id)
    return OutboxEntry(key, fact.type, fact.topic, fact.subject, 1, at, fact.model_dump_json())


class Province19:
    """One database and the log of the test's broker."""

    def __init__(self, database: Any, kafka: Any) -> None:
        self.database, self.bootstrap = database, kafka.bootstrap
        self.generations = MongoGenerations(database)
        self.totals = FollowingTotals(self.generations, self.open)
        self.publisher = KafkaPublisher(kafka.bootstrap, client_id="generations-test")

    def open(self, number: int) -> MongoTotals:
        return MongoTotals(self.database, generation=number)

    def log(self, totals: Totals, start: Sequence[Position] = ()) -> LogReader:
        subscription = figures_from(Fold(totals))
        return LogReader(self.bootstrap, subscription, start)

    async def happens(self, numbers: range, **how: Any) -> None:
        await self.publisher.publish([Outgoing(*to_record(patient(n, **how))) for n in numbers])

    async def rebuilds(self, **how: bool) -> Rebuilt:
        return await rebuild(self.generations, self.open, self.log, asyncio.sleep, **how)

    async def follow(self, is_over: asyncio.Event) -> None:
        """Add facts as they come, like the running service, until *is_over* and all is read."""
        async with self.log(self.totals) as log:
            while True:
                last = is_over.is_set()
                try:
                    await log.read_to(await log.ends())
                except Held:
                    await asyncio.sleep(0.1)
                    continue
                if last:
                    return
                await asyncio.sleep(0.02)

    async def counted(self) -> dict[str, dict[str, int]]:
        return Province(await self.totals.all_documents()).totals()


def cases(totals: dict[str, dict[str, int]]) -> int:
    return sum(each.get("f0_total", 0) for key, each in totals.items() if key.endswith("now"))


async def test_the_figures_are_made_anew_while_facts_come_and_nobody_stops(database, kafka):
    province = Province19(database, kafka)
    await province.totals.ensure_indexes()
    await province.publisher.start()
    await province.happens(range(300))
    is_over = asyncio.Event()
    follower = asyncio.create_task(province.follow(is_over))

    async def more() -> None:
        for start in range(300, 500, 20):
            await province.happens(range(start, start + 20))
            await asyncio.sleep(0.05)

    writer = asyncio.create_task(more())
    made = await province.rebuilds()
    await writer
    is_over.set()
    await asyncio.wait_for(follower, 60)
    assert (made.is_switched, made.differences) == (True, {})
    after = await province.counted()
    assert cases(after) >= 500
    fresh = MongoTotals(database, generation=99)
    async with province.log(fresh) as log:
        await log.read_to(await log.ends())
    assert Province(await fresh.all_documents()).totals() == after

    # What was wrong in the store shows, changes nothing, and is mended when that is wanted.
    await database["totals.g1"].update_one({"day": None}, {"$inc": {"c.05431.f0_total": 7}})
    refused = await province.rebuilds()
    assert not refused.is_switched
    assert [figures["f0_total"][0] - figures["f0_total"][1] for figures in refused.differences.values()] == [
        7
    ]
    assert (await province.generations.standing()).current == 1
    mended = await province.rebuilds(resumes=True, accepts_differences=True)
    assert mended.is_switched
    assert await province.counted() == after

    # Old generations are dropped when nobody reads them any more.
    gone = await province.generations.drop_old(datetime.now(UTC) + timedelta(hours=1))
    assert gone == [0, 1]
    assert await province.counted() == after
    await province.publisher.stop()


async def test_the_past_is_what_was_recorded_by_then(database, kafka):
    province = Province19(database, kafka)
    await province.totals.ensure_indexes()
    await province.publisher.start()
    async with province.log(province.totals) as log:
        await log.read_to(await log.ends())
        early, late = NOW + timedelta(days=1), NOW + timedelta(days=2)
        await province.happens(range(1000, 1040), at=early)
        await province.happens(range(1040, 1070), at=late, days_ago=3)
        await log.read_to(await log.ends())
    await province.publisher.stop()
    documents = await province.totals.all_documents()

    async def at(instant: datetime) -> Province:
        now = Province(documents)
        later = await province.totals.later(instant, sorted(now.communes()), now.upto())
        return known(now.copied(), later)

    before, then, now = await at(early - timedelta(hours=1)), await at(early), await at(late)
    assert cases(then.totals()) == cases(before.totals()) + 40
    assert cases(now.totals()) == cases(before.totals()) + 70
    day = (late - timedelta(days=3)).date()
    assert sum(now.late(day, code).get("f0_new", 0) for code in COMMUNES) >= 30
    assert sum(then.late(day, code).get("f0_new", 0) for code in COMMUNES) == 0
    assert {then.heard[code] for code in COMMUNES} == {early}

    # A document that is behind its rows: what it never added is not taken away.
    stale = Province(documents)
    await database["totals"].delete_many({})
    behind = Province()
    behind.told = dict(stale.told)
    nothing = known(behind, await province.totals.later(early, sorted(stale.communes()), {}))
    assert cases(nothing.totals()) == 0


async def test_what_a_comparison_found_is_kept(database):
    checks = MongoChecks(database)
    await checks.ensure_indexes()
    assert await checks.latest() is None
    for hours, differing in ((1, 3), (2, 0)):
        await checks.put(Check(datetime.now(UTC) - timedelta(hours=3 - hours), differing, 100, 1.5))
    last = await checks.latest()
    assert last is not None
    assert (last.is_equal, last.records) == (True, 100)
