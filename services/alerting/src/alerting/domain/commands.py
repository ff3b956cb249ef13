"""What may be asked of a condition. Foreign facts arrive as `Note...`, people and machines ask the rest."""

from dataclasses import dataclass
from datetime import datetime

from alerting.domain.evidence import NO_EVIDENCE, Evidence
from alerting.domain.model import (
    Kind,
    Resolution,
    condition_key,
)
from common.kernel.areas import Actor, Area


@dataclass(frozen=True, slots=True)
class Note:
    """Something was heard about a subject. *sequence* orders it within its source; 0: unordered."""

    kind: Kind
    subject_id: str
    area: Area
    at: datetime
    sequence: int = 0
    person_id: str | None = None

    @property
    def aggregate_id(self) -> str:
        """Id of the condition of this kind and subject."""
        return condition_key(self.kind, self.subject_id)


@dataclass(frozen=True, slots=True)
class NoteRisk(Note):
    """A patient's risk level is now *level*; *is_worse* when it rose to it."""

    level: str = "low"
    is_worse: bool = True
    carer_id: str | None = None
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class NoteSilence(Note):
    """A declaration did not come by *at*, the *missed_in_a_row*-th time; *risk_level* '' for contacts."""

    missed_in_a_row: int = 1
    risk_level: str = ""
    last_report_at: datetime | None = None
    carer_id: str | None = None


@dataclass(frozen=True, slots=True)
class NoteReport(Note):
    """A declaration was received at *at*: silence is over if it was older."""


@dataclass(frozen=True, slots=True)
class NoteBreach(Note):
    """A quarantined person was elsewhere; *breach* says how it became known."""

    breach: str = ""
    checkpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class NoteForgery(Note):
    """A tampered or foreign permit was shown at a checkpoint."""

    checkpoint_name: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class NoteFlag(Note):
    """Scans contradict each other: *signals* stand against a permit, or a checkpoint's traffic."""

    signals: tuple[str, ...] = ()
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class NoteUncovered(Note):
    """Patients of a commune have no doctor on duty; *level* is the highest risk among them."""

    level: str = ""
    patients: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NoteKnock(Note):
    """A patient is out of reach: the commune is asked to go there."""

    level: str = ""


@dataclass(frozen=True, slots=True)
class NoteOverdue(Note):
    """Nobody answered a person's own declaration; *reach* is the unit that must answer by now."""

    reach: str = ""


@dataclass(frozen=True, slots=True)
class NoteLow(Note):
    """Oxygen or equipment of a station or facility is about to be used up; *level* says how soon."""

    level: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class NoteStuck(Note):
    """A transfer takes too long at *stage*."""

    stage: str = ""
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class NoteRung(Note):
    """Somebody in quarantine answers nothing: the commune has to call, to go there, to ask the police."""

    rung: str = ""
    missed: int = 0


@dataclass(frozen=True, slots=True)
class NoteChannel(Note):
    """One of our own channels takes no messages."""

    channel: str = ""


@dataclass(frozen=True, slots=True)
class NoteTrouble(Note):
    """A part of the system does not do its work: *code* says how, *count* how many records it concerns."""

    code: str = ""
    part: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class NoteSilentSource(Note):
    """Nothing comes from a source of the figures any more; *code* is the sort of source, *part* which one."""

    code: str = ""
    part: str = ""
    last_fact_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteOver(Note):
    """The record behind the condition was closed or moved out of our hands."""


@dataclass(frozen=True, slots=True)
class NoteCarer(Note):
    """Another doctor looks after the patient from now on."""

    carer_id: str = ""


@dataclass(frozen=True, slots=True)
class OnAlert:
    """A wish about one alert of a condition."""

    aggregate_id: str
    alert_id: str


@dataclass(frozen=True, slots=True)
class Acknowledge(OnAlert):
    """Somebody takes the alert (tôi nhận). *note* is sealed."""

    by: Actor
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolve(OnAlert):
    """Somebody says that it is over: handled or a false alarm. *note* is sealed."""

    by: Actor
    resolution: Resolution
    note: str = ""


@dataclass(frozen=True, slots=True)
class Escalate(OnAlert):
    """Somebody calls the next rung without waiting for the clock."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Snooze(OnAlert):
    """Somebody puts it aside until *until* (để sau). *note* is sealed."""

    by: Actor
    until: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClaimDelivery(OnAlert):
    """A sender wants to send one message now."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class DeliveryDone(OnAlert):
    """The channel took the message."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class DeliveryFailed(OnAlert):
    """The channel did not take the message; *is_final* when no retry can help."""

    delivery_id: str
    attempt: int
    fault: str
    is_final: bool = False
