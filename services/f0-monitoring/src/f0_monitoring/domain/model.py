"""The words of F0 care: levels, states, people, readings and the record of a patient."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from common.kernel.areas import Area
from common.kernel.values import value
from f0_monitoring.domain.attention import NOTHING, Attention, Helper
from f0_monitoring.domain.form import Consciousness as Consciousness  # noqa: PLC0414
from f0_monitoring.domain.form import DeclaredBy as DeclaredBy  # noqa: PLC0414
from f0_monitoring.domain.form import Origin as Origin  # noqa: PLC0414

HISTORY_CAP = 12
"""Transitions kept in the record; older ones are in the facts."""
READINGS_CAP = 6
"""Readings kept in the record (three days, two a day); all of them are in the reports."""
REASONS_CAP, MONTHS_A_YEAR = 8, 12


class Level(StrEnum):
    """Nguy cơ: thấp (xanh), trung bình (vàng), cao (cam), rất cao (đỏ). *rank* is 1 to 4."""

    rank: int

    def __new__(cls, value: str, rank: int) -> "Level":
        """Make a level that knows its rank."""
        level = str.__new__(cls, value)
        level._value_ = value
        level.rank = rank
        return level

    LOW = "low", 1
    MEDIUM = "medium", 2
    HIGH = "high", 3
    VERY_HIGH = "very_high", 4


def worst(*levels: Level) -> Level:
    """Return the highest of *levels*; low when there is none."""
    highest = Level.LOW
    for level in levels:
        if level.rank > highest.rank:
            highest = level
    return highest


class CareState(StrEnum):
    """Where a patient is in the course of care."""

    DECLARED = "declared"
    AT_HOME = "at_home"
    TRANSFERRING = "transferring"
    IN_HOSPITAL = "in_hospital"
    RECOVERED = "recovered"
    DIED = "died"
    WRONGLY_DECLARED = "wrongly_declared"


CLOSED = frozenset((CareState.RECOVERED, CareState.DIED, CareState.WRONGLY_DECLARED))
DECLARING = frozenset((CareState.DECLARED, CareState.AT_HOME))
"""States in which the patient owes two declarations a day; elsewhere staff measure."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What about a person decides the risk before any measurement. Age is that at declaration."""

    age_months: int
    sex: str = "unknown"
    conditions: tuple[str, ...] = ()
    pregnant: bool = False
    vaccination_doses: int = 0
    weight_kg: float | None = None

    @property
    def age_years(self) -> int:
        """Age in full years."""
        return self.age_months // MONTHS_A_YEAR

    @property
    def is_fully_vaccinated(self) -> bool:
        """Two doses or more. The day of the last dose is not on the form (14 days: to be confirmed)."""
        return self.vaccination_doses >= 2


@value
class Vitals:
    """One set of measurements. SpO2 in percent, temperature in °C, pressures in mmHg, rates per minute."""

    spo2_percent: int | None = None
    spo2_repeat_percent: int | None = None
    temperature_celsius: float | None = None
    pulse_per_minute: int | None = None
    breaths_per_minute: int | None = None
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    on_oxygen: bool = False
    consciousness: Consciousness = Consciousness.ALERT


@value
class Report:
    """A declaration (phiếu theo dõi sức khỏe), kept for ever as it was filled in."""

    report_id: str
    person_id: str
    area: Area
    reported_at: datetime
    received_at: datetime
    is_late: bool
    declared_by: DeclaredBy
    by: str
    vitals: Vitals
    symptoms: tuple[str, ...] = ()

    @property
    def measured_at(self) -> datetime:
        """When it was measured: the phone's clock, but never later than it arrived."""
        return min(self.reported_at, self.received_at)


@value
class Reason:
    """A criterion that fired: its value, the threshold it crossed, and the document that says so."""

    criterion: str
    value: int | float | str
    threshold: str
    document: str
    level: Level
    is_confirmed: bool = True
    at: datetime | None = None


class Reading(NamedTuple):
    """The numbers of one declaration that the trend needs, in the order in which they are stored."""

    report_id: str
    at: datetime
    spo2_percent: int | None
    temperature_celsius: float | None
    pulse_per_minute: int | None
    breaths_per_minute: int | None
    news2: int | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    A single bad measurement that somebody was asked to repeat (đo lại).

    *level* is what it counts for meanwhile. *waiting* are the criteria, each with its level, that are
    believed at *unanswered_at* if no second measurement has come: silence does not calm.
    """

    report_id: str
    at: datetime
    codes: tuple[str, ...]
    level: Level
    until: datetime
    waiting: tuple[tuple[str, Level], ...] = ()
    unanswered_at: datetime | None = None


@value
class Risk:
    """
    The risk of a patient: the worst of who they are (*baseline*), what was measured (*signs*), and a doubt.

    *signs* falls only after the calm period: *calm_since* is its first report, *calm_worst* the worst since.
    """

    level: Level
    since: datetime
    ruleset: str
    baseline: Level
    signs: Level = Level.LOW
    reasons: tuple[Reason, ...] = ()
    has_danger_sign: bool = False
    calm_since: datetime | None = None
    calm_worst: Level = Level.LOW


@dataclass(frozen=True, slots=True)
class Step:
    """One transition of the course of care: who, when, why. *note* is sealed text."""

    to_state: CareState
    at: datetime
    by: str
    reason: str
    note: str = ""


@dataclass(frozen=True)  # without slots: `with_changes` makes the next one for each declaration
class Patient:
    """
    Hồ sơ F0 of one person. Identity is sealed and look-up tokens are blind.

    *carer_id* is the doctor who answers now, *lead_id* the one in charge over the days: at night another
    covers. *is_pinned*: a person chose the doctor, and nothing automatic changes that. *source*: the list or
    fact that opened the record, if any. *journey*: the sequence of the transfer fact it followed last.
    *forgotten_on*: when retention removed the name and all words.
    """

    person_id: str
    area: Area
    profile: Profile
    origin: Origin
    declared_at: datetime
    tested_on: date
    care: CareState
    risk: Risk
    onset_on: date | None = None
    history: tuple[Step, ...] = ()
    carer_id: str | None = None
    carer_reason: str = ""
    guardian_ids: tuple[str, ...] = ()
    doubt: Doubt | None = None
    first_spo2_percent: int | None = None
    readings: tuple[Reading, ...] = ()
    last_report_at: datetime | None = None
    next_due_at: datetime | None = None
    missed_in_a_row: int = 0
    closed_on: date | None = None
    episode: int = 1
    sealed: str = ""
    blind: tuple[str, ...] = ()
    source: str = ""
    lead_id: str | None = None
    is_pinned: bool = False
    team: tuple[Helper, ...] = ()
    attention: Attention = NOTHING
    journey: int = 0
    forgotten_on: date | None = None

    @property
    def carer_ids(self) -> frozenset[str]:
        """Everybody who looks after the patient: who answers now, the doctor in charge, the team."""
        doctors = (self.carer_id, self.lead_id)
        return frozenset(d for d in doctors if d) | {helper.staff_id for helper in self.team}

    @property
    def is_closed(self) -> bool:
        """Tell whether care has ended."""
        return self.care in CLOSED
