"""What happened, in the words of this service. `translate.to_event` turns them into contract events."""

from dataclasses import dataclass
from datetime import date, datetime

from common.kernel.areas import Area
from f0_monitoring.domain.attention import Role
from f0_monitoring.domain.model import CareState, Level, Origin, Reason, Report


@dataclass(frozen=True, slots=True)
class _OfPerson:
    person_id: str
    area: Area

    @property
    def subject(self) -> str:
        """Facts about one person stay in order."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class PatientDeclared(_OfPerson):
    """Somebody is an F0 and under care from now on."""

    origin: Origin
    declared_at: datetime
    age_years: int
    level: Level
    ruleset: str
    care: CareState


@dataclass(frozen=True, slots=True)
class RiskChanged(_OfPerson):
    """
    The risk rose or fell. *rose* with equal levels: a new danger in somebody already at that level.

    A grandmother who is "very high" by age alone must still ring when she cannot breathe.
    """

    rose: bool
    from_level: Level
    to_level: Level
    ruleset: str
    report_id: str | None
    assessed_at: datetime
    is_danger_sign: bool
    carer_id: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DoctorAssigned(_OfPerson):
    """
    A doctor looks after a patient.

    *reason* says how the doctor was found, *because* why there was to be another; *lead_id* is the doctor
    in charge over the days.
    """

    doctor_id: str
    from_doctor_id: str | None
    reason: str
    because: str = ""
    lead_id: str | None = None


@dataclass(frozen=True, slots=True)
class CarersChanged(_OfPerson):
    """Somebody joined or left those who look after a patient beside the doctor."""

    staff_id: str
    role: Role
    joined: bool
    by: str


@dataclass(frozen=True, slots=True)
class PatientMoved(_OfPerson):
    """The care goes on elsewhere."""

    from_state: CareState
    to_state: CareState
    level: Level
    reason: str


@dataclass(frozen=True, slots=True)
class PatientClosed(_OfPerson):
    """The care has ended; *care* and *level* are those until then."""

    outcome: CareState
    care: CareState
    level: Level
    closed_on: date


@dataclass(frozen=True, slots=True)
class HealthReported(_OfPerson):
    """A declaration was kept."""

    report: Report


@dataclass(frozen=True, slots=True)
class DeclarationMissed(_OfPerson):
    """No declaration came by its deadline."""

    due_at: datetime
    missed_in_a_row: int
    last_report_at: datetime | None
    level: Level
    carer_id: str | None


@dataclass(frozen=True, slots=True)
class SelfDeclarationOverdue(_OfPerson):
    """Nobody answered a person's own declaration in time; *reach* is who must answer by now."""

    declaration_id: str
    declared_at: datetime
    reach: str


@dataclass(frozen=True, slots=True)
class SelfDeclarationSettled(_OfPerson):
    """A person's own declaration was confirmed, refused or withdrawn."""

    declaration_id: str
    answer: str
    settled_at: datetime
