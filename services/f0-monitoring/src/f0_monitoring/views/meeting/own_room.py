"""Our own rooms, as the rest of the service knows them."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from common.kernel.clock import Clock
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.ports.meeting import Entry, Rooms, Seat
from f0_monitoring.views.meeting.keys import Keys

HEARD_WITHIN = timedelta(seconds=40)
"""Occupants are heard every 15 s: after two silent beats nobody sits there any more."""


class OwnMeetingRoom:
    """`MeetingRoom` with WebRTC between two browsers and our own signalling."""

    def __init__(self, rooms: Rooms, keys: Keys, clock: Clock) -> None:
        self._rooms = rooms
        self._keys = keys
        self._clock = clock

    async def entry(self, consultation: Consultation, seat: Seat, holder: str) -> Entry:
        """Let *holder* into the room of *consultation*."""
        secret, ticket = await self._keys.new_ticket(consultation, seat, holder)
        address = f"/v1/rooms/{consultation.consultation_id}"
        return Entry("own", address, secret, seat, ticket.expires_at)

    async def waiting(self, consultation_ids: Collection[str]) -> Mapping[str, frozenset[Seat]]:
        """Return who is in which room now."""
        return await self._rooms.occupied(consultation_ids, self._clock.now() - HEARD_WITHIN)

    async def close(self, consultation_id: str) -> None:
        """End the room for everybody in it."""
        await self._rooms.close(consultation_id)
