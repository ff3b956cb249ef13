"""Words for the tests: a patient, a contact, a checkpoint, and what is heard about them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from alerting.domain.commands import (
    Acknowledge,
    NoteBreach,
    NoteFlag,
    NoteForgery,
    NoteOver,
    NoteReport,
    NoteRisk,
    NoteSilence,
    Resolve,
)
from alerting.domain.decide import decide
from alerting.domain.evidence import Evidence, Reason
from alerting.domain.model import (
    Alert,
    Condition,
    Kind,
    Resolution,
)
from alerting.domain.rules import AlertRules
from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision, Fact, Timer, TimerFired

NOON = datetime(2021, 11, 23, 5, 0, tzinfo=UTC)
HERE = Area("05437", "164")
PERSON = "person-0a1b"
DOCTOR = Actor("doctor-1", frozenset({"doctor"}), frozenset({"164"}))
STATION = Actor("station-1", frozenset({"health_officer"}), frozenset({"05437"}))
PROVINCE = Actor("ioc-1", frozenset({"ioc_operator"}), frozenset({"19"}))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def risk(level: str, sequence: int, at: datetime = NOON, **more: Any) -> NoteRisk:
    return NoteRisk(Kind.RISK_RISING, PERSON, HERE, at, sequence, PERSON, level, **more)


def lowered(level: str, sequence: int, at: datetime = NOON) -> NoteRisk:
    return risk(level, sequence, at, is_worse=False)


def missed(in_a_row: int, sequence: int, at: datetime = NOON, level: str = "high") -> NoteSilence:
    return NoteSilence(Kind.PATIENT_SILENT, PERSON, HERE, at, sequence, PERSON, in_a_row, level)


def contact_missed(in_a_row: int, sequence: int, at: datetime = NOON) -> NoteSilence:
    return NoteSilence(Kind.CONTACT_SILENT, PERSON, HERE, at, sequence, PERSON, in_a_row)


def reported(at: datetime, kind: Kind = Kind.PATIENT_SILENT) -> NoteReport:
    return NoteReport(kind, PERSON, HERE, at, person_id=PERSON)


def over(kind: Kind, sequence: int, at: datetime = NOON) -> NoteOver:
    return NoteOver(kind, PERSON, HERE, at, sequence, PERSON)


def breached(how: str, sequence: int, at: datetime = NOON) -> NoteBreach:
    return NoteBreach(Kind.QUARANTINE_BREACHED, PERSON, HERE, at, sequence, PERSON, how, "gate-4")


def forged(at: datetime = NOON, reason: str = "bad-signature") -> NoteForgery:
    return NoteForgery(
        Kind.PERMIT_FORGED, "gate-4", HERE, at, checkpoint_name="Chốt số 4", reason_code=reason
    )


def flagged(*signals: str, sequence: int = 1, at: datetime = NOON) -> NoteFlag:
    reasons = tuple(Reason(signal, "172 km/h", "", "") for signal in signals)
    evidence = Evidence(reasons=reasons, checkpoint_name="Chốt số 4")
    return NoteFlag(Kind.PERMIT_FLAGGED, "permit-7", HERE, at, sequence, signals=signals, evidence=evidence)


@dataclass
class Story:
    """One condition that lives through commands at given times."""

    rules: AlertRules
    condition: Condition | None = None
    timers: tuple[Timer, ...] = ()
    facts: list[Fact] = field(default_factory=list)

    def tell(self, command: Any, at: datetime = NOON) -> Decision[Condition]:
        decision = decide(self.condition, command, self.rules, at)
        if decision.state is not None:
            self.condition = decision.state
        if decision.timers is not None:
            self.timers = decision.timers
        self.facts.extend(decision.facts)
        return decision

    def wait_until(self, at: datetime) -> None:
        """Fire every timer that is due by *at*, in order, each on time."""
        while due := [t for t in self.timers if t.due_at <= at]:
            first = min(due, key=lambda t: t.due_at)
            self.timers = tuple(t for t in self.timers if t is not first)
            assert self.condition is not None
            self.tell(TimerFired(self.condition.key, first.name, first.due_at), first.due_at)

    @property
    def alert(self) -> Alert:
        assert self.condition is not None
        assert self.condition.alert is not None
        return self.condition.alert

    @property
    def is_open(self) -> bool:
        return self.condition is not None and self.condition.open_alert is not None

    def take(self, by: Actor, at: datetime = NOON) -> Decision[Condition]:
        assert self.condition is not None
        return self.tell(Acknowledge(self.condition.key, self.alert.alert_id, by), at)

    def close(
        self, by: Actor, at: datetime = NOON, resolution: Resolution = Resolution.HANDLED
    ) -> Decision[Condition]:
        assert self.condition is not None
        return self.tell(Resolve(self.condition.key, self.alert.alert_id, by, resolution), at)

    def told(self) -> list[str]:
        return [type(fact).__name__ for fact in self.facts]
