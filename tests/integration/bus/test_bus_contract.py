"""Apache Kafka passes the suite of every bus."""

import pytest

from common.testing.bus_contract import BusContract


@pytest.mark.kafka
class TestKafkaBus(BusContract):
    """The suite, with the fixture `bus` of this folder."""
