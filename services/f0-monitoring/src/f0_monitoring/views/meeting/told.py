"""What guests are told, and how their lines end."""

from common.kernel.errors import DomainError
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.ports.meeting import Room
from f0_monitoring.views.meeting.guest import Guest, Line, LineClosed, Message

REFUSED, ENDED, REPLACED = 4403, 4410, 4409
"""Codes with which a line is closed; pages do not come back after them."""


def try_tell(guest: Guest, message: Message) -> None:
    """One guest who does not listen must not silence the others; their own line ends by itself."""
    if not guest.queue.full():
        guest.tell(message)


def try_see(guest: Guest, room: Room) -> None:
    """Show the room to a guest who listens."""
    if not guest.queue.full():
        guest.see(room)


def refusal_told(refusal: DomainError) -> Message:
    """Say why not, in the words of the refusal."""
    return {"type": "refused", "slug": refusal.slug, "title": refusal.title, "detail": refusal.detail}


def ended_told(kept: Consultation | None) -> Message:
    """Say what became of the consultation; the line closes behind it."""
    return {
        "type": "ended",
        "state": kept.state.value if kept else "",
        "duration_seconds": kept.duration_seconds if kept else None,
        "code": ENDED,
    }


async def farewell(line: Line, message: Message, code: int) -> None:
    """Say the last word and hang up."""
    try:
        await line.send(message)
        await line.close(code)
    except LineClosed:
        return
