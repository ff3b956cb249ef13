"""Stations declare as real ones would, the same for one seed, and few calls are made of it."""

from collections import Counter
from datetime import timedelta

from common.kernel.clock import local_day
from tests.load.province.moments import midnight
from tests.load.province.stations import Stations, _compared
from tests.load.province.test_province_plan import POSTS, START, UNITS, Answers, Steps
from tests.load.province.world import World

PEOPLE = {unit.code: unit.population for unit in UNITS.communes()}


async def week(seed: int = 7) -> tuple[Answers, World]:
    """Let only the stations act for a week and its next morning."""
    answers = Answers(haste=1)
    world = World(answers, Steps(), UNITS, POSTS, seed=seed, scale=0.02)  # type: ignore[arg-type]
    first = midnight(START, days=1)
    for number in range(7):
        world.stations.plan_day(midnight(first, days=number), number)
    await world.agenda.run_until(midnight(first, days=7) + timedelta(hours=12))
    assert world.agenda.faults == []
    return answers, world


async def test_few_calls_tell_of_all_but_the_silent_stations() -> None:
    answers, world = await week()
    again, _ = await week()
    assert sorted(answers.heard) == sorted(again.heard)
    calls = [url for url, _, _ in answers.heard if "/v1/rollout/" in url]
    assert 300 < len(calls) < 700
    assert 145 < len(world.stations.declared) < 175
    habits = Counter(world.stations._habit(code)[0] for code in PEOPLE)
    assert len(world.stations.declared) == sum(habits.values()) - habits["silent"]
    assert max(Counter(calls).values()) == 7


async def test_what_is_declared_can_be_and_some_figures_are_late_or_repeated() -> None:
    _, world = await week()
    for code, one in world.stations.declared.items():
        assert 0 <= one.counts["staff_ready"] <= one.counts["staff_needed"]
        assert 0 <= one.counts["devices_ready"] <= one.counts["devices_needed"]
        assert all(0 <= n <= PEOPLE[code] for name, n in one.counts.items() if name.startswith("app_"))
    last = local_day(START) + timedelta(days=7)
    assert max(one.on for one in world.stations.declared.values()) == last


def test_the_summary_shows_a_difference_where_there_is_one() -> None:
    class Nobody:
        app_users = ("p-1",)

    class Still:
        declarations = Nobody()

        @staticmethod
        def now():
            return START

    stations = Stations(Still())  # type: ignore[arg-type]
    assert {row.name for row in _compared({"items": []}, stations, 0) if row.happened != row.told} == {
        "app_users"
    }
    told = {"units": 178, "silent_units": 177, "counts": {"staff_ready": 4}, "users": {"app:so-suc-khoe": 3}}
    body = {"items": [told], "fresh_days": 7}
    differing = {row.name: row.told for row in _compared(body, stations, 2) if row.happened != row.told}
    assert differing == {"units_declared": 1, "staff_declared": 4}
