"""The in-memory stores pass the contract of the real ones."""

from typing import Any

import pytest

from common.testing.store_contract import AggregateStoreContract, RecordStoreContract
from common.work.memory import MemoryRecords, MemoryStore


class TestMemoryStore(AggregateStoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore[Any]:
        return MemoryStore()


class TestMemoryRecords(RecordStoreContract):
    @pytest.fixture
    def store(self) -> MemoryRecords[Any]:
        return MemoryRecords()
