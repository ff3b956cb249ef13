"""Oxygen, first contacts, declarations and traces on MongoDB, in any order and more than once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from common.work.model import Cause as Why
from common.work.model import Change, Errand, Stored
from ioc_aggregation.domain.fold import Tally
from ioc_aggregation.domain.resources import AskedLine, Beds, Facility, Request, StockItem, Team, Urgency
from ioc_aggregation.domain.rollout import Contacts, Readiness
from ioc_aggregation.ports.rollout import Heard, Ordered
from ioc_aggregation.ports.traces import Sum
from ioc_aggregation.store import Fold, MongoTotals
from ioc_aggregation.store.resources import MongoResources
from ioc_aggregation.store.rollout import MongoContacts, MongoDeclarations
from ioc_aggregation.store.traces import MongoTraces

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
COMMUNE = "05431"


async def test_of_several_notes_the_highest_sequence_is_kept(database: Any) -> None:
    store = MongoResources(database)
    await store.ensure_indexes()
    facility = Facility("bv-1", 2, "hospital", 2, "Bệnh viện Mẫu", COMMUNE, (Beds("icu", 5, 1, 2, 2),))
    team = Team("bv-1", 2, 3, 12, 0, is_open=True)
    newer = StockItem("bv-1", COMMUNE, "oxygen", 7, 500.0, 10.0, NOW)
    older = StockItem("bv-1", COMMUNE, "oxygen", 4, 9_000.0, 10.0, NOW - HOUR)
    lines = (AskedLine("oxygen", 6_000.0, 3_000.0),)
    approved = Request("r-1", 2, "bv-1", COMMUNE, "approved", NOW, lines)
    asked = Request("r-1", 1, "bv-1", COMMUNE, "asked", NOW - HOUR, (AskedLine("oxygen", 6_000.0),))
    urgency = Urgency("r-1", NOW - HOUR, is_urgent=True)
    for _ in range(2):
        await store.note([facility, team, newer, older, approved, asked, urgency])
    found = await store.everything()
    assert (found.facilities, found.teams) == ({"bv-1": facility}, {"bv-1": team})
    assert (found.stocks, found.requests, found.urgencies) == ((newer,), (approved,), {"r-1": urgency})


async def test_the_first_word_after_an_order_counts_whatever_came_first(database: Any) -> None:
    store = MongoContacts(database)
    await store.ensure_indexes()
    words = [Heard("p-1", NOW + 30 * HOUR), Heard("p-1", NOW + 2 * HOUR), Ordered("p-1", COMMUNE, NOW)]
    await store.note(words)
    await store.note([*reversed(words), Ordered("p-2", COMMUNE, NOW)])
    found = await store.of_communes(NOW - HOUR, NOW + 26 * HOUR)
    assert found == {COMMUNE: Contacts(ordered=2, in_a_day=1, heard=1, seconds=7_200)}


async def test_a_declaration_comes_back_as_it_was(database: Any) -> None:
    store = MongoDeclarations(database)
    await store.ensure_indexes()
    declared = Readiness(COMMUNE, {"staff_ready": 6}, date(2022, 1, 10), NOW, "cb-1")
    assert await store.save([Change(COMMUNE, Stored(declared, 1), 0)]) == set()
    assert await store.newest() == {COMMUNE: declared}


async def test_the_rows_behind_a_figure_are_found_in_pages(database: Any) -> None:
    totals, traces = MongoTotals(database), MongoTraces(database)
    await totals.ensure_indexes()
    day = date(2022, 1, 10)
    tallies = [
        Tally(f"f-{n}", "t", f"p-{n}", 1, COMMUNE, day, NOW + timedelta(seconds=n // 2), {"f0_new": 1})
        for n in range(5)
    ]
    tallies.append(Tally("f-9", "t", "p-9", 1, COMMUNE, day, NOW, {"scans": 1}))
    errands = [Errand(t, Why(t.fact_id, partition="x:0", offset=n)) for n, t in enumerate(tallies)]
    await Fold(totals).run_batch(errands)
    first = await traces.behind([COMMUNE], "f0_new", day, after=None, limit=2)
    place = (first[-1].recorded_at, first[-1].fact_id)
    rest = await traces.behind([COMMUNE], "f0_new", day, after=place, limit=9)
    assert [row.fact_id for row in (*first, *rest)] == ["f-4", "f-3", "f-2", "f-1", "f-0"]
    assert await traces.sum_of([COMMUNE], "f0_new", day) == Sum(5, 5)
    assert await traces.sum_of(["05908"], "f0_new", day) == Sum(0, 0)
