"""Operators see how often two writers met at one document."""

from dataclasses import replace
from typing import Any

from common.measured import MeasuredWork
from common.metrics import REGISTRY
from common.work.memory import MemoryStore
from common.work.model import Cause, Errand


class Beaten(MemoryStore[Any]):
    """A store in which somebody else is quicker, once."""

    was_beaten = False

    async def save(self, changes: Any) -> set[str]:
        if not self.was_beaten:
            self.was_beaten = True
            return {change.aggregate_id for change in changes}
        return await super().save(changes)


def races(name: str) -> float | None:
    return REGISTRY.get_sample_value("lachan_work_version_losers_total", {"aggregate": name})


async def test_every_command_that_lost_a_race_is_counted_and_none_is_shown_as_zero(
    heart: Any, clock: Any, add: Any
) -> None:
    named = replace(heart, name="counter-of-races")
    work = MeasuredWork(named, Beaten(), clock)
    await MeasuredWork(named, MemoryStore(), clock).run(add("c0", 1), Cause("z"))
    assert races(named.name) == 0

    await work.run_batch([Errand(add("c1", 1), Cause("a")), Errand(add("c1", 1), Cause("b"))])
    await work.run(add("c1", 1), Cause("c"))

    assert (await work.read("c1")).total == 3
    assert races(named.name) == 2
