"""Facilities, transfers, stock and supplies in dicts; the queries of the store, said again in Python."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from common.contracts.event import Event
from common.contracts.registry import PAYLOADS
from common.kernel.decision import TimerFired
from common.service import Service
from common.work.memory import MemoryStore
from common.work.model import Cause, Errand
from f0_monitoring.domain.facility import Facility
from f0_monitoring.domain.stock import Stock
from f0_monitoring.domain.supplies import SupplyRequest
from f0_monitoring.domain.transfer import Journey
from f0_monitoring.parts.facilities import FacilityStores

S = TypeVar("S")
GROUPS = (
    "f0-monitoring.transfer",
    "f0-monitoring.beds",
    "f0-monitoring.transfer-care",
    "f0-monitoring.stock",
)


class _Known(MemoryStore[S]):
    async def one(self, key: str) -> S | None:
        stored = self.aggregates.get(key)
        return stored.state if stored else None

    async def many(self, keys: Collection[str]) -> dict[str, S]:
        return {key: stored.state for key, stored in (await self.load(list(keys))).items()}

    def all(self) -> list[S]:
        return [stored.state for stored in self.aggregates.values()]


class MemoryFacilities(_Known[Facility]):
    async def in_or_for(
        self, inside: Collection[str], served: Collection[str], *, limit: int
    ) -> list[Facility]:
        found = [f for f in self.all() if set(inside) & f.area.codes() or set(served) & set(f.serves)]
        return sorted(found, key=lambda f: (f.kind, f.tier, f.name))[:limit]

    async def at_home_in(self, commune_codes: Collection[str]) -> dict[str, int]:
        return dict.fromkeys(commune_codes, 0)


class MemoryJourneys(_Known[Journey]):
    async def open_ones(
        self, area_codes: Collection[str], facility_ids: Collection[str], *, limit: int
    ) -> list[Journey]:
        found = [
            j
            for j in self.all()
            if not j.transfer.is_over
            and (set(area_codes) & j.area.codes() or j.transfer.facility_id in facility_ids)
        ]
        return sorted(found, key=lambda j: (not j.transfer.is_emergency, j.transfer.requested_at))[:limit]


class MemoryStocks(_Known[Stock]):
    pass


class MemorySupplies(_Known[SupplyRequest]):
    async def in_areas(
        self, area_codes: Collection[str], *, since: datetime, limit: int
    ) -> list[SupplyRequest]:
        found = [r for r in self.all() if set(area_codes) & r.area.codes()]
        found = [r for r in found if not r.is_over or r.asked_at >= since]
        return sorted(found, key=lambda r: (r.is_over, -r.asked_at.timestamp()))[:limit]


def memory_facilities() -> FacilityStores:
    """All of them in dicts."""
    return FacilityStores(MemoryFacilities(), MemoryJourneys(), MemoryStocks(), MemorySupplies())


class Bus:
    """Hands the facts about beds, transfers, care and supplies to whoever listens, as Kafka would."""

    def __init__(self, service: Service, stores: Any) -> None:
        self._subscriptions = [s for s in service.subscriptions if s.group in GROUPS]
        places = stores.places
        self._stores = (
            stores.patients,
            places.facilities,
            places.journeys,
            places.stocks,
            places.supplies,
        )
        self.heard: dict[str, set[str]] = {group: set() for group in GROUPS}

    async def settle(self, *, again: bool = False, backwards: bool = False) -> None:
        """Deliver until nothing new is told; *again*: everything from the beginning once more."""
        if again:
            self.heard = {group: set() for group in self.heard}
        while [await self._deliver(one, backwards=backwards) for one in self._subscriptions] != [0] * 4:
            pass

    async def _deliver(self, subscription: Any, *, backwards: bool) -> int:
        translations = subscription.translations()
        known = self.heard[subscription.group]
        fresh = [e for s in self._stores for e in s.facts() if e.type in translations and e.id not in known]
        errands = []
        for entry in reversed(fresh) if backwards else fresh:
            known.add(entry.id)
            data = PAYLOADS[entry.type].model_validate_json(entry.data)
            event = Event(entry.id, entry.type, "", entry.subject, entry.recorded_at, entry.sequence, data)
            command = translations[entry.type](event)
            if command is not None:
                cause = Cause(entry.id, f"{data.topic}:{entry.subject}", entry.sequence, gapless=True)
                errands.append(Errand(command, cause))
        results = await subscription.work.run_batch(errands)
        assert [result.error for result in results] == [None] * len(results)
        return len(fresh)


async def fire(work: Any, store: Any, now: datetime) -> int:
    """Fire what is due."""
    due: list[TimerFired] = await store.due(now, list(range(16)), 100)
    results = await work.run_batch([Errand(d, Cause(f"{d.aggregate_id}:{d.name}:{d.due_at}")) for d in due])
    assert [result.error for result in results] == [None] * len(results)
    return len(due)
