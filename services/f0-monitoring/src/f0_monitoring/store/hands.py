"""
The document of who looks after a patient, beside the record itself.

Only what is there is written. `away` marks patients who are with another than their own doctor, `pin`
those whom nothing automatic moves; `staff` is everybody of the team, `quiet` until when nobody wants to be
reminded, `knocks` when the commune should have been there: what lists are searched by.
"""

from datetime import datetime
from typing import Any

from f0_monitoring.domain.attention import NOTHING, Attention, Helper, Knock, Role, Snooze, Taken
from f0_monitoring.domain.model import Patient

Document = dict[str, Any]
ROLES = {role.value: role for role in Role}


def hands_to_document(patient: Patient) -> Document:
    """Return who looks after the patient as BSON values."""
    team, attention = patient.team, patient.attention
    fields: Document = {
        "lead": patient.lead_id,
        "away": True if patient.lead_id and patient.lead_id != patient.carer_id else None,
        "pin": True if patient.is_pinned else None,
        "team": [[helper.staff_id, helper.role.value] for helper in team] or None,
        "staff": [helper.staff_id for helper in team] or None,
    }
    if attention != NOTHING:
        fields |= _attention(attention)
    return {name: value for name, value in fields.items() if value is not None}


def hands_of(document: Document) -> dict[str, Any]:
    """Return the fields of a patient that were kept."""
    get = document.get
    kept = get("at_it"), get("aside"), get("knock"), get("calls")
    attention = _attention_of(*kept) if any(part is not None for part in kept) else NOTHING
    return {
        "lead_id": get("lead"),
        "is_pinned": get("pin", False),
        "team": tuple(Helper(staff_id, ROLES[role]) for staff_id, role in get("team", ())),
        "attention": attention,
    }


def _attention(attention: Attention) -> Document:
    taken, snooze, knock = attention.taken, attention.snooze, attention.knock
    has_calls = attention.unanswered or attention.reached_at
    return {
        "at_it": [taken.by, taken.at] if taken else None,
        "aside": [snooze.by, snooze.at, snooze.until, snooze.words_id] if snooze else None,
        "quiet": snooze.until if snooze else None,
        "knock": [knock.by, knock.at, knock.due_at, knock.words_id] if knock else None,
        "knocks": knock.due_at if knock else None,
        "calls": [attention.unanswered, attention.reached_at] if has_calls else None,
    }


def _attention_of(
    taken: list[Any] | None, snooze: list[Any] | None, knock: list[Any] | None, calls: list[Any] | None
) -> Attention:
    unanswered, reached_at = calls or (0, None)
    since: datetime | None = reached_at
    return Attention(
        taken=Taken(*taken) if taken else None,
        snooze=Snooze(*snooze) if snooze else None,
        knock=Knock(*knock) if knock else None,
        unanswered=unanswered,
        reached_at=since,
    )
