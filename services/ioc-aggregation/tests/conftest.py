"""The whole service on memory stores and a memory bus, at a standing clock."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from common.clocks import FrozenClock
from common.contracts.base import Payload
from common.contracts.codec import to_record
from common.kernel.ids import derived_id
from common.messaging.applier import Applier
from common.service import Mode, Runtime, Service
from common.testing.bus import MemoryBus
from common.testing.sign_in import client_of, sample_jwks, sample_settings
from common.work.memory import MemoryStore
from common.work.model import OutboxEntry
from ioc_aggregation.app import Stores, compose
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.store import MemoryMails, MemoryTotals
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.window import Window

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)


class AlwaysMine:
    """A lease that nobody else wants."""

    async def hold(self) -> bool:
        return True


@dataclass
class Running:
    """What a story needs."""

    service: Service
    totals: MemoryTotals
    published: MemoryStore[Any]
    clock: FrozenClock
    bus: MemoryBus
    client: httpx.AsyncClient
    told: int = 0

    @property
    def window(self) -> Window:
        return self.service.parts["window"]

    @property
    def board(self) -> Board:
        return self.window.board

    async def tell(self, *payloads: Payload, sequence: int = 1) -> None:
        """Publish facts, let the fold read the whole bus from the start (duplicates!), refresh the board."""
        for payload in payloads:
            self.told += 1
            entry = OutboxEntry(
                derived_id("test", str(self.told)),
                payload.type,
                payload.topic,
                payload.subject,
                sequence,
                self.clock.now(),
                payload.model_dump_json(exclude_none=True),
            )
            await self.bus.publish([to_record(entry)])
        for subscription in self.service.subscriptions:
            records = self.bus.fetch(subscription.topics, {}, 10_000)
            await Applier(subscription, self.bus, self.clock).apply(records)
        await self.board.refresh()

    async def get(self, path: str, headers: dict[str, str]) -> Any:
        response = await self.client.get(path, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    def summaries(self) -> list[dict[str, Any]]:
        return [json.loads(entry.data) for entry in self.published.facts()]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    clock = FrozenClock(NOW)
    settings = sample_settings(IocSettings)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    totals, published = MemoryTotals(), MemoryStore[Any]()
    stores = Stores(totals, published, MemoryMails())
    service = compose(settings, runtime, stores, AlwaysMine(), AlwaysMine())
    service.subscriptions = list(service.subscriptions)
    service.worker_background = list(service.worker_background)
    async with client_of(service.app(Mode.API)) as client:
        yield Running(service, totals, published, clock, MemoryBus(), client)
