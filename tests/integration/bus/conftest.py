"""A broker of the bus tests' own: they write poison and made-up facts, which no service shall read."""

from collections.abc import AsyncIterator, Iterator

import pytest

from common.messaging.topics import ensure_topics
from common.testing.kafka_bus import KafkaBus
from deploy.local.checkout import free_ports
from deploy.local.stack import Broker
from tests.conftest import UNAVAILABLE, give_up, make_servers


@pytest.fixture(scope="package")
def broker(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Broker]:
    """Return a running Apache Kafka: `bootstrap`, `kill()`, `start_and_wait()`."""
    folder = tmp_path_factory.mktemp("bus")
    _, make = make_servers(folder, free_ports(), pytestconfig.getoption("--stack"))
    server: Broker | None = None
    try:
        server = make()
        server.start_and_wait()
        yield server
    except UNAVAILABLE as fault:
        give_up(fault)
    finally:
        if server is not None:
            server.stop()


@pytest.fixture
async def bus(broker: Broker) -> AsyncIterator[KafkaBus]:
    """Return the bus on that broker, with the topics of the catalogue."""
    await ensure_topics(broker.bootstrap)
    bus = KafkaBus(broker.bootstrap)
    await bus.start()
    yield bus
    await bus.stop()
