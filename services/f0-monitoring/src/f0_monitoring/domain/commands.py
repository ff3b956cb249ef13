"""What the F0 service can be asked to do."""

from dataclasses import dataclass
from datetime import date, datetime

from common.kernel.areas import Actor, Area
from common.kernel.decision import TimerFired
from common.kernel.values import value
from f0_monitoring.domain.end_of_care import EndRule
from f0_monitoring.domain.model import CareState, DeclaredBy, Origin, Profile, Report, Vitals


@dataclass(frozen=True, slots=True)
class Candidate:
    """A doctor who could take a patient, with how many open patients they have."""

    doctor_id: str
    commune_codes: tuple[str, ...]
    district_codes: tuple[str, ...]
    capacity: int
    load: int
    specialities: tuple[str, ...] = ()
    on_duty: bool = True
    is_night: bool = False


@dataclass(frozen=True, slots=True)
class DeclarePatient:
    """Khai báo F0: open a record. *source* names the list or fact that it came from, if any."""

    person_id: str
    area: Area
    profile: Profile
    origin: Origin
    tested_on: date
    onset_on: date | None
    by: Actor
    candidates: tuple[Candidate, ...] = ()
    guardian_ids: tuple[str, ...] = ()
    sealed: str = ""
    blind: tuple[str, ...] = ()
    source: str = ""

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


@value
class FileReport:
    """Keep a declaration. The record id comes from its cause."""

    report_id: str
    person_id: str
    reported_at: datetime
    declared_by: DeclaredBy
    by: Actor
    vitals: Vitals
    symptoms: tuple[str, ...] = ()

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.report_id


@value
class AssessReport:
    """Judge the risk from a kept declaration."""

    report: Report

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.report.person_id


@dataclass(frozen=True, slots=True)
class MovePatient:
    """Go on with the care elsewhere. *note* is sealed; *reason* is a code."""

    person_id: str
    to_state: CareState
    reason: str
    note: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class ClosePatient:
    """
    End the care: recovered, died, or never was an F0. *on_behalf_of*: who told the machine to.

    *rule* is the dated rule that a recovery has to meet, unless *is_override* goes beyond it with a reason.
    """

    person_id: str
    outcome: CareState
    reason: str
    note: str
    by: Actor
    on_behalf_of: str = ""
    rule: EndRule | None = None
    is_override: bool = False

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class AssignDoctor:
    """Give the patient a doctor: the named one, or the one that fits best."""

    person_id: str
    candidates: tuple[Candidate, ...]
    by: Actor
    doctor_id: str | None = None

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class KeepDoctor:
    """Put a doctor on the roster, or change what is known of one."""

    doctor_id: str
    commune_codes: tuple[str, ...]
    district_codes: tuple[str, ...]
    capacity: int
    specialities: tuple[str, ...]
    on_duty: bool
    by: Actor
    sealed: str = ""
    profession: str = "doctor"
    scope_codes: tuple[str, ...] = ()
    is_lead: bool = False

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.doctor_id


@dataclass(frozen=True, slots=True)
class DeadlinePassed(TimerFired):
    """
    A timer of a record came due, with the newest declaration that the ledger holds.

    A declaration that is kept but not yet judged (readers may lag) has been made in time all the same.
    """

    last_measured_at: datetime | None = None
