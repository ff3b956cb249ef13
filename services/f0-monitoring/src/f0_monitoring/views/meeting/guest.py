"""Somebody in a room, as the instance that serves their connection knows them."""

import asyncio
import math
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from f0_monitoring.domain.consultation import Quality, Way
from f0_monitoring.ports.meeting import Occupant, Room, Seat, Ticket

Message = dict[str, Any]
QUEUE_MAX = 500
MOST_LOSS, LONGEST_TRIP_MS = 100.0, 60_000


class LineClosed(Exception):
    """The browser has hung up, or sent what is no message."""


class Line(Protocol):
    """A connection to a browser that carries messages both ways."""

    async def receive(self) -> Message:
        """Return the next message; raises `LineClosed`."""

    async def send(self, message: Message) -> None:
        """Send a message; raises `LineClosed`."""

    async def close(self, code: int) -> None:
        """Hang up."""


@dataclass(eq=False)
class Guest:
    """One connection: its line, its seat, what it waits to be told."""

    line: Line
    ticket: Ticket
    occupant: Occupant
    room: Room
    queue: asyncio.Queue[Message] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX))
    told: Message = field(default_factory=dict)

    @property
    def seat(self) -> Seat:
        """The side of the room."""
        return self.ticket.seat

    @property
    def peer(self) -> Occupant | None:
        """Who sits opposite."""
        return self.room.at(self.seat.other)

    def tell(self, message: Message) -> None:
        """Queue a message; a browser that takes none for so long is hung up by its full queue."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            raise LineClosed from None

    def see(self, room: Room) -> None:
        """Take in the room as it is now, and tell the browser if that is news."""
        self.room = room
        shown = snapshot(room, self.seat, self.occupant.connection)
        if shown != self.told:
            self.told = shown
            self.tell(shown)

    def note(self, message: Message, now: datetime) -> None:
        """Keep what the browser says of its side: connected or not, with a picture or not, how well."""
        changes: dict[str, Any] = {"seen_at": now}
        if message.get("state") in ("connected", "lost"):
            changes["is_connected"] = message["state"] == "connected"
        if message.get("way") in ("video", "audio"):
            changes["way"] = Way(message["way"])
        if (quality := quality_of(message)) is not None:
            changes["quality"] = quality
        self.occupant = replace(self.occupant, **changes)


def snapshot(room: Room, seat: Seat, connection: str) -> Message:
    """
    Return the room as one side sees it; every (re)connection begins with a whole one.

    *polite* is who gives way when both offer at once. *peer* is the connection opposite, *peer_page* the page
    there: a new page knows nothing of what was agreed with the one before, a new connection of the same does.
    """
    other = room.at(seat.other)
    is_admitted = room.is_admitted
    return {
        "type": "room",
        "you": seat.value,
        "connection": connection,
        "polite": seat is Seat.PATIENT,
        "peer": other.connection if other else "",
        "peer_page": other.page if other else "",
        "peer_way": other.way.value if other else "",
        "is_admitted": is_admitted,
        "may_connect": is_admitted and other is not None,
    }


def quality_of(message: Message) -> Quality | None:
    """Read what a browser measured; nonsense is nothing."""
    loss, trip = _number(message.get("loss_percent")), _number(message.get("round_trip_ms"))
    if loss is None or trip is None:
        return None
    return Quality(
        loss_percent=round(min(max(loss, 0.0), MOST_LOSS), 2),
        round_trip_ms=int(min(max(trip, 0.0), LONGEST_TRIP_MS)),
        is_relayed=message.get("is_relayed") is True,
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
