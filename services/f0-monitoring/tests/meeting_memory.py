"""Consultations, rooms, signals and keys in dictionaries; two instances may share them."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from common.work.memory import MemoryStore
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.domain.diary import Diary
from f0_monitoring.parts.consulting import ConsultingStores
from f0_monitoring.ports.meeting import (
    Heard,
    Link,
    Occupant,
    Room,
    RoomChanged,
    Seat,
    Signal,
    Ticket,
)


class MemoryConsultations(MemoryStore[Consultation]):
    """Consultations in a dict; the queries of the store, said again in Python."""

    async def one(self, consultation_id: str) -> Consultation | None:
        stored = self.aggregates.get(consultation_id)
        return stored.state if stored else None

    async def of_doctor(
        self, doctor_id: str, person_ids: Collection[str], *, since: datetime, limit: int
    ) -> list[Consultation]:
        return self._latest(
            limit,
            lambda c: (
                (c.doctor_id == doctor_id and _open_or_since(c, since))
                or (c.person_id in person_ids and not c.is_over)
            ),
        )

    async def of_areas(
        self, area_codes: Collection[str], *, since: datetime, limit: int
    ) -> list[Consultation]:
        return self._latest(limit, lambda c: set(area_codes) & c.area.codes() and _open_or_since(c, since))

    async def of_persons(self, person_ids: Collection[str], *, limit: int) -> list[Consultation]:
        return self._latest(limit, lambda c: c.person_id in person_ids)

    def _latest(self, limit: int, wanted: Any) -> list[Consultation]:
        found = [stored.state for stored in self.aggregates.values() if wanted(stored.state)]
        return sorted(found, key=lambda c: c.starts_at or c.requested_at, reverse=True)[:limit]


def _open_or_since(consultation: Consultation, since: datetime) -> bool:
    return not consultation.is_over or (consultation.starts_at or consultation.requested_at) >= since


@dataclass
class Board:
    """What two instances share: rooms and a queue of news for each of them."""

    rooms: dict[str, Room] = field(default_factory=dict)
    ears: list[asyncio.Queue[Heard]] = field(default_factory=list)

    def tell(self, news: Heard) -> None:
        for ear in self.ears:
            ear.put_nowait(news)


class MemoryRooms:
    """Rooms in a dict."""

    def __init__(self, board: Board) -> None:
        self.board = board

    async def read(self, room_id: str) -> Room:
        return self.board.rooms.get(room_id, Room(room_id))

    async def sit(self, room_id: str, seat: Seat, occupant: Occupant, *, gone_before: datetime) -> bool:
        there = (await self.read(room_id)).at(seat)
        if there and there.holder != occupant.holder and there.seen_at >= gone_before:
            return False
        self._put(room_id, **{seat.value: occupant})
        return True

    async def beat(self, room_id: str, seat: Seat, occupant: Occupant) -> bool:
        if not self._has(room_id, seat, occupant.connection):
            return False
        self._put(room_id, **{seat.value: occupant})
        return True

    async def stand(self, room_id: str, seat: Seat, connection: str) -> None:
        if self._has(room_id, seat, connection):
            self._put(room_id, **{seat.value: None})

    async def admit(self, room_id: str, holder: str) -> None:
        self._put(room_id, admitted=holder)

    async def close(self, room_id: str) -> None:
        if room_id in self.board.rooms:
            self._put(room_id, is_closed=True)

    async def occupied(self, room_ids: Collection[str], since: datetime) -> dict[str, frozenset[Seat]]:
        found = {}
        for room_id in room_ids:
            room = await self.read(room_id)
            found[room_id] = frozenset(s for s in Seat if (one := room.at(s)) and one.seen_at >= since)
        return found

    async def last_present(self, room_ids: Collection[str]) -> dict[str, datetime]:
        return {}

    def _has(self, room_id: str, seat: Seat, connection: str) -> bool:
        there = self.board.rooms.get(room_id, Room(room_id)).at(seat)
        return there is not None and there.connection == connection

    def _put(self, room_id: str, **changes: Any) -> None:
        self.board.rooms[room_id] = replace(self.board.rooms.get(room_id, Room(room_id)), **changes)
        self.board.tell(RoomChanged(room_id))


class MemorySignals:
    """Signals handed to every instance that listens."""

    def __init__(self, board: Board) -> None:
        self.board = board

    async def send(self, signal: Signal) -> None:
        self.board.tell(signal)

    async def hear(self) -> AsyncIterator[Heard]:
        ear: asyncio.Queue[Heard] = asyncio.Queue()
        self.board.ears.append(ear)
        yield None
        while True:
            yield await ear.get()


class MemoryRoomKeys:
    """Links and tickets in dicts."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self.tickets: dict[str, Ticket] = {}

    async def put_link(self, digest: str, link: Link) -> None:
        for key, other in self.links.items():
            if other.consultation_id == link.consultation_id and other.used_at is None:
                self.links[key] = replace(other, is_withdrawn=True)
        self.links[digest] = link

    async def use_link(self, digest: str, now: datetime) -> Link | None:
        before = self.links.get(digest)
        if before and before.used_at is None and not before.is_withdrawn and before.expires_at > now:
            self.links[digest] = replace(before, used_at=now)
        return before

    async def put_ticket(self, digest: str, ticket: Ticket) -> None:
        self.tickets[digest] = ticket

    async def ticket(self, digest: str) -> Ticket | None:
        return self.tickets.get(digest)


def memory_consulting() -> ConsultingStores:
    """Everything about consultations in memory."""
    board, diaries = Board(), MemoryStore[Diary]()
    return ConsultingStores(
        MemoryConsultations(), diaries, MemoryRooms(board), MemorySignals(board), MemoryRoomKeys()
    )
