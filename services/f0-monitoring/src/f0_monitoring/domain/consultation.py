"""A consultation (tư vấn, khám từ xa) between a patient and a doctor: its words, its states, who did what."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from common.kernel.areas import Actor, Area
from f0_monitoring.domain.model import Patient

MISSED_AFTER = timedelta(minutes=30)
"""How long after its planned end a consultation in which nobody spoke counts as missed."""
RETURN_WITHIN = timedelta(minutes=10)
"""How long a call that broke off may be taken up again before the consultation counts as held."""
REMIND_BEFORE = timedelta(minutes=30)
UNANSWERED_AFTER = timedelta(hours=24)
"""A wish that no doctor has answered by then is told as missed, so that somebody else can see it."""
WATCH_EVERY = timedelta(minutes=2)
SILENT_AFTER = timedelta(seconds=90)
"""A room of which nothing was heard for so long is empty: browsers and service instances die unannounced."""
STEPS_CAP = 16


class State(StrEnum):
    """Where a consultation is."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    REMINDED = "reminded"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


S = State
LEGAL: dict[State, frozenset[State]] = {
    S.REQUESTED: frozenset((S.SCHEDULED, S.HELD, S.MISSED, S.CANCELLED)),
    S.SCHEDULED: frozenset((S.SCHEDULED, S.REMINDED, S.HELD, S.MISSED, S.CANCELLED)),
    S.REMINDED: frozenset((S.SCHEDULED, S.HELD, S.MISSED, S.CANCELLED)),
    S.HELD: frozenset(),
    S.MISSED: frozenset(),
    S.CANCELLED: frozenset(),
}
"""A doctor may simply call somebody who asked: requested goes to held without an appointment."""
OVER = frozenset(state for state, following in LEGAL.items() if not following)


class Way(StrEnum):
    """How they talk: with a picture, by voice in the browser, or by an ordinary telephone."""

    VIDEO = "video"
    AUDIO = "audio"
    PHONE = "phone"


class Party(StrEnum):
    """Who acts: the patient, a carer named in the record, the doctor, staff of the area, the service."""

    PATIENT = "patient"
    PROXY = "proxy"
    DOCTOR = "doctor"
    OFFICER = "officer"
    MACHINE = "machine"


AT_HOME = frozenset((Party.PATIENT, Party.PROXY))
STAFF = frozenset((Party.DOCTOR, Party.OFFICER))


class Grade(StrEnum):
    """How well the line carried the talk."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quality:
    """
    What both browsers measured of the line, the worse of the two; never anything of what was said or shown.

    Loss in percent of packets, round trip in milliseconds; None while nobody measured.
    """

    loss_percent: float | None = None
    round_trip_ms: int | None = None
    is_relayed: bool = False

    @property
    def grade(self) -> Grade:
        """Grade the line; the limits are ours: above them words get lost, or people talk at once."""
        if self.loss_percent is None or self.round_trip_ms is None:
            return Grade.UNKNOWN
        if self.loss_percent < 2 and self.round_trip_ms < 300:
            return Grade.GOOD
        return Grade.FAIR if self.loss_percent < 8 and self.round_trip_ms < 600 else Grade.POOR


UNMEASURED = Quality()


@dataclass(frozen=True, slots=True)
class Step:
    """One transition: who, when, why. *reason* is a code."""

    to_state: State
    at: datetime
    by: str
    party: Party
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """
    What is known of the call: since when both are connected now, and how long they were before.

    *connections* counts how often it came about; each after the first is a break that was mended.
    """

    connected_since: datetime | None = None
    watch_at: datetime | None = None
    broke_at: datetime | None = None
    seconds: int = 0
    connections: int = 0
    way: Way | None = None
    quality: Quality = UNMEASURED

    @property
    def reconnections(self) -> int:
        """How many breaks were mended."""
        return max(0, self.connections - 1)

    def seconds_until(self, at: datetime) -> int:
        """Return how long they were connected altogether by *at*, in seconds."""
        if self.connected_since is None:
            return self.seconds
        return self.seconds + max(0, round((at - self.connected_since).total_seconds()))


NO_CALL = Call()


@dataclass(frozen=True, slots=True)
class Consultation:
    """
    One consultation. *wish* (why it was asked for) and *note* (of the doctor) are sealed.

    *doctor_id* is whoever holds it: the patient's doctor when it was asked for, then whoever scheduled it.
    *forgotten_on*: when retention removed the words.
    """

    consultation_id: str
    person_id: str
    area: Area
    way: Way
    state: State
    requested_at: datetime
    requested_by: Party
    doctor_id: str | None = None
    wish: str = ""
    history: tuple[Step, ...] = ()
    starts_at: datetime | None = None
    minutes: int = 0
    call: Call = NO_CALL
    duration_seconds: int | None = None
    note: str = ""
    prescription_ref: str = ""
    noted_at: datetime | None = None
    forgotten_on: date | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can become of it."""
        return self.state in OVER

    @property
    def ends_at(self) -> datetime | None:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


def party_of(actor: Actor, patient: Patient, doctor_id: str | None = None) -> Party | None:
    """
    Tell as whom *actor* may act in consultations of *patient*; None for everybody else.

    A doctor must be the patient's own, or the *doctor_id* who holds the consultation: other doctors of the
    area have no part in it.
    """
    if actor.person_id is not None and actor.person_id == patient.person_id:
        return Party.PATIENT
    if actor.person_id is not None and actor.person_id in patient.guardian_ids:
        return Party.PROXY
    if "doctor" in actor.roles and actor.subject in (patient.carer_id, doctor_id):
        return Party.DOCTOR
    if actor.roles & {"health_officer", "administrator"} and actor.covers(patient.area):
        return Party.OFFICER
    return None
