"""What exactly waits in a file, and until when."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from common.kernel.areas import Actor
from permit.domain import reviewing
from permit.domain.authority import may_see
from permit.domain.model import Holder, Permit
from permit.ports import Queue


def _appealed(holder: Holder) -> Iterable[Permit]:
    return (permit for permit in holder.permits if permit.open_appeal is not None)


_WAITS: Final = {
    Queue.APPLICATIONS: reviewing.waiting,
    Queue.APPEALS: _appealed,
    Queue.ASKED: reviewing.asked,
}


def waiting_in(holders: Iterable[Holder], what: Queue, by: Actor) -> Iterable[tuple[Holder, Permit]]:
    """Yield what waits in these files, of what the caller may see."""
    for holder in holders:
        for permit in _WAITS[what](holder):
            if may_see(by, holder.person_id, permit):
                yield holder, permit


def deadline_of(what: Queue) -> Callable[[Holder], datetime]:
    """Return the function that says when a file of this queue is due: at its nearest deadline."""

    def deadline(holder: Holder) -> datetime:
        if what is Queue.APPEALS:
            return min(p.open_appeal.answer_by for p in holder.permits if p.open_appeal)
        if what is Queue.ASKED:
            return min(p.review.question.asked_at for p in reviewing.asked(holder) if p.review.question)
        return min(map(reviewing.due_at, reviewing.waiting(holder)))

    return deadline
