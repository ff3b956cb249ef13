"""Synthetic people and a small diary: every test tells what happened to one person, in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM
from common.kernel.decision import Decision, Timer, TimerFired
from f0_monitoring.domain import commands
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.declare import file_report
from f0_monitoring.domain.model import CareState, DeclaredBy, Origin, Patient, Profile, Vitals
from f0_monitoring.domain.rules import RiskRules
from f0_monitoring.rulebook import RiskRuleBooks, load_risk_rules

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
    from dataclasses import replace

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
