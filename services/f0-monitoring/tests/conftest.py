"""Synthetic people and a small diary: every test tells what happened to one person, in order."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.contracts.event import Event
from common.contracts.f0_monitoring.self_declared import SelfDeclarationSettled
from common.contracts.registry import PAYLOADS
from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM
from common.kernel.decision import Decision, Timer, TimerFired
from common.kernel.messages import Message
from common.messaging.subscription import Subscription
from common.service import Mode, Runtime, Service
from common.sms import Sms
from common.testing import kept
from common.testing.kept import MemoryKeyRing, MemoryUploads
from common.testing.sign_in import client_of, sample_jwks, sample_settings
from common.work.memory import MemoryRecords, MemoryStore
from common.work.model import Cause, Errand
from common.work.timers import TimerLoop
from f0_monitoring.app import Stores, compose
from f0_monitoring.domain import commands
from f0_monitoring.domain.cover import Cover
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.equipment import Device
from f0_monitoring.domain.followup import is_quiet
from f0_monitoring.domain.model import (
    DECLARING,
    CareState,
    DeclaredBy,
    Level,
    Origin,
    Patient,
    Profile,
    Report,
    Vitals,
    worst,
)
from f0_monitoring.domain.revoking import RevokedCertificate
from f0_monitoring.domain.roster import Doctor
from f0_monitoring.domain.rules import RiskRules
from f0_monitoring.domain.self_declared import SelfDeclaration, Status
from f0_monitoring.domain.timeline import Entry, Words
from f0_monitoring.domain.watched import Watched
from f0_monitoring.parts.care import CareStores
from f0_monitoring.parts.intake import IntakeStores
from f0_monitoring.ports import After, Counts, Search, Uncovered
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
        """The district says so: a test of something else need not wait for the days of the rule."""
        command = commands.ClosePatient("p-1", outcome, "noted", "sealed", self.officer, is_override=True)
        self.do(command, now)
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

    async def watched(self, person_ids: Collection[str]) -> dict[str, Watched]:
        return {key: Watched.of(patient) for key, patient in (await self.many(person_ids)).items()}

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

    async def rows(self, search: Search, *, limit: int, after: After | None = None) -> list[Patient]:
        found = await self.find(search, limit=len(self.aggregates), after=after)
        return [p for p in found if _is_behind(p, search)][:limit]

    async def counts(self, search: Search) -> Counts:
        found = await self.find(search, limit=len(self.aggregates))
        tabs = ("act", "quiet", "aside", "knock", "all")
        behind = (sum(_is_behind(p, replace(search, tab=tab)) for p in found) for tab in tabs)
        loads = await self.loads()
        return Counts(*behind, mine=loads.get(search.carer_id, 0))

    async def misplaced(self, on_duty: Collection[str], *, limit: int) -> list[Patient]:
        found = [p for p in self._free() if p.carer_id not in on_duty]
        return sorted(found, key=lambda p: -p.risk.level.rank)[:limit]

    async def away(self, leads: Collection[str], *, limit: int) -> list[Patient]:
        return [p for p in self._free() if p.lead_id in leads and p.lead_id != p.carer_id][:limit]

    async def calmest_of(self, doctor_id: str, *, limit: int) -> list[Patient]:
        found = [p for p in self._free() if p.carer_id == doctor_id]
        return sorted(found, key=lambda p: p.risk.level.rank)[:limit]

    async def uncovered(self, on_duty: Collection[str]) -> list[Uncovered]:
        found: dict[Area, list[Patient]] = {}
        for patient in self._all():
            if not patient.is_closed and patient.carer_id not in on_duty:
                found.setdefault(patient.area, []).append(patient)
        return [
            Uncovered(area, len(ps), worst(*(p.risk.level for p in ps)), sum(p.is_pinned for p in ps))
            for area, ps in found.items()
        ]

    async def awaiting_details(self, codes: Collection[str], *, limit: int) -> list[Patient]:
        found = [p for p in self._all() if not p.is_closed and not p.sealed and set(codes) & p.area.codes()]
        return sorted(found, key=lambda p: p.declared_at)[:limit]

    async def at_home_since(
        self,
        codes: Collection[str],
        tested_on: date,
        *,
        limit: int,
        after: tuple[date, str] | None = None,
    ) -> list[Patient]:
        found = [p for p in self._all() if p.care in DECLARING and set(codes) & p.area.codes()]
        found = [p for p in found if p.tested_on <= tested_on]
        ordered = sorted(found, key=lambda p: (p.tested_on, p.person_id))
        return [p for p in ordered if after is None or (p.tested_on, p.person_id) > after][:limit]

    async def in_areas(self, codes: Collection[str], *, limit: int, after: str = "") -> list[Patient]:
        found = [p for p in self._all() if set(codes) & p.area.codes() and p.person_id > after]
        return sorted(found, key=lambda p: p.person_id)[:limit]

    async def loads(self) -> dict[str, int]:
        return dict(Counter(p.carer_id for p in self._all() if p.carer_id and not p.is_closed))

    def _free(self) -> list[Patient]:
        return [p for p in self._all() if not p.is_closed and not p.is_pinned]

    def _all(self) -> list[Patient]:
        return [stored.state for stored in self.aggregates.values()]

    def _matches(self, patient: Patient, search: Search) -> bool:
        team = {helper.staff_id for helper in patient.team}
        is_own = bool(search.carer_id) and search.carer_id in (patient.carer_id, *team)
        in_area = bool(set(search.area_codes) & patient.area.codes()) and not search.is_own_only
        return (
            (is_own or in_area)
            and search.commune_code in (None, patient.area.commune_code)
            and search.level in (None, patient.risk.level)
            and search.care in (None, patient.care)
            and set(search.tokens) <= set(patient.blind)
        )


def _is_behind(patient: Patient, search: Search) -> bool:
    assert search.now is not None
    aside = is_quiet(patient.attention, search.now)
    return {
        "act": patient.risk.level.rank >= Level.HIGH.rank and not aside,
        "quiet": patient.missed_in_a_row > 0 and not aside,
        "aside": aside,
        "knock": patient.attention.knock is not None,
        "all": True,
    }[search.tab]


def _order(patient: Patient) -> tuple[int, datetime, str]:
    return -patient.risk.level.rank, heard_at(patient), patient.person_id


class MemoryReports(MemoryRecords[Report]):
    """The ledger in a dict."""

    async def by_ids(self, report_ids: Collection[str]) -> list[Report]:
        return [row for row in self.rows.values() if row.report_id in report_ids]

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        mine = [row for row in self.rows.values() if row.person_id == person_id]
        return sorted(mine, key=lambda row: row.measured_at, reverse=True)[:limit]

    async def person_of(self, report_id: str) -> str | None:
        row = self.rows.get(report_id)
        return row.person_id if row else None


class MemoryDoctors(MemoryStore[Doctor]):
    """The roster in a dict."""

    async def roster(self) -> list[Doctor]:
        return [self.aggregates[key].state for key in sorted(self.aggregates)]


class MemoryCovers(MemoryStore[Cover]):
    """Which communes have nobody on duty, in a dict."""

    async def broken(self) -> list[Cover]:
        return [stored.state for stored in self.aggregates.values() if stored.state.patients]


class MemoryDevices(MemoryStore[Device]):
    """Devices in a dict."""

    async def lent_to(self, person_ids: Collection[str]) -> list[Device]:
        return [each.state for each in self.aggregates.values() if each.state.person_id in person_ids]


class MemoryTimeline(MemoryRecords[Entry]):
    """The timeline in a dict."""

    async def of(self, person_id: str, *, limit: int) -> list[Entry]:
        mine = [row for row in self.rows.values() if row.person_id == person_id]
        return sorted(mine, key=lambda row: row.at, reverse=True)[:limit]


class MemoryWords(MemoryRecords[Words]):
    """Sealed words in a dict."""

    async def many(self, words_ids: Collection[str]) -> dict[str, Words]:
        return {key: self.rows[key] for key in words_ids if key in self.rows}


class MemoryChanges:
    """Who was written since the last look: the tests say so."""

    def __init__(self) -> None:
        self.people: set[str] | None = set()

    async def since_last(self) -> set[str] | None:
        people, self.people = self.people, set()
        return people

    async def rest(self) -> None:
        self.people = None


class MemorySelfDeclarations(MemoryStore[SelfDeclaration]):
    """Registers in a dict."""

    async def of_people(self, person_ids: Collection[str]) -> dict[str, SelfDeclaration]:
        return {one.person_id: one for one in self._all() if one.person_id in person_ids}

    async def waiting(self, codes: Collection[str], *, limit: int) -> list[SelfDeclaration]:
        found = [d for d in self._all() if d.status is Status.WAITING and set(codes) & d.area.codes()]
        return sorted(found, key=lambda d: d.declared_at)[:limit]

    async def sent_by(self, declarant_id: str, *, limit: int) -> list[SelfDeclaration]:
        found = [d for d in self._all() if d.declarant_id == declarant_id]
        return sorted(found, key=lambda d: d.declared_at, reverse=True)[:limit]

    def _all(self) -> list[SelfDeclaration]:
        return [stored.state for stored in self.aggregates.values()]


class MemoryTestPhotos:
    """Sealed pictures in a dict."""

    __test__ = False

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    async def keep(self, owner_id: str, digest: str, sealed: str) -> None:
        self.kept.setdefault((owner_id, digest), sealed)

    async def sealed_of(self, owner_id: str, digest: str) -> str | None:
        return self.kept.get((owner_id, digest))


class MemoryMessages(kept.MemoryMessages):
    """Text messages in a dict, found by their consultations too."""

    async def of_consultations(self, consultation_ids: Collection[str]) -> dict[str, Message]:
        found = sorted(self.all(), key=lambda m: m.useful_until)
        return {m.about_id: m for m in found if m.about_id in consultation_ids}


class MemoryRevocations(MemoryStore[RevokedCertificate]):
    """Certificates that were taken back, in a dict."""

    async def one(self, number: str) -> RevokedCertificate | None:
        stored = self.aggregates.get(number)
        return stored.state if stored else None

    async def all(self) -> list[RevokedCertificate]:
        return [self.aggregates[number].state for number in sorted(self.aggregates)]


def memory_stores() -> Stores:
    """Everything in dicts."""
    return Stores(
        MemoryPatients(),
        MemoryReports(),
        MemoryDoctors(),
        CareStores(MemoryCovers(), MemoryDevices(), MemoryTimeline(), MemoryWords(), MemoryChanges()),
        IntakeStores(
            MemoryUploads(),
            MemorySelfDeclarations(),
            MemoryTestPhotos(),
            MemoryKeyRing(),
            MemoryRevocations(),
        ),
        import_module("services.f0-monitoring.tests.meeting_memory").memory_consulting(),
        import_module("services.f0-monitoring.tests.facility_memory").memory_facilities(),
        MemoryMessages(),
    )


class MemoryGateway:
    """A gateway for text messages that keeps them, each key once; `troubles` are raised one after another."""

    def __init__(self) -> None:
        self.taken: dict[str, Sms] = {}
        self.calls: list[Sms] = []
        self.troubles: list[Exception | None] = []
        self.loses_answers = False

    async def send(self, sms: Sms) -> str:
        self.calls.append(sms)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None and not self.loses_answers:
            raise trouble
        self.taken.setdefault(sms.key, sms)
        if trouble is not None:
            raise trouble
        return f"gw-{len(self.taken)}"


class House:
    """The service on memory stores; `deliver` plays the backbone."""

    client: httpx.AsyncClient

    def __init__(self) -> None:
        self.clock = StoppedClock(local(10, 15, 30))
        self.stores, self.gateway = memory_stores(), MemoryGateway()
        self.patients, self.reports, self.doctors = (
            self.stores.patients,
            self.stores.reports,
            self.stores.doctors,
        )
        self.beside, self.consulting = self.stores.care, self.stores.consulting
        self.lists, self.declarations = self.stores.intake.lists, self.stores.intake.declarations
        self.photos = self.stores.intake.photos
        self.service = self.another_instance()
        self.parts = self.service.parts
        self.app = self.service.app(Mode.API)
        self.heard = 0

    def another_instance(self) -> Service:
        """Compose the service on the same stores, as another pod does."""
        settings = sample_settings(F0MonitoringSettings)
        runtime = Runtime(settings, clock=self.clock, jwks=sample_jwks(), in_memory=True)
        return compose(runtime, replace(self.stores, consulting=self.consulting), settings, self.gateway)

    async def deliver(self) -> None:
        """Hand every fact about records to whoever listens here, as Kafka would (again and again)."""
        for subscription in self.service.subscriptions:
            if subscription.group != "f0-monitoring.intake":
                await self._deliver_to(subscription)

    async def _deliver_to(self, subscription: Subscription) -> None:
        translations = subscription.translations()
        stores = (self.reports, self.patients, self.beside.devices, self.beside.covers)
        facts = [entry for store in stores for entry in store.facts() if entry.type in translations]
        errands = []
        for number, entry in enumerate(facts, start=1):
            data = PAYLOADS[entry.type].model_validate_json(entry.data)
            event = Event(entry.id, entry.type, "", entry.subject, entry.recorded_at, 1, data)
            cause = Cause(entry.id, "f0.reports.v1-0", number)
            errands.append(Errand(translations[entry.type](event), cause))
        results = await subscription.work.run_batch(errands)
        assert [result.error for result in results] == [None] * len(results)

    async def fire_timers(self) -> None:
        """Let every timer of the roster and of the records that is due by now fire."""
        for work, store in ((self.parts["roster"], self.doctors), (self.parts["work"], self.patients)):
            await TimerLoop(work, store, self.clock).fire_due()

    async def fire_due(self) -> int:
        """Fire the timers of people's own declarations that are due now."""
        work = self.app.state.parts["self_declarations"]
        due = await self.declarations.due(self.clock.now(), list(range(16)), 100)
        errands = [Errand(one, Cause(f"{one.aggregate_id}:{one.due_at}")) for one in due]
        results = await work.run_batch(errands)
        assert [result.error for result in results] == [None] * len(results)
        return len(due)

    async def hear(self, *events: Event[Any]) -> list[Any]:
        """Hand facts to the group that opens records, each with its place in the log."""
        subscription = next(s for s in self.service.subscriptions if s.group == "f0-monitoring.intake")
        errands = []
        for event in events:
            command = subscription.translations()[event.type](event)
            if command is not None:
                self.heard += 1
                errands.append(Errand(command, Cause(event.id, "log-0", self.heard)))
        results = await subscription.work.run_batch(errands)
        assert [result.error for result in results] == [None] * len(results)
        return results

    async def hear_ourselves(self) -> None:
        """Hand what stations answered to the group that opens records (again and again)."""
        kind = SelfDeclarationSettled
        for entry in self.declarations.facts():
            if entry.type == kind.type:
                data = kind.model_validate_json(entry.data)
                await self.hear(Event(entry.id, entry.type, "", entry.subject, entry.recorded_at, 1, data))


@pytest.fixture(scope="session")
def make_house() -> Callable[[], House]:
    """For tests that need many."""
    return House


@pytest.fixture
def house_maker() -> Callable[[], Any]:
    """For tests that need several services, one after another."""

    @asynccontextmanager
    async def made() -> AsyncIterator[House]:
        house = House()
        async with client_of(house.app) as client:
            house.client = client
            yield house

    return made


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """The whole service on memory stores, at 15:30 of 10/02/2022."""
    house = House()
    async with client_of(house.app) as client:
        house.client = client
        yield house
