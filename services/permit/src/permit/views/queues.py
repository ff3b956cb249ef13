"""What exactly waits in a file, and until when."""

from collections.abc import Callable, Iterable
from datetime import datetime

from common.kernel.areas import Actor
from permit.domain.model import Holder, Permit, Status
from permit.ports import Queue


def waiting_in(holders: Iterable[Holder], what: Queue, by: Actor) -> Iterable[tuple[Holder, Permit]]:
    """Yield what waits in these files within the officer's areas."""
    for holder in holders:
        for permit in holder.permits:
            waits = (
                permit.open_appeal is not None
                if what is Queue.APPEALS
                else holder.status_of(permit) is Status.QUEUED
            )
            if waits and by.covers(permit.area):
                yield holder, permit


def deadline_of(what: Queue) -> Callable[[Holder], datetime]:
    """Return the function that says when a file of this queue is due: at its nearest deadline."""

    def deadline(holder: Holder) -> datetime:
        if what is Queue.APPEALS:
            return min(p.open_appeal.answer_by for p in holder.permits if p.open_appeal)
        queued = (p for p in holder.permits if holder.status_of(p) is Status.QUEUED)
        return min(permit.ruling.answer_by or permit.applied_at for permit in queued)

    return deadline
