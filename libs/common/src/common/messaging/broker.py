"""
The FastStream broker, set up so that it never stands between a record and its fate.

Its defaults lose or repeat records: they acknowledge before the work, decode a batch as a whole and
fail on a header that is not UTF-8. Here a batch reaches the handler as the raw records,
acknowledgement is manual, and offsets are committed explicitly.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.abc import ConsumerRebalanceListener
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.subscriber.usecase import BatchSubscriber
from faststream.message import StreamMessage

from common.messaging.access import KafkaAccess
from common.messaging.subscription import Subscription

Records = tuple["ConsumerRecord[bytes, bytes]", ...]
Handle = Callable[[Records], Awaitable[None]]

_quiet = logging.getLogger("lachan.faststream")
_quiet.setLevel(logging.ERROR)

SESSION_MS = 6_000
"""A worker that died is missed after this long: the least that brokers allow by default."""
METADATA_MS = 30_000
"""A topic that is created or grows while we run is noticed within this time."""
IDLE_MS = 40
"""Longest time a record waits for an idle consumer to look again."""
GRACE_SECONDS = 20.0
"""How long a stop waits for the batch in hand."""


async def _untouched(records: Any) -> StreamMessage[Records]:
    return StreamMessage(raw_message=records, body=b"")


async def _raw(message: StreamMessage[Records]) -> Records:
    return message.raw_message


def make_broker(bootstrap: str | Sequence[str], *, client_id: str) -> KafkaBroker:
    """Return a broker that logs faults only and validates nothing itself."""
    return KafkaBroker(
        bootstrap,
        client_id=client_id,
        apply_types=False,
        graceful_timeout=GRACE_SECONDS,
        security=KafkaAccess().broker_security(),
        allow_auto_create_topics=False,
        consumer_only=True,
        metadata_max_age_ms=METADATA_MS,
        logger=_quiet,
        log_level=logging.DEBUG,
    )


def subscribe(
    broker: KafkaBroker, subscription: Subscription, handle: Handle, listener: ConsumerRebalanceListener
) -> BatchSubscriber:
    """Register *handle* for the batches of *subscription* and return the subscriber."""
    subscriber = broker.subscriber(
        *subscription.topics,
        group_id=subscription.group,
        batch=True,
        max_records=subscription.batch_max,
        batch_timeout_ms=IDLE_MS,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=SESSION_MS,
        heartbeat_interval_ms=SESSION_MS // 3,
        listener=listener,
        parser=_untouched,
        decoder=_raw,
    )
    subscriber(handle)
    if not isinstance(subscriber, BatchSubscriber):
        raise TypeError("FastStream no longer gives a batch subscriber")
    return subscriber
