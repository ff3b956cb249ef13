"""What a file is found by while something in it waits for an officer, or a change of policy may reach it."""

from typing import Any

from permit.domain import reviewing
from permit.domain.model import Holder, Status
from permit.ports import Queue


def waiting(holder: Holder) -> dict[str, Any]:
    """Return what waits for an officer, and where the permits go that a change of policy may reach."""
    queued = [p for p in holder.permits if holder.status_of(p) is Status.QUEUED]
    questions = [permit.review.question for permit in reviewing.asked(holder)]
    appealed = [permit for permit in holder.permits if permit.open_appeal]
    reached = {
        code
        for permit in holder.permits
        if permit.is_open
        for code in (*permit.terms.areas, *permit.area.codes())
    }
    return {
        Queue.APPLICATIONS.value: min(map(reviewing.due_at, reviewing.waiting(holder)), default=None),
        Queue.ASKED.value: min((each.asked_at for each in questions if each), default=None),
        Queue.APPEALS.value: min((p.open_appeal.answer_by for p in appealed if p.open_appeal), default=None),
        "issuers": sorted({permit.ruling.issuer for permit in (*queued, *appealed)}),
        "reached": sorted(reached),
    }
