"""
Health stations: each declares, as it can, how far it is with staff, devices and apps, through the public API.

Some declare every day, most only now and then, some never; some send yesterday's figures the next morning, some send
the same figures under a new date (two districts did so in the bulletins of 24 and 25 January 2022). Shares and sizes
are assumptions of the simulator: no source was found but for the 5 to 7 staff of a mobile station.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from common.geo import Unit
from common.kernel.clock import local_day
from tests.load.province.callers import Caller
from tests.load.province.comparison import SETTLE_SECONDS, Row
from tests.load.province.moments import at_local

if TYPE_CHECKING:
    from tests.load.province.world import World

EVERY_DAYS = {"daily": 1, "now and then": 3, "weekly": 7}
HABITS = ("daily", "now and then", "weekly", "silent")
HABIT_SHARES = (0.15, 0.35, 0.40, 0.10)
P_LATE = 0.12
P_REPEATS = 0.15
AFTERNOON, MORNING = 16.0, 8.0
PAIRS = {"staff": (5, 2_000), "devices": (2, 4_000)}
"""At least so many are needed, and one more per so many inhabitants."""
APPS = {"app_c_thainguyen": 0.22, "app_bluezone": 0.40, "app_vhd": 0.08, "app_so_suc_khoe": 0.18}
"""Share of the inhabitants who have installed it in the middle of the week."""
SUMS = {
    "staff_declared": ("staff_ready",),
    "devices_declared": ("devices_ready",),
    "apps_declared": tuple(APPS),
}
"""Name in the summary -> what units declare, summed."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a commune declared last, as of the day *on*; *said_on* is the day that it was first said for."""

    on: date
    counts: dict[str, int]
    said_on: date


@dataclass(slots=True)
class Stations:
    """One station per commune, and what the system took from each."""

    world: "World"
    declared: dict[str, Declared] = field(default_factory=dict)

    def plan_day(self, morning: datetime, number: int) -> None:
        """Plan who declares on the day that begins at *morning*, day *number* of the curve."""
        for unit in self.world.units.communes():
            habit, offset = self._habit(unit.code)
            if habit == "silent" or number % EVERY_DAYS[habit] != offset % EVERY_DAYS[habit]:
                continue
            rng = self.world.dice.of("station", unit.code, morning.isoformat())
            on, counts = local_day(morning), self._counts(unit, number, rng)
            is_late = rng.random() < P_LATE
            hour = MORNING + float(rng.uniform(0, 2)) if is_late else AFTERNOON + float(rng.normal(0, 1))
            at = at_local(morning, hour, days=int(is_late))
            repeats = rng.random() < P_REPEATS
            self.world.agenda.add(at, lambda u=unit, d=on, c=counts, r=repeats: self._declare(u, d, c, r))  # type: ignore[misc]

    def _habit(self, code: str) -> tuple[str, int]:
        rng = self.world.dice.of("habit of a station", code)
        return str(rng.choice(HABITS, p=HABIT_SHARES)), int(rng.integers(0, 7))

    def _counts(self, unit: Unit, number: int, rng: np.random.Generator) -> dict[str, int]:
        """Return where the station stands on day *number*: each begins somewhere and comes on by its own steps."""
        own = self.world.dice.of("pace of a station", unit.code)
        share = min(1.0, float(own.uniform(0.4, 0.8)) + float(own.uniform(0.01, 0.06)) * number)
        counts = {}
        for name, (least, inhabitants) in PAIRS.items():
            needed = least + unit.population // inhabitants
            counts[f"{name}_needed"] = needed
            counts[f"{name}_ready"] = min(needed, round(needed * share + float(rng.normal(0, 0.3))))
        zeal = float(own.uniform(0.5, 1.5))
        for app, usual in APPS.items():
            installed = min(0.95, usual * zeal * (0.85 + 0.05 * number))
            counts[app] = round(unit.population * installed)
        # As many as the week's electronic ones at first, fewer every day.
        counts["paper_permits"] = int(rng.poisson(max(0.5, 12 - 1.5 * number) * self.world.scale))
        return counts

    async def _declare(self, unit: Unit, on: date, counts: dict[str, int], repeats: bool) -> None:
        known = self.declared.get(unit.code)
        said = known.counts if repeats and known else counts
        world = self.world
        url = f"{world.call.at.ioc}/v1/rollout/{unit.code}"
        key = world.dice.key("readiness", unit.code, on.isoformat())
        await world.call.put(
            url, {"on": on.isoformat(), **said}, role="health_officer", area=unit.code, key=key
        )
        if known is None or known.on <= on:
            said_on = known.said_on if known and known.counts == said else on
            self.declared[unit.code] = Declared(on, said, said_on)

    def fresh(self, today: date, days: int) -> list[Declared]:
        """Return the declarations that still count on *today*: repeated figures are as old as the first."""
        return [one for one in self.declared.values() if today - one.said_on <= timedelta(days=days)]


async def rows(call: Caller, stations: Stations, users_before: int) -> list[Row]:
    """Return what the stations declared, and who declared through an app, beside what the scoreboard says."""
    found: list[Row] = []
    for _ in range(SETTLE_SECONDS):
        body = await scoreboard(call)
        found = _compared(body, stations, users_before)
        if all(row.happened == row.told for row in found):
            break
        await asyncio.sleep(1)
    return found


async def scoreboard(call: Caller) -> dict[str, Any]:
    """Return the scoreboard of the whole province."""
    return await call.get(f"{call.at.ioc}/v1/rollout", role="ioc_operator", area="19")


def users_of(body: dict[str, Any]) -> int:
    """Return how many persons the scoreboard counts by their app in the whole province."""
    return sum(body["items"][0]["users"].values()) if body["items"] else 0


def _compared(body: dict[str, Any], stations: Stations, users_before: int) -> list[Row]:
    """Compare the province, less the communes that somebody else had declared for."""
    province, *units = body["items"] or [{"units": 0, "silent_units": 0, "counts": {}}]
    others = [
        unit
        for unit in units
        if unit["level"] == "commune" and not unit["is_silent"] and unit["code"] not in stations.declared
    ]
    fresh = stations.fresh(local_day(stations.world.now()), body.get("fresh_days", 0))
    speaking = province["units"] - province["silent_units"] - len(others)
    found = [Row("units_declared", len(fresh), speaking)]
    for name, parts in SUMS.items():
        happened = sum(one.counts[part] for one in fresh for part in parts)
        told = sum(province["counts"].get(part, 0) for part in parts)
        told -= sum(unit["counts"][part] for unit in others for part in parts)
        found.append(Row(name, happened, told))
    happened = len(stations.world.declarations.app_users)
    return [*found, Row("app_users", happened, users_of(body) - users_before)]
