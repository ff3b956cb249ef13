"""A condition somebody must know about, and the one alert that stands for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerting.domain.course import Moment
from alerting.domain.evidence import NO_EVIDENCE, Evidence
from alerting.domain.quiet import Quiet
from alerting.domain.reach import Reach
from common.kernel.areas import Area
from common.kernel.ids import derived_id


class Kind(StrEnum):
    """What is wrong. The value is the `condition` of our facts."""

    RISK_RISING = "risk-rising"
    PATIENT_SILENT = "patient-silent"
    CONTACT_SILENT = "contact-silent"
    QUARANTINE_BREACHED = "quarantine-breached"
    PERMIT_FORGED = "permit-forged"
    PERMIT_FLAGGED = "permit-flagged"
    CARE_UNCOVERED = "care-uncovered"
    KNOCK_ASKED = "knock-asked"
    SELF_DECLARED = "self-declaration-unanswered"
    STOCK_LOW = "stock-low"
    TRANSFER_OVERDUE = "transfer-overdue"
    SUPERVISION_CLIMBED = "supervision-climbed"
    CHANNEL_DEAD = "channel-dead"
    SYSTEM_TROUBLE = "system-trouble"
    SOURCE_SILENT = "source-silent"
    COMMUNE_SILENT = "commune-silent"


class Severity(StrEnum):
    """How urgent: theo dõi, cao, khẩn cấp."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Place in the order of urgency, 0 for the least."""
        return (Severity.INFO, Severity.WARNING, Severity.CRITICAL).index(self)


class Resolution(StrEnum):
    """
    How an alert ended.

    *healed*: the cause went away. *handled* and *false_alarm*: a person said so. *superseded*: it got
    worse and a more severe alert took its place. *expired*: nothing more was heard for long.
    """

    HEALED = "healed"
    HANDLED = "handled"
    FALSE_ALARM = "false_alarm"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class DeliveryState(StrEnum):
    """Where a message stands; *dropped* means that it was no longer needed before it left."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: *minutes* to answer before the next is called; None: holds until done."""

    role: str
    reach: Reach
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One message to the holders of one rung over one channel.

    While pending, *try_at* says when a sender may take it; taking it moves it behind the sender's lease.
    """

    delivery_id: str
    channel: str
    step: int
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    try_at: datetime | None = None
    settled_at: datetime | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Who took the alert (tôi nhận); *note* is sealed."""

    by: str
    role: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Snoozed:
    """Who put it aside for *until* (để sau), and why; *note* is sealed."""

    by: str
    role: str
    at: datetime
    until: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How and when the alert ended; *by* is empty when the machine did it; *note* is sealed."""

    resolution: Resolution
    at: datetime
    by: str = ""
    note: str = ""
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """
    One call for attention. Its severity never changes: worse means another alert.

    *raised_at*: its beginning; *called_at*: the beginning of the present round, later when it was
    re-opened; *step_at*: when the present rung was called; *cause_at*: when the thing itself happened;
    *seen_at*: when it was last repeated. *passed_up*: rungs that people left before their time.
    *quiet*: the hours in which it rings nobody; *rung_at*: when the round really began to ring, None: when it
    was called. *returned*: how often it came back after having been put aside.
    """

    alert_id: str
    severity: Severity
    ruleset: str
    audience: tuple[str, ...]
    ladder: tuple[Rung, ...]
    channels: tuple[str, ...]
    step: int
    step_at: datetime
    raised_at: datetime
    called_at: datetime
    cause_at: datetime
    seen_at: datetime
    passed_up: tuple[int, ...] = ()
    fold_count: int = 0
    reopened: int = 0
    taken: Taken | None = None
    ended: Ended | None = None
    expires_at: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()
    quiet: Quiet | None = None
    rung_at: datetime | None = None
    snoozed: Snoozed | None = None
    returned: int = 0

    @property
    def asked_at(self) -> datetime:
        """When people were first asked in this round: the clock of an answer begins here."""
        return self.rung_at or self.called_at

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to do something."""
        return self.ended is None

    @property
    def rung(self) -> Rung:
        """The rung that is called now."""
        return self.ladder[self.step]


@dataclass(frozen=True, slots=True)
class Condition:
    """
    What we know about one thing that may be wrong with one subject.

    The last word of each source is kept, so that every order of arrival ends the same:
    *sequence* is the highest applied of the ordered source and *demand* what it asked for; *spoke_at*
    is the latest sign of life. *announced* is the highest worsening that was acted upon. *course* is what it
    went through lately.
    """

    key: str
    kind: Kind
    subject_id: str
    area: Area
    person_id: str | None = None
    carer_id: str | None = None
    carer_sequence: int = 0
    sequence: int = 0
    demand: Severity | None = None
    demand_at: datetime | None = None
    evidence: Evidence = NO_EVIDENCE
    announced: int = 0
    spoke_at: datetime | None = None
    episodes: int = 0
    alert: Alert | None = None
    course: tuple[Moment, ...] = ()

    @property
    def wanted(self) -> Severity | None:
        """The severity that the present knowledge asks for, None when all is well."""
        if self.demand is None or self.demand_at is None:
            return None
        healed_since = self.spoke_at is not None and self.spoke_at >= self.demand_at
        return None if healed_since else self.demand

    @property
    def open_alert(self) -> Alert | None:
        """The alert that is open now, if one is."""
        return self.alert if self.alert and self.alert.is_open else None


def condition_key(kind: Kind, subject_id: str) -> str:
    """Return the id of the condition: one per kind and subject, so its repeats meet in one place."""
    return derived_id("condition", kind, subject_id)


def alert_id_of(key: str, episode: int) -> str:
    """Return the id of the alert of one episode: a retry raises the same alert again."""
    return derived_id("alert", key, str(episode))
