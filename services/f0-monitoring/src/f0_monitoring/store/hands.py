"""
The document of who looks after a patient, beside the record itself.

Only what is there is written. `away` marks patients who are with another than their own doctor, `pin`
those whom nothing automatic moves; `staff` is everybody of the team, `quiet` until when nobody wants to be
reminded, `knocks` when the commune should have been there: what lists are searched by.
"""

from datetime import datetime
from typing import Any

from common.mongo.fields import Field, as_it_is, written
from f0_monitoring.domain.attention import NOTHING, Attention, Helper, Knock, Role, Snooze, Taken
from f0_monitoring.domain.model import Patient

Document = dict[str, Any]
ROLES = {role.value: role for role in Role}


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


def _taken(attention: Attention) -> list[Any] | None:
    taken = attention.taken
    return [taken.by, taken.at] if taken else None


def _aside(attention: Attention) -> list[Any] | None:
    snooze = attention.snooze
    return [snooze.by, snooze.at, snooze.until, snooze.words_id] if snooze else None


def _knock(attention: Attention) -> list[Any] | None:
    knock = attention.knock
    return [knock.by, knock.at, knock.due_at, knock.words_id] if knock else None


def _calls(attention: Attention) -> list[Any] | None:
    has_calls = attention.unanswered or attention.reached_at
    return [attention.unanswered, attention.reached_at] if has_calls else None


def _is_away(patient: Patient) -> bool | None:
    return True if patient.lead_id and patient.lead_id != patient.carer_id else None


HANDS = {
    "lead": as_it_is("lead_id"),
    "away": Field(("lead_id", "carer_id"), _is_away),
    "pin": written("is_pinned", lambda is_pinned: is_pinned or None),
    "team": written("team", lambda team: [[h.staff_id, h.role.value] for h in team] or None),
    "staff": written("team", lambda team: [h.staff_id for h in team] or None),
    "at_it": written("attention", _taken),
    "aside": written("attention", _aside),
    "quiet": written("attention", lambda attention: attention.snooze and attention.snooze.until),
    "knock": written("attention", _knock),
    "knocks": written("attention", lambda attention: attention.knock and attention.knock.due_at),
    "calls": written("attention", _calls),
}
"""Who looks after the patient, as fields of the record's document."""
