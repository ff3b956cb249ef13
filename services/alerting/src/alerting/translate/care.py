"""Facts about who looks after patients: nobody on duty, and a knock at the door."""

from typing import Any

from alerting.domain.commands import NoteKnock, NoteOver, NoteUncovered
from alerting.domain.model import Kind
from alerting.translate import fields_of
from common.contracts.event import Event
from common.contracts.f0_monitoring import followup
from common.kernel.areas import Area


def uncovered_commune(event: Event[followup.CareUncovered]) -> NoteUncovered:
    """Patients of a commune have no doctor on duty. One alert per commune, nobody is named."""
    data = event.data
    return NoteUncovered(
        **_commune(event),
        at=data.since_at,
        level=data.risk_level,
        patients=data.patients,
        reason=data.reason,
    )


def covered_commune(event: Event[followup.CareCovered]) -> NoteOver:
    """All of them have one again."""
    return NoteOver(**_commune(event), at=event.data.covered_at)


def asked_to_knock(event: Event[followup.KnockAsked]) -> NoteKnock:
    """A patient is out of reach: the station of the commune goes there."""
    return NoteKnock(**fields_of(Kind.KNOCK_ASKED, event), at=event.data.at, level=event.data.risk_level)


def answered_knock(event: Event[followup.KnockAnswered]) -> NoteOver:
    """Somebody was there, or nobody needs to go any more."""
    return NoteOver(**fields_of(Kind.KNOCK_ASKED, event), at=event.data.at)


def _commune(event: Event[followup.CareUncovered | followup.CareCovered]) -> dict[str, Any]:
    data = event.data
    return {
        "kind": Kind.CARE_UNCOVERED,
        "subject_id": data.commune_code,
        "area": Area(data.commune_code, data.district_code),
        "sequence": event.sequence,
    }
