"""What alerting tells the others: the life of an alert. Subject of every fact is the alert."""

from dataclasses import dataclass
from datetime import datetime

from alerting.domain.model import Kind, Resolution, Severity
from common.kernel.areas import Area


@dataclass(frozen=True, slots=True)
class AlertFact:
    """What every fact of an alert carries."""

    alert_id: str
    kind: Kind
    severity: Severity
    area: Area
    person_id: str | None

    @property
    def subject(self) -> str:
        """Key on the bus: one alert's facts stay in order."""
        return self.alert_id


@dataclass(frozen=True, slots=True)
class AlertRaised(AlertFact):
    """Somebody must look. Told again for the same alert when a damped one is re-opened."""

    recipient_role: str
    step: int
    raised_at: datetime
    cause_at: datetime


@dataclass(frozen=True, slots=True)
class AlertEscalated(AlertFact):
    """Nobody answered in time, or somebody asked for more help: the next rung is called."""

    from_step: int
    to_step: int
    to_role: str
    escalated_at: datetime


@dataclass(frozen=True, slots=True)
class AlertAcknowledged(AlertFact):
    """Somebody took it; the ladder stops."""

    by: str
    by_role: str
    acknowledged_at: datetime
    seconds_to_acknowledge: float


@dataclass(frozen=True, slots=True)
class AlertResolved(AlertFact):
    """It is over."""

    resolution: Resolution
    resolved_at: datetime
    seconds_open: float
