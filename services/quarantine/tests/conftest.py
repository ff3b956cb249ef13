"""A commune, an officer, a person, and the province's real rule files."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import pytest

from common.clocks import FrozenClock
from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.messaging.applier import Applier
from common.service import Mode, Runtime, Service
from common.testing.bus import MemoryBus
from common.testing.sign_in import client_of, sample_jwks, sample_settings
from common.work.timers import TimerLoop
from quarantine.app import Stores, compose
from quarantine.domain.commands import OrderQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.model import Case, Category, Immunity, Origin, Person, Place
from quarantine.domain.protocols import Subject
from quarantine.domain.rules import QuarantineRules
from quarantine.rulebook import read_rules
from quarantine.settings import QuarantineSettings
from services.quarantine.tests.memory import MemoryCases, MemoryReports, memory_stores

RULES = Path(__file__).parents[3] / "rules" / "quarantine"
PERSON = "pquarantined"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="session")
def rules() -> QuarantineRules:
    return read_rules(RULES)


@pytest.fixture(scope="session")
def area() -> Area:
    return Area("05443", "164")


@pytest.fixture(scope="session")
def officer(area: Area) -> Actor:
    return Actor("cb-05443", frozenset({"health_officer"}), frozenset({area.commune_code}))


@pytest.fixture(scope="session")
def local() -> Callable[..., datetime]:
    """Build an instant from Vietnamese wall time."""

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)

    return at


@pytest.fixture(scope="session")
def order(area: Area, officer: Actor, local: Callable[[str], datetime]) -> Callable[..., OrderQuarantine]:
    def make(**changes: Any) -> OrderQuarantine:
        command = OrderQuarantine(
            person_id=PERSON,
            by=officer,
            person=Person(area, "s1.k.person.sealed", ("t1", "t2"), "home-1"),
            category=Category.F1,
            place=Place.HOME,
            last_exposure_on=date(2021, 8, 1),
            immunity=Immunity(),
        )
        return replace(command, **changes)

    return make


@pytest.fixture(scope="session")
def quarantined(
    order: Callable[..., OrderQuarantine], rules: QuarantineRules, local: Callable[[str], datetime]
) -> Callable[..., Case]:
    """Put somebody in quarantine: by default an F1 at home from 2 to 15 August 2021."""

    def make(now: datetime | None = None, **changes: Any) -> Case:
        decision = decide(None, order(**changes), rules, now or local("2021-08-02T08:00"))
        assert decision.state is not None
        return decision.state

    return make


@pytest.fixture(scope="session")
def subject(area: Area) -> Callable[..., Subject]:
    def make(
        category: Category = Category.F1,
        *,
        place: Place = Place.HOME,
        origin: Origin = Origin.AFFECTED_AREA,
        province: str = "19",
        **immunity: Any,
    ) -> Subject:
        return Subject(category, place, origin, Immunity(**immunity), replace(area, province_code=province))

    return make


@pytest.fixture(scope="session")
def day_of() -> Callable[[datetime], date]:
    return local_day


@dataclass
class Running:
    """The whole service on memory stores and a memory bus, at a standing clock."""

    service: Service
    stores: Stores
    clock: FrozenClock
    bus: MemoryBus
    client: httpx.AsyncClient

    @property
    def cases(self) -> MemoryCases:
        """The files of people."""
        return cast(MemoryCases, self.stores.cases)

    @property
    def reports(self) -> MemoryReports:
        """The ledger of declarations."""
        return cast(MemoryReports, self.stores.reports)

    async def relay(self) -> None:
        """Publish what waits, as the outbox relay does."""
        from common.contracts.codec import to_record

        for store in self.service.runtime.stores:
            for unsent in await store.unsent(10_000):
                await self.bus.publish([to_record(entry) for entry in unsent.entries])
                await store.clear([unsent])

    async def consume(self) -> None:
        """Let every group apply all that is on the bus, from the start: duplicates are its daily bread."""
        for subscription in self.service.subscriptions:
            records = self.bus.fetch(subscription.topics, {}, 10_000)
            await Applier(subscription, self.bus, self.clock).apply(records)

    async def fire(self) -> int:
        """Fire the timers that are due at the standing clock, until none is."""
        runtime, fired = self.service.runtime, 0
        for work in runtime.works:
            loop = TimerLoop(work, work.store, self.clock)
            while handled := await loop.fire_due():
                fired += handled
        return fired

    async def facts(self, topic: str) -> list[dict[str, Any]]:
        """Return type and body of what is on *topic*."""
        import json

        rows = await self.bus.read(topic)
        return [
            {"type": dict(row.headers)["ce_type"].decode(), **json.loads(row.value or b"{}")} for row in rows
        ]


@pytest.fixture
async def running(local: Callable[[str], datetime]) -> AsyncIterator[Running]:
    clock = FrozenClock(local("2021-08-02T08:00"))
    settings = sample_settings(QuarantineSettings)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    stores = memory_stores()
    service = compose(runtime, stores, settings)
    async with client_of(service.app(Mode.API)) as client:
        yield Running(service, stores, clock, MemoryBus(), client)
