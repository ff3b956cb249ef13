"""At-least-once publication of records that are not facts from an outbox: dead letters, replays."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from common.messaging.access import client_options
from common.messaging.records import Outgoing


class KafkaPublisher:
    """
    An idempotent producer that waits for every acknowledgement.

    Facts do not go this way: they leave through the outbox relay and its transactions.
    """

    def __init__(self, bootstrap: str, *, client_id: str) -> None:
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect; raises `aiokafka.errors.KafkaConnectionError` when no broker answers."""
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            **client_options(),
        )
        await self._producer.start()

    async def stop(self) -> None:
        """Send what is pending and disconnect."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Write *records* in order and return when the broker has acknowledged all of them."""
        if self._producer is None:
            raise ConnectionError("the publisher is not started")
        sent = [
            await self._producer.send(topic, value=value, key=key, headers=headers)
            for topic, key, value, headers in records
        ]
        await asyncio.gather(*sent)
