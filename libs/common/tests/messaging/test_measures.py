"""What operators see of a batch: how long its facts took until somebody acted, and what was set aside."""

from datetime import timedelta
from typing import Any

from common.clocks import FrozenClock
from common.messaging.applier import Applier
from common.messaging.dead_letters import REASONS
from common.messaging.groups import retries_of
from common.metrics import REGISTRY
from common.testing.bus import MemoryBus, MemoryRecord
from common.testing.bus_story import QUICK, Story
from common.work.model import OutboxEntry

SECONDS = 7.0


class Applied:
    """A group that reads facts of its story so many seconds after they were decided."""

    def __init__(self) -> None:
        self.bus = MemoryBus(partitions=1)
        self.story = Story(self.bus)
        self.group = self.story.group
        self.now = FrozenClock(self.fact(1).recorded_at + timedelta(seconds=SECONDS))
        self.applier = Applier(self.story.subscription(), self.bus, self.now, QUICK)

    def fact(self, sequence: int) -> OutboxEntry:
        return self.story.fact("a", sequence)

    async def hears(self, *entries: OutboxEntry, topic: str = "") -> None:
        await self.story.publish(*entries)
        records = await self.bus.read(entries[0].topic)
        await self.applier.apply([MemoryRecord(topic or r.topic, *r[1:]) for r in records])

    def measured(self, name: str, **labels: Any) -> float | None:
        return REGISTRY.get_sample_value(f"lachan_{name}", {"group": self.group, **labels})


async def test_the_oldest_fact_of_a_batch_tells_how_long_it_took() -> None:
    applied = Applied()
    kind = {"type": applied.fact(1).type}

    await applied.hears(applied.fact(1), applied.fact(2), applied.story.passed_over("b"))

    assert applied.measured("flow_seconds_count", **kind) == 1
    assert applied.measured("flow_seconds_sum", **kind) == SECONDS
    assert applied.measured("flow_seconds_count", type=applied.story.passed_over("b").type) is None


async def test_a_batch_that_is_not_applied_is_not_measured_and_one_that_comes_back_is_no_flow() -> None:
    applied = Applied()
    kind = {"type": applied.fact(1).type}
    faults = [ConnectionError("database away")]

    async def before(_: object) -> None:
        if faults:
            raise faults.pop()

    applied.story.notebook.before = before
    await applied.hears(applied.fact(1))
    assert applied.measured("flow_seconds_count", **kind) == 1, "once it was applied, not for each try"

    await applied.hears(applied.fact(2), topic=retries_of(applied.group))
    assert applied.measured("flow_seconds_count", **kind) == 1


async def test_dead_letters_are_counted_from_zero_so_that_the_first_one_is_an_increase() -> None:
    applied = Applied()
    assert [applied.measured("dead_letters_total", reason=reason) for reason in REASONS] == [0] * len(REASONS)

    applied.story.notebook.refuse.add(1)
    await applied.hears(applied.fact(1))

    assert applied.measured("dead_letters_total", reason="refused") == 1
