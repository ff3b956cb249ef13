"""
Rooms in which a doctor and a patient meet.

`MeetingRoom` is the seam: our own rooms stand behind it, and LiveKit or Jitsi could (see
docs/decisions/0014). `Rooms`, `Signals` and `RoomKeys` are what our own rooms need so that the two sides
may be served by different instances.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from f0_monitoring.domain.consultation import UNMEASURED, Consultation, Quality, Way


class Seat(StrEnum):
    """The two sides of a room."""

    DOCTOR = "doctor"
    PATIENT = "patient"

    @property
    def other(self) -> "Seat":
        """The opposite side."""
        return Seat.PATIENT if self is Seat.DOCTOR else Seat.DOCTOR


@dataclass(frozen=True, slots=True)
class Entry:
    """
    How somebody gets into a room: which kind of room, where, with what, until when.

    *kind* tells the page which client to use (`own` is ours). *ticket* is shown once, to its holder.
    """

    kind: str
    address: str
    ticket: str
    seat: Seat
    expires_at: datetime


class MeetingRoom(Protocol):
    """Whoever provides rooms."""

    async def entry(self, consultation: Consultation, seat: Seat, holder: str) -> Entry:
        """Let *holder* into the room of *consultation*, on the side *seat*."""

    async def waiting(self, consultation_ids: Collection[str]) -> Mapping[str, frozenset[Seat]]:
        """Return who is in which room now."""

    async def close(self, consultation_id: str) -> None:
        """End the room for everybody in it."""


@dataclass(frozen=True, slots=True)
class Occupant:
    """
    Who sits on one side: the *connection* they came by, who *holder* is, when they were last heard.

    *page* is the opened page in their browser: a new connection of the same page goes on with the same call.
    """

    connection: str
    holder: str
    seen_at: datetime
    page: str = ""
    is_connected: bool = False
    way: Way = Way.VIDEO
    quality: Quality = UNMEASURED


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is now. *admitted* is the holder whom the doctor has let in; empty: nobody."""

    room_id: str
    doctor: Occupant | None = None
    patient: Occupant | None = None
    admitted: str = ""
    is_closed: bool = False

    def at(self, seat: Seat) -> Occupant | None:
        """Return who sits on that side."""
        return self.doctor if seat is Seat.DOCTOR else self.patient

    @property
    def is_admitted(self) -> bool:
        """Tell whether the patient's side has been let in."""
        return self.patient is not None and self.patient.holder == self.admitted


class Rooms(Protocol):
    """The rooms, shared by all instances."""

    async def read(self, room_id: str) -> Room:
        """Return a room; an empty one if nobody was ever there."""

    async def sit(self, room_id: str, seat: Seat, occupant: Occupant, *, gone_before: datetime) -> bool:
        """
        Take a seat that is free, one's own, or of somebody not heard since *gone_before*.

        False when somebody else sits there.
        """

    async def beat(self, room_id: str, seat: Seat, occupant: Occupant) -> bool:
        """Keep what *occupant* tells; False when another connection has the seat by now."""

    async def stand(self, room_id: str, seat: Seat, connection: str) -> None:
        """Give the seat back, if *connection* still has it."""

    async def admit(self, room_id: str, holder: str) -> None:
        """Let *holder* in; an empty one sends the patient's side back to wait."""

    async def close(self, room_id: str) -> None:
        """Close a room for good."""

    async def occupied(self, room_ids: Collection[str], since: datetime) -> Mapping[str, frozenset[Seat]]:
        """Return the seats whose holders were heard *since*."""

    async def last_present(self, room_ids: Collection[str]) -> Mapping[str, datetime]:
        """Return when somebody was last heard in each room."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one browser has to tell the other so that they connect. *to* is a connection."""

    room_id: str
    to: str
    sender: str
    body: Any


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """A room is not as it was."""

    room_id: str


Heard = Signal | RoomChanged | None
"""None: listening begins (again), so anything may have been missed."""


class Signals(Protocol):
    """What carries signals and changes of rooms between instances, in the order in which each was sent."""

    async def send(self, signal: Signal) -> None:
        """Send a signal to whichever instance serves its connection."""

    def hear(self) -> AsyncIterator[Heard]:
        """Yield every signal and every change of a room, from any instance."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to sit in a room until *expires_at*."""

    consultation_id: str
    seat: Seat
    holder: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """The right to get one ticket for the patient's side, once. *used_at* None: not used yet."""

    consultation_id: str
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None
    is_withdrawn: bool = False


class RoomKeys(Protocol):
    """Links and tickets, kept by the hash of their secret: whoever reads the database can use none."""

    async def put_link(self, digest: str, link: Link) -> None:
        """Keep a link; unused ones of the same consultation are withdrawn."""

    async def use_link(self, digest: str, now: datetime) -> Link | None:
        """Use a link if it may be used, and return it as it was before; None if there is none."""

    async def put_ticket(self, digest: str, ticket: Ticket) -> None:
        """Keep a ticket."""

    async def ticket(self, digest: str) -> Ticket | None:
        """Return a ticket; it may have expired."""
