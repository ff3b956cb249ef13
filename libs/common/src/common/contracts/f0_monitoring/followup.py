"""Facts of F0 monitoring: what those who look after patients do, and whether anybody is on duty."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Code, CommuneCode, DistrictCode, Id, Instant, Payload, PersonFact
from common.contracts.f0_monitoring import PATIENTS, RiskLevel

COVER = "f0.cover.v1"
EQUIPMENT = "f0.equipment.v1"


class CallResult(StrEnum):
    """How a call to a patient went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class KnockResult(StrEnum):
    """What the commune found at the door."""

    WELL = "well"
    NEEDS_CARE = "needs_care"
    NOT_THERE = "not_there"


class MedicineBag(StrEnum):
    """Túi thuốc A (hạ sốt, vitamin), B (chống viêm, chống đông), C (kháng vi rút có kiểm soát)."""

    A = "A"
    B = "B"
    C = "C"


class EquipmentKind(StrEnum):
    """What is lent to patients at home."""

    OXIMETER = "oximeter"
    OXYGEN_CONCENTRATOR = "oxygen_concentrator"
    OXYGEN_CYLINDER = "oxygen_cylinder"
    THERMOMETER = "thermometer"


class CarersChanged(PersonFact):
    """Somebody joined or left those who look after a patient beside the doctor."""

    type: ClassVar[str] = "f0-monitoring.carers-changed.v1"
    topic: ClassVar[str] = PATIENTS

    staff_id: Id
    role: Code
    joined: bool
    by: Id


class PatientAcknowledged(PersonFact):
    """Somebody took a patient in hand (tôi nhận), or gave the patient back (*is_taken* false)."""

    type: ClassVar[str] = "f0-monitoring.patient-acknowledged.v1"
    topic: ClassVar[str] = PATIENTS

    is_taken: bool
    by: Id
    at: Instant


class PatientSnoozed(PersonFact):
    """A patient was put aside until an instant."""

    type: ClassVar[str] = "f0-monitoring.patient-snoozed.v1"
    topic: ClassVar[str] = PATIENTS

    until_at: Instant
    risk_level: RiskLevel
    by: Id
    at: Instant
    words_id: Id | None = None
    """Where F0 monitoring keeps the sealed words; it never leaves that service."""


class SnoozeEnded(PersonFact):
    """A patient is back in the worklist: the time was up, the risk rose, or somebody said so."""

    type: ClassVar[str] = "f0-monitoring.snooze-ended.v1"
    topic: ClassVar[str] = PATIENTS

    because: Code
    by: Id | None = None
    at: Instant


class CallLogged(PersonFact):
    """Somebody phoned a patient."""

    type: ClassVar[str] = "f0-monitoring.call-logged.v1"
    topic: ClassVar[str] = PATIENTS

    result: CallResult
    unanswered_in_a_row: Annotated[int, Field(ge=0)]
    by: Id
    at: Instant
    words_id: Id | None = None


class MedicineGiven(PersonFact):
    """A patient was given a bag of medicine or a prescription; what is on it stays in F0 monitoring."""

    type: ClassVar[str] = "f0-monitoring.medicine-given.v1"
    topic: ClassVar[str] = PATIENTS

    bag: MedicineBag | None = None
    """None: a prescription, whose words are in the note."""
    by: Id
    at: Instant
    words_id: Id | None = None


class KnockAsked(PersonFact):
    """A patient is out of reach: the commune is asked to go there."""

    type: ClassVar[str] = "f0-monitoring.knock-asked.v1"
    topic: ClassVar[str] = PATIENTS

    due_at: Instant
    risk_level: RiskLevel
    by: Id
    at: Instant
    words_id: Id | None = None


class KnockAnswered(PersonFact):
    """Somebody was at the door, or nobody needs to go any more."""

    type: ClassVar[str] = "f0-monitoring.knock-answered.v1"
    topic: ClassVar[str] = PATIENTS

    result: KnockResult | None = None
    """None: withdrawn, or the record was closed."""
    by: Id | None = None
    at: Instant
    words_id: Id | None = None


class _EquipmentFact(PersonFact):
    """A device that is lent to a patient; facts of one device stay in order."""

    key: ClassVar[str] = "equipment_id"
    topic: ClassVar[str] = EQUIPMENT

    equipment_id: Id
    kind: EquipmentKind
    by: Id
    at: Instant


class EquipmentLent(_EquipmentFact):
    """A device went to a patient's home."""

    type: ClassVar[str] = "f0-monitoring.equipment-lent.v1"

    due_back_at: Instant


class EquipmentReturned(_EquipmentFact):
    """A device came back."""

    type: ClassVar[str] = "f0-monitoring.equipment-returned.v1"

    is_usable: bool


class _CoverFact(Payload):
    """Whether the patients of one commune have a doctor on duty."""

    key: ClassVar[str] = "commune_code"
    topic: ClassVar[str] = COVER

    commune_code: CommuneCode
    district_code: DistrictCode
    since_at: Instant


class CareUncovered(_CoverFact):
    """Open patients of a commune have no doctor on duty."""

    type: ClassVar[str] = "f0-monitoring.care-uncovered.v1"

    patients: Annotated[int, Field(ge=1)]
    risk_level: RiskLevel
    """The highest among them."""
    reason: Code


class CareCovered(_CoverFact):
    """Every open patient of the commune has a doctor on duty again."""

    type: ClassVar[str] = "f0-monitoring.care-covered.v1"

    covered_at: Instant
