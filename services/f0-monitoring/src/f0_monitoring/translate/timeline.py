"""Our own facts become rows of the patient's timeline."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from common.contracts import f0_monitoring as own
from common.contracts.base import Payload, PersonFact
from common.contracts.event import Event
from common.contracts.f0_monitoring import followup, transfers
from common.kernel.areas import Area
from f0_monitoring.domain.timeline import Entry, KeepEntry

Translate = Callable[[Event[Any]], KeepEntry]
_HAPPENED = ("at", "assessed_at", "declared_at", "due_at")
_OF_THE_PERSON = frozenset(("person_id", "commune_code", "district_code", "by", "words_id", "reasons"))


def to_entry(event: Event[Any]) -> KeepEntry:
    """File a fact under the person it is about; codes, numbers and instants are kept as text."""
    data = event.data
    return KeepEntry(
        Entry(
            entry_id=event.id,
            person_id=data.person_id,
            area=Area(data.commune_code, data.district_code),
            at=_happened_at(data) or event.time,
            what=_name_of(event.type),
            by=getattr(data, "by", None) or "",
            details=_details(data),
            words_id=getattr(data, "words_id", None) or "",
        )
    )


PATIENT_FACTS: dict[type[Payload], Translate] = dict.fromkeys(
    (
        own.PatientDeclared,
        own.RiskEscalated,
        own.RiskLowered,
        own.DoctorAssigned,
        own.PatientMoved,
        own.PatientClosed,
        followup.CarersChanged,
        followup.PatientAcknowledged,
        followup.PatientSnoozed,
        followup.SnoozeEnded,
        followup.CallLogged,
        followup.MedicineGiven,
        followup.KnockAsked,
        followup.KnockAnswered,
    ),
    to_entry,
)
TRANSFER_FACTS: dict[type[Payload], Translate] = dict.fromkeys(
    (
        transfers.TransferRequested,
        transfers.TransferRefused,
        transfers.TransferAccepted,
        transfers.TransferLapsed,
        transfers.TransferStarted,
        transfers.TransferArrived,
        transfers.TransferCancelled,
    ),
    to_entry,
)
REPORT_FACTS: dict[type[Payload], Translate] = {own.DeclarationMissed: to_entry}
EQUIPMENT_FACTS: dict[type[Payload], Translate] = dict.fromkeys(
    (followup.EquipmentLent, followup.EquipmentReturned), to_entry
)


def _name_of(event_type: str) -> str:
    """Return `call-logged` of `f0-monitoring.call-logged.v1`."""
    return event_type.split(".")[1]


def _happened_at(data: PersonFact) -> datetime | None:
    found = (getattr(data, name, None) for name in _HAPPENED)
    return next((at for at in found if at is not None), None)


def _details(data: PersonFact) -> dict[str, str]:
    kept = data.model_dump(mode="json", exclude_none=True, exclude=set(_OF_THE_PERSON))
    details = {name: _text(value) for name, value in kept.items() if not isinstance(value, list | dict)}
    reasons = getattr(data, "reasons", ())
    if reasons:
        details["criteria"] = " ".join(reason.criterion for reason in reasons)
    return details


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
