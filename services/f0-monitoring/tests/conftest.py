"""Synthetic people and a small diary: every test tells what happened to one person, in order."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.contracts.event import Event
from common.contracts.f0_monitoring import HealthReported
from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM
from common.kernel.decision import Decision, Timer, TimerFired
from common.service import Mode, Runtime
from common.testing.sign_in import client_of, sample_jwks, sample_settings
from common.work.memory import MemoryRecords, MemoryStore
from common.work.model import Cause, Errand
from f0_monitoring.app import compose
from f0_monitoring.domain import commands
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.model import CareState, DeclaredBy, Origin, Patient, Profile, Report, Vitals
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.domain.rules import RiskRules
from f0_monitoring.ports import After, Search
from f0_monitoring.rulebook import RiskRuleBooks, load_risk_rules
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.store.documents import heard_at

RULES_FOLDER = Path(__file__).parents[3] / "rules"
HERE = Area("05830", "173")
WELL = Vitals(
    spo2_percent=98,
    temperature_celsius=36.8,
    pulse_per_minute=76,
    breaths_per_minute=16,
    systolic_mmhg=120,
    diastolic_mmhg=76,
)


@pytest.fixture(scope="session")
def books() -> RiskRuleBooks:
    return load_risk_rules(RULES_FOLDER)


@pytest.fixture
def officer() -> Actor:
    return Actor("officer-1", frozenset(("health_officer",)), frozenset(("173",)))


def local(day: int, hour: int, minute: int = 0, *, month: int = 2, year: int = 2022) -> datetime:
    """An instant in UTC of a local time in Thái Nguyên."""
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


@dataclass
class Diary:
    """What happens to one person: `declare`, `report`, `timers_until`, `move`; then look at `patient`."""

    rules: RiskRules
    officer: Actor
    patient: Patient | None = None
    facts: list[Any] = field(default_factory=list)
    timers: tuple[Timer, ...] = ()
    answers: list[dict[str, Any]] = field(default_factory=list)
    numbered: int = 0

    def do(self, command: Any, now: datetime) -> Decision[Patient]:
        if isinstance(command, TimerFired):
            self.timers = tuple(t for t in self.timers if t.name != command.name)
        decision = decide(self.patient, command, self.rules, now)
        assert decision == decide(self.patient, command, self.rules, now)
        self.patient = decision.state
        self.facts += decision.facts
        self.timers = self.timers if decision.timers is None else decision.timers
        return decision

    def declare(self, now: datetime, profile: Profile | None = None, **more: Any) -> Patient:
        command = commands.DeclarePatient(
            person_id="p-1",
            area=HERE,
            profile=profile or Profile(age_months=30 * 12, vaccination_doses=2),
            origin=Origin.OFFICER,
            tested_on=more.pop("tested_on", now.astimezone(VIETNAM).date()),
            onset_on=None,
            by=self.officer,
            **more,
        )
        self.do(command, now)
        assert self.patient is not None
        return self.patient

    def report(
        self,
        at: datetime,
        received_at: datetime | None = None,
        symptoms: tuple[str, ...] = (),
        **vitals: Any,
    ) -> dict[str, Any]:
        """File a declaration and assess it; returns the answer that the person got."""
        self.numbered += 1
        now = received_at or at
        filed = file_report(
            self.patient,
            commands.FileReport(
                report_id=f"r-{self.numbered}",
                person_id="p-1",
                reported_at=at,
                declared_by=DeclaredBy.SELF,
                by=Actor("citizen", frozenset(("citizen",)), person_id="p-1"),
                vitals=well(**vitals),
                symptoms=symptoms,
            ),
            self.rules,
            now,
        )
        assert filed.state is not None
        self.do(commands.AssessReport(filed.state), now)
        self.answers.append(filed.answer)
        return filed.answer

    def timers_until(self, now: datetime) -> None:
        """Fire whatever is due by *now*, oldest first, each a second after it is due."""
        while due := sorted((t for t in self.timers if t.due_at <= now), key=lambda t: t.due_at):
            self.do(TimerFired("p-1", due[0].name, due[0].due_at), due[0].due_at + timedelta(seconds=1))

    def move(self, to_state: CareState, now: datetime) -> Patient:
        self.do(commands.MovePatient("p-1", to_state, "noted", "", self.officer), now)
        assert self.patient is not None
        return self.patient

    def close(self, outcome: CareState, now: datetime) -> Patient:
        self.do(commands.ClosePatient("p-1", outcome, "noted", "", self.officer), now)
        assert self.patient is not None
        return self.patient

    def told(self, kind: type) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def level(self) -> str:
        assert self.patient is not None
        return self.patient.risk.level.value

    @property
    def criteria(self) -> set[str]:
        assert self.patient is not None
        return {reason.criterion for reason in self.patient.risk.reasons}


def well(**changes: Any) -> Vitals:
    return replace(WELL, **changes)


@pytest.fixture
def diary(books: RiskRuleBooks, officer: Actor) -> Diary:
    return Diary(books, officer)


@pytest.fixture
def new_diary(books: RiskRuleBooks, officer: Actor) -> Callable[[], Diary]:
    """For tests that tell many lives."""
    return lambda: Diary(books, officer)


@pytest.fixture
def at() -> Callable[..., datetime]:
    return local


@pytest.fixture
def today() -> date:
    return date(2022, 2, 10)


class StoppedClock:
    """Time that passes only when told to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class MemoryPatients(MemoryStore[Patient]):
    """Records in a dict; the queries of the store, said again in Python."""

    async def open_after(
        self, area_codes: Collection[str], *, limit: int, after: str = "", commune_code: str | None = None
    ) -> list[Patient]:
        wanted = {commune_code} if commune_code else set(area_codes)
        found = [p for p in self._all() if not p.is_closed and wanted & p.area.codes()]
        return sorted((p for p in found if p.person_id > after), key=lambda p: p.person_id)[:limit]

    async def many(self, person_ids: Collection[str]) -> dict[str, Patient]:
        return {key: stored.state for key, stored in (await self.load(list(person_ids))).items()}

    async def find(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        wanted = [p for p in self._all() if p.is_closed is not search.is_open and self._matches(p, search)]
        ordered = sorted(wanted, key=_order)
        if after:
            ordered = [p for p in ordered if _order(p) > (-after[0], after[1], after[2])]
        return ordered[:limit]

    async def looked_after_by(self, guardian_id: str, *, limit: int) -> list[Patient]:
        return [p for p in self._all() if guardian_id in p.guardian_ids and not p.is_closed][:limit]

    async def without_doctor(self, *, limit: int) -> list[Patient]:
        return [p for p in self._all() if p.carer_id is None and not p.is_closed][:limit]

    async def loads(self) -> dict[str, int]:
        return dict(Counter(p.carer_id for p in self._all() if p.carer_id and not p.is_closed))

    def _all(self) -> list[Patient]:
        return [stored.state for stored in self.aggregates.values()]

    def _matches(self, patient: Patient, search: Search) -> bool:
        is_own = bool(search.carer_id) and patient.carer_id == search.carer_id
        in_area = bool(set(search.area_codes) & patient.area.codes()) and not search.is_own_only
        return (
            (is_own or in_area)
            and search.commune_code in (None, patient.area.commune_code)
            and search.level in (None, patient.risk.level)
            and search.care in (None, patient.care)
            and set(search.tokens) <= set(patient.blind)
        )


def _order(patient: Patient) -> tuple[int, datetime, str]:
    return -patient.risk.level.rank, heard_at(patient), patient.person_id


class MemoryReports(MemoryRecords[Report]):
    """The ledger in a dict."""

    async def by_ids(self, report_ids: Collection[str]) -> list[Report]:
        return [row for row in self.rows.values() if row.report_id in report_ids]

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        mine = [row for row in self.rows.values() if row.person_id == person_id]
        return sorted(mine, key=lambda row: row.measured_at, reverse=True)[:limit]


class MemoryDoctors(MemoryStore[Doctor]):
    """The roster in a dict."""

    async def roster(self) -> list[Doctor]:
        return [self.aggregates[key].state for key in sorted(self.aggregates)]


class House:
    """The service on memory stores; `deliver` plays the backbone."""

    client: httpx.AsyncClient

    def __init__(self) -> None:
        settings = sample_settings(F0MonitoringSettings)
        self.clock = StoppedClock(local(10, 15, 30))
        self.patients, self.reports, self.doctors = MemoryPatients(), MemoryReports(), MemoryDoctors()
        runtime = Runtime(settings, clock=self.clock, jwks=sample_jwks(), in_memory=True)
        self.service = compose(runtime, self.patients, self.reports, self.doctors, settings)
        self.app = self.service.app(Mode.API)

    async def deliver(self) -> None:
        """Hand every kept declaration to the consumer, as Kafka would (again and again)."""
        [subscription] = self.service.subscriptions
        to_command = subscription.translations()["f0-monitoring.health-reported.v1"]
        errands = []
        for number, entry in enumerate(self.reports.facts(), start=1):
            data = HealthReported.model_validate_json(entry.data)
            event = Event(entry.id, entry.type, "", entry.subject, entry.recorded_at, 1, data)
            errands.append(Errand(to_command(event), Cause(entry.id, "f0.reports.v1-0", number)))
        results = await subscription.work.run_batch(errands)
        assert [result.error for result in results] == [None] * len(results)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """The whole service on memory stores, at 15:30 of 10/02/2022."""
    house = House()
    async with client_of(house.app) as client:
        house.client = client
        yield house
