"""What any bus must do: the suite that the in-memory bus and Kafka both pass."""
# ruff: noqa: S101, D102 - these are tests, told by their names

import asyncio
import json
from dataclasses import replace

from common.contracts.codec import to_record
from common.contracts.f0_monitoring import PATIENTS
from common.messaging.dead_letters import notes, retried, without_notes
from common.testing.bus_story import Bus, Story
from common.work.model import Errand


class BusContract:
    """Subclass it with a fixture `bus`."""

    async def test_facts_of_one_subject_arrive_in_order(self, bus: Bus) -> None:
        story = Story(bus)
        people = ("a", "b", "c")
        await story.publish(*(story.fact(person, n) for n in range(1, 61) for person in people))
        async with story.consuming():
            await story.until(lambda: len(story.notebook.errands) == 180)
        for person in people:
            assert story.notebook.sequences(person) == list(range(1, 61))

    async def test_a_passing_fault_delays_and_loses_nothing(self, bus: Bus) -> None:
        story = Story(bus)
        faults = [ConnectionError("database away"), TimeoutError("slow")]

        async def before(_: list[Errand]) -> None:
            if faults:
                raise faults.pop()

        story.notebook.before = before
        await story.publish(*(story.fact("a", n) for n in (1, 2, 3)))
        async with story.consuming():
            await story.until(lambda: story.notebook.sequences("a") == [1, 2, 3])
        assert await story.dead_letters() == []

    async def test_a_lasting_fault_commits_nothing_and_the_batch_comes_again(self, bus: Bus) -> None:
        story = Story(bus)
        is_down = asyncio.Event()
        is_down.set()

        async def before(_: list[Errand]) -> None:
            if is_down.is_set():
                raise ConnectionError("database away")

        story.notebook.before = before
        await story.publish(*(story.fact("a", n) for n in (1, 2, 3)))
        async with story.consuming():
            await asyncio.sleep(1)
            assert story.notebook.errands == []
        is_down.clear()
        async with story.consuming():
            await story.until(lambda: story.notebook.sequences("a") == [1, 2, 3])
        assert await story.dead_letters() == []

    async def test_poison_between_good_records_stops_nobody(self, bus: Bus) -> None:
        story = Story(bus)
        await story.publish(story.fact("a", 1))
        poison = await story.publish_raw(story.fact("a", 2), value=b'{"person_id": ')
        await story.publish(story.fact("a", 3))
        async with story.consuming():
            [letter] = await story.until_dead(1)
            await story.until(lambda: story.notebook.sequences("a") == [1, 3])
        why = notes(letter.headers)
        assert (why["reason"], why["topic"], why["group"]) == ("broken-json", PATIENTS, story.group)
        assert (letter.key, letter.value) == (poison.key, poison.value)
        assert without_notes(letter.headers) == poison.headers

    async def test_an_unknown_type_is_set_aside(self, bus: Bus) -> None:
        story = Story(bus)
        entry = story.fact("a", 1)
        await story.publish(replace(entry, type="f0-monitoring.patient-teleported.v1"), story.fact("a", 2))
        async with story.consuming():
            [letter] = await story.until_dead(1)
            await story.until(lambda: story.notebook.sequences("a") == [2])
        assert notes(letter.headers)["reason"] == "unknown-type"

    async def test_a_header_that_is_not_text_harms_nobody(self, bus: Bus) -> None:
        story = Story(bus)
        entry = story.fact("a", 1)
        await story.publish_raw(entry, headers=[*to_record(entry)[3], ("trace-bin", b"\xff\xfe")])
        await story.publish_raw(story.fact("a", 2), headers=[("ce_id", b"\xff")])
        await story.publish(story.fact("a", 3))
        async with story.consuming():
            await story.until(lambda: story.notebook.sequences("a") == [1, 3])
            [letter] = await story.until_dead(1)
        assert notes(letter.headers)["reason"] == "not-cloudevents"

    async def test_facts_that_nobody_listens_to_are_passed_over(self, bus: Bus) -> None:
        story = Story(bus)
        await story.publish(story.passed_over("a"), story.fact("a", 2))
        async with story.consuming():
            await story.until(lambda: story.notebook.sequences("a") == [2])
        assert await story.dead_letters() == []

    async def test_a_refused_command_is_set_aside_with_its_slug(self, bus: Bus) -> None:
        story = Story(bus)
        story.notebook.refuse = {2}
        await story.publish(*(story.fact("a", n) for n in (1, 2, 3)))
        async with story.consuming():
            await story.until(lambda: story.notebook.sequences("a") == [1, 3])
            [letter] = await story.until_dead(1)
        why = notes(letter.headers)
        assert (why["reason"], why["detail"]) == ("refused", "care-refused")

    async def test_a_bug_on_one_record_does_not_block_the_others(self, bus: Bus) -> None:
        story = Story(bus)
        story.notebook.break_on = {2}
        await story.publish(*(story.fact("a", n) for n in (1, 2, 3)))
        async with story.consuming():
            [letter] = await story.until_dead(1)
            await story.until(lambda: story.notebook.sequences("a") == [1, 3])
        assert notes(letter.headers)["reason"] == "unexpected-fault"

    async def test_offsets_are_committed_only_after_the_work(self, bus: Bus) -> None:
        story = Story(bus)
        reached, go_on = asyncio.Event(), asyncio.Event()

        async def before(_: list[Errand]) -> None:
            reached.set()
            await go_on.wait()

        story.notebook.before = before
        await story.publish(story.fact("a", 1))
        async with story.consuming() as consumers:
            await asyncio.wait_for(reached.wait(), 20)
            [record] = [r for r in await bus.read(PATIENTS) if (r.key or b"").startswith(story.run.encode())]
            place = (record.topic, record.partition)
            assert (await bus.committed(story.group)).get(place, 0) <= record.offset
            stopping = asyncio.create_task(consumers.stop())
            await asyncio.sleep(0.1)
            go_on.set()
            await stopping
            assert (await bus.committed(story.group))[place] > record.offset
        assert story.notebook.sequences("a") == [1]

    async def test_a_duplicate_passes_with_the_same_cause(self, bus: Bus) -> None:
        story = Story(bus)
        entry = story.fact("a", 1)
        await story.publish(entry, entry)
        async with story.consuming():
            await story.until(lambda: len(story.notebook.errands) == 2)
        first, second = (errand.cause for errand in story.notebook.errands)
        assert first == second
        assert (first.id, first.source) == (entry.id, f"f0-monitoring:{story.run}a")
        assert (first.sequence, first.gapless) == (1, True)

    async def test_a_dead_letter_comes_back_through_the_retry_topic(self, bus: Bus) -> None:
        story = Story(bus)
        story.notebook.refuse = {1}
        await story.publish(story.fact("a", 1), story.fact("a", 2))
        async with story.consuming():
            [letter] = await story.until_dead(1)
            story.notebook.refuse = set()
            await bus.publish([retried(letter, story.group)])
            await story.until(lambda: story.notebook.sequences("a") == [2, 1])

    async def test_a_retry_that_fails_again_remembers_where_it_came_from(self, bus: Bus) -> None:
        story = Story(bus)
        story.notebook.refuse = {1}
        await story.publish(story.fact("a", 1))
        async with story.consuming():
            [letter] = await story.until_dead(1)
            await bus.publish([retried(letter, story.group)])
            _, again = await story.until_dead(2)
        assert notes(again.headers)["replays"] == "1"
        assert notes(again.headers)["topic"] == PATIENTS
        assert json.loads(again.value or b"") == json.loads(letter.value or b"")
