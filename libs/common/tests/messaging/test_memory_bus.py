"""The in-memory bus passes the suite of every bus."""

import pytest

from common.testing.bus import MemoryBus
from common.testing.bus_contract import BusContract


class TestMemoryBus(BusContract):
    @pytest.fixture
    def bus(self) -> MemoryBus:
        return MemoryBus()
