"""A commune, an officer, a person, and the province's real rule files."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from common.clocks import FrozenClock
from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.kernel.decision import TimerFired
from common.messaging.applier import Applier
from common.service import Mode, Runtime, Service
from common.testing.bus import MemoryBus
from common.testing.sign_in import client_of, sample_jwks, sample_settings
from common.work.memory import MemoryRecords, MemoryStore
from common.work.timers import TimerLoop
from quarantine.app import compose
from quarantine.domain.commands import OrderQuarantine
from quarantine.domain.decide import decide
from quarantine.domain.model import Case, Category, Immunity, Origin, Person, Place
from quarantine.domain.reports import Report
from quarantine.domain.rules import QuarantineRules, Subject
from quarantine.ports import Search, Worklist
from quarantine.rulebook import read_rules
from quarantine.settings import QuarantineSettings
from quarantine.store import _find, _passed

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


class MemoryReports(MemoryRecords[Report]):
    """The ledger in a dict."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        mine = [row for row in self.rows.values() if row.person_id == person_id]
        return sorted(mine, key=lambda row: row.reported_at, reverse=True)[:limit]


class MemoryCases(MemoryStore[Case]):
    """Files in a dict, searched by the very fields that Mongo is searched by."""

    def __init__(self, reports: MemoryReports) -> None:
        super().__init__()
        self._reports = reports

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        rows = list(self._reports.rows.values())
        return [
            _passed(one, [row.reported_at for row in rows if row.person_id == one.aggregate_id])
            for one in await super().due(now, shards, limit)
        ]

    async def get(self, person_id: str) -> Case | None:
        return (await self.many([person_id])).get(person_id)

    async def many(self, person_ids: Any) -> dict[str, Case]:
        return {key: stored.state for key, stored in (await self.load(list(person_ids))).items()}

    async def find(self, search: Search, *, limit: int, after: tuple[str, str] | None = None) -> list[Case]:
        found = [(f["ends_on"], c.person_id, c) for c, f in self._found(search)]
        return [c for *key, c in sorted(found, key=lambda r: r[:2]) if after is None or tuple(key) > after][
            :limit
        ]

    async def count(self, search: Search) -> dict[Worklist, int]:
        found = [f for _, f in self._found(search)]
        today = search.today.isoformat()
        return {status: sum(belongs(f, status, today) for f in found) for status in Worklist}

    async def open_like(self, tokens: Any, either: Any, *, but: str) -> list[Case]:
        return [
            stored.state
            for key, stored in self.aggregates.items()
            if (f := _find(stored.state))
            and key != but
            and f["is_open"]
            and set(tokens) <= set(f["blind"])
            and set(either) & set(f["blind"])
        ]

    def _found(self, search: Search) -> list[tuple[Case, dict[str, Any]]]:
        pairs = [(stored.state, _find(stored.state)) for stored in self.aggregates.values()]
        return [(c, f) for c, f in pairs if f and self._fits(f, search)]

    def _fits(self, f: dict[str, Any], search: Search) -> bool:
        return (
            bool(set(f["codes"]) & set(search.area_codes))
            and (search.status is None or belongs(f, search.status, search.today.isoformat()))
            and search.commune_code in (None, f["commune"])
            and set(search.tokens) <= set(f["blind"])
            and search.household_id in ("", f["household"])
        )


def belongs(f: dict[str, Any], status: Worklist, today: str) -> bool:
    is_due = f["next_on"] <= today <= f["ends_on"] and f["reported_on"] != today and f["missed"] == 0
    also = {
        Worklist.OPEN: True,
        Worklist.OVERDUE: f["missed"] > 0,
        Worklist.ABNORMAL: f["has_symptoms"],
        Worklist.DUE: is_due,
        Worklist.ENDING: f["ends_on"] <= today,
    }
    return not f["is_open"] if status is Worklist.ENDED else f["is_open"] and also[status]


@dataclass
class Running:
    """The whole service on memory stores and a memory bus, at a standing clock."""

    service: Service
    cases: MemoryCases
    reports: MemoryReports
    clock: FrozenClock
    bus: MemoryBus
    client: httpx.AsyncClient

    async def relay(self) -> None:
        """Publish what waits, as the outbox relay does."""
        from common.contracts.codec import to_record

        for store in (self.cases, self.reports):
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
        loop, fired = TimerLoop(self.service.runtime.works[0], self.cases, self.clock), 0
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
async def running(local: Callable[[str], datetime], rules: QuarantineRules) -> AsyncIterator[Running]:
    clock = FrozenClock(local("2021-08-02T08:00"))
    settings = sample_settings(QuarantineSettings)
    runtime = Runtime(settings, clock=clock, jwks=sample_jwks(), in_memory=True)
    reports = MemoryReports()
    cases = MemoryCases(reports)
    service = compose(runtime, cases, reports, rules)
    async with client_of(service.app(Mode.API)) as client:
        yield Running(service, cases, reports, clock, MemoryBus(), client)
