"""Reading the log from its beginning without joining a group: to where it ends now, or on to any place."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from common.messaging.access import client_options
from common.messaging.batch import Reader
from common.messaging.subscription import Subscription

IDLE_MAX = 5
"""Empty answers in a row after which what is missing does not exist (markers at the very end)."""
Position = tuple[str, int, int]
"""Topic, partition, and the next offset to read."""
AfterBatch = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many records were read, and how many of them could not be applied."""

    records: int
    refused: int


async def _nothing_more() -> None:
    """Do nothing after a batch."""


class LogReader:
    """
    Hands the records of a subscription's topics to its work, as far as it is told.

    It begins at *start*, where that names a partition, and at the first record elsewhere. Its positions
    are its own: no group is joined and nothing is committed, so no other reader is disturbed.
    """

    def __init__(self, bootstrap: str, subscription: Subscription, start: Sequence[Position] = ()) -> None:
        self._subscription = subscription
        self._reader = Reader(subscription)
        self._start = {TopicPartition(topic, number): offset for topic, number, offset in start}
        self._reached: dict[TopicPartition, int] = {}
        self._consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            **client_options(),
        )

    async def __aenter__(self) -> Self:
        """Connect and take every partition that there is; raises `aiokafka.errors.KafkaConnectionError`."""
        await self._consumer.start()
        cluster = await self._consumer._client.fetch_all_metadata()
        topics = self._subscription.topics
        every = [
            TopicPartition(topic, n) for topic in topics for n in cluster.partitions_for_topic(topic) or ()
        ]
        self._consumer.assign(every)
        if anew := [tp for tp in every if tp not in self._start]:
            await self._consumer.seek_to_beginning(*anew)
        for tp in set(every) - set(anew):
            self._consumer.seek(tp, self._start[tp])
        self._reached = {tp: self._start.get(tp, 0) for tp in every}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self._consumer.stop()

    @property
    def positions(self) -> list[Position]:
        """What was handed over and applied ends before these."""
        return [(tp.topic, tp.partition, offset) for tp, offset in self._reached.items()]

    async def ends(self) -> list[Position]:
        """Return where the log ends now: everything before was committed by its producer."""
        ends = await self._consumer.end_offsets(list(self._reached))
        return [(tp.topic, tp.partition, end) for tp, end in ends.items()]

    async def read_to(self, ends: Sequence[Position], after_batch: AfterBatch = _nothing_more) -> Replayed:
        """
        Read on until *ends* and not beyond; a partition that they do not name is not read.

        *after_batch* is called when a batch was applied and `positions` tell of it.
        """
        wanted = {TopicPartition(topic, number): end for topic, number, end in ends}
        records, refused, idle = 0, 0, 0
        while idle < IDLE_MAX and (left := self._left(wanted)):
            answer = await self._consumer.getmany(
                *left, timeout_ms=1000, max_records=self._subscription.batch_max
            )
            got = self._before(answer, wanted)
            batch = self._reader.read(got)
            results = await self._subscription.work.run_batch(batch.errands) if batch.errands else []
            records += len(got)
            refused += len(batch.refusals(results))
            idle = 0 if got else idle + 1
            for tp in left:
                self._reached[tp] = await self._consumer.position(tp)
            await after_batch()
        return Replayed(records, refused)

    def _left(self, wanted: Mapping[TopicPartition, int]) -> list[TopicPartition]:
        return [tp for tp, end in wanted.items() if end > self._reached.get(tp, end)]

    def _before(
        self, answer: Mapping[TopicPartition, list[Any]], ends: Mapping[TopicPartition, int]
    ) -> list[Any]:
        """Return the records before the ends; what was fetched beyond an end will be fetched again."""
        kept = []
        for tp, part in answer.items():
            mine = [record for record in part if record.offset < ends[tp]]
            if len(mine) < len(part):
                self._consumer.seek(tp, ends[tp])
            kept += mine
        return kept
