"""
The dead letters of one group: which ones wait, and what becomes of them.

The group `<group>.dlq` has committed offsets on the topic of the same name: what lies before them has
been replayed or settled, what lies behind them waits for somebody to decide.
"""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from common.messaging.access import client_options
from common.messaging.dead_letters import retried
from common.messaging.groups import dead_letters_of
from common.messaging.publisher import KafkaPublisher
from common.messaging.records import ConsumedRecord, Outgoing

Chooses = Callable[[ConsumedRecord], bool]


class LetterBox:
    """An open box: `async with LetterBox(bootstrap, group) as box`."""

    def __init__(self, bootstrap: str, group: str) -> None:
        self.group = group
        self.topic = dead_letters_of(group)
        self._publisher = KafkaPublisher(bootstrap, client_id=f"{group}-replay")
        self._consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, group_id=self.topic, enable_auto_commit=False, **client_options()
        )
        self._partitions: list[TopicPartition] = []

    async def __aenter__(self) -> Self:
        """Connect; raises KeyError when the topic does not exist."""
        await self._consumer.start()
        try:
            numbers = (await self._consumer._client.fetch_all_metadata()).partitions_for_topic(self.topic)
            if not numbers:
                raise KeyError(self.topic)
            self._partitions = [TopicPartition(self.topic, number) for number in sorted(numbers)]
            self._consumer.assign(self._partitions)
            await self._publisher.start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self._publisher.stop()
        await self._consumer.stop()

    async def waiting(self) -> list[ConsumedRecord]:
        """Return the letters that nobody has decided upon, oldest first in each partition."""
        return [record for tp in self._partitions for record in await self._read(tp)]

    async def replay(self, chosen: Chooses = lambda _: True) -> int:
        """Send the waiting letters that are *chosen* to `<group>.retry`; the others go on waiting."""
        return await self._decide(chosen, lambda letter: [retried(letter, self.group)])

    async def settle(self, chosen: Chooses) -> int:
        """Let the *chosen* letters wait no longer, without a replay. They stay until retention ends."""
        return await self._decide(chosen, lambda _: [])

    async def _decide(self, chosen: Chooses, becomes: Callable[[ConsumedRecord], list[Outgoing]]) -> int:
        """
        Publish what the chosen letters become, post the others again, then move the mark past all.

        At least once: an interruption before the mark is moved repeats, it never loses.
        """
        letters = await self.waiting()
        decided = [letter for letter in letters if chosen(letter)]
        if not decided:
            return 0
        left = [self._again(letter) for letter in letters if not chosen(letter)]
        await self._publisher.publish([out for letter in decided for out in becomes(letter)] + left)
        await self._consumer.commit(_ends(letters))
        return len(decided)

    def _again(self, letter: ConsumedRecord) -> Outgoing:
        return Outgoing(self.topic, letter.key, letter.value, list(letter.headers))

    async def _read(self, tp: TopicPartition) -> list[ConsumedRecord]:
        start = await self._consumer.committed(tp)
        if start is None:
            start = (await self._consumer.beginning_offsets([tp]))[tp]
        end = (await self._consumer.end_offsets([tp]))[tp]
        self._consumer.seek(tp, start)
        letters: list[ConsumedRecord] = []
        while await self._consumer.position(tp) < end:
            batch = await self._consumer.getmany(tp, timeout_ms=1000)
            letters += batch.get(tp, [])
        return letters


def _ends(letters: Sequence[ConsumedRecord]) -> dict[TopicPartition, int]:
    return {TopicPartition(letter.topic, letter.partition): letter.offset + 1 for letter in letters}
