"""
Our own rooms at work: who sits where, who is let in, and what one browser tells the other.

The two sides of a room may be served by different instances. So nothing is handed over in memory: seats are
documents, signals are rows, and every instance follows both and tells its own guests (docs/decisions/0014).
"""

import asyncio
import uuid
from datetime import timedelta

from common.background import BackgroundTask
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.kernel.errors import DomainError
from common.logs import logger
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.calls import CallConnected, CallLost, worse
from f0_monitoring.domain.consultation import Consultation, Quality
from f0_monitoring.domain.consultation_errors import ConsultationOver, SeatTaken
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.ports.meeting import Heard, Occupant, Room, RoomChanged, Rooms, Seat, Signal, Signals
from f0_monitoring.views.consultations import ConsultationDesk
from f0_monitoring.views.meeting.guest import Guest, Line, LineClosed, Message
from f0_monitoring.views.meeting.keys import Keys
from f0_monitoring.views.meeting.told import (
    REFUSED,
    REPLACED,
    ended_told,
    farewell,
    refusal_told,
    try_see,
    try_tell,
)

ENTER_SECONDS, BEAT_SECONDS = 10.0, 15.0
GONE_AFTER = timedelta(seconds=45)
"""Three silent beats: somebody else may take the seat of a browser that died."""
SIGNAL_MAX = 40_000
"""Characters of one signal; a session description of two tracks has about 6,000."""
log = logger("f0_monitoring.signalling")


class Signalling(BackgroundTask):
    """Serves the connections of this instance and follows what the others write."""

    def __init__(
        self,
        rooms: Rooms,
        signals: Signals,
        keys: Keys,
        desk: ConsultationDesk,
        consultations: Consultations,
        work: Work[Consultation, None],
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._signals = signals
        self._keys = keys
        self._desk = desk
        self._consultations = consultations
        self._work = work
        self._clock = clock
        self._guests: dict[str, Guest] = {}

    async def start(self) -> None:
        """Begin to follow rooms and signals."""
        self.begin(self._follow(), "meeting-signals")

    async def serve(self, room_id: str, line: Line) -> None:
        """Serve one connection from its first message to its last."""
        try:
            guest = await self._let_in(room_id, line)
        except DomainError as refusal:
            await farewell(line, refusal_told(refusal), REFUSED)
            return
        except (TimeoutError, LineClosed):
            await line.close(REFUSED)
            return
        self._guests[guest.occupant.connection] = guest
        try:
            await self._attend(guest)
        finally:
            self._guests.pop(guest.occupant.connection, None)
            await self._rooms.stand(room_id, guest.seat, guest.occupant.connection)

    async def _let_in(self, room_id: str, line: Line) -> Guest:
        """Take the ticket that the first message must hold, and the seat that it is for."""
        first = await asyncio.wait_for(line.receive(), ENTER_SECONDS)
        ticket = await self._keys.ticket(str(first.get("ticket", "")), room_id)
        kept = await self._consultations.one(room_id)
        if kept is None or kept.is_over:
            raise ConsultationOver("Cuộc tư vấn này đã kết thúc.")
        now = self._clock.now()
        occupant = Occupant(uuid.uuid4().hex, ticket.holder, now, page=str(first.get("page", ""))[:64])
        if not await self._rooms.sit(room_id, ticket.seat, occupant, gone_before=now - GONE_AFTER):
            raise SeatTaken(
                "Người khác đang ở trong phòng khám ở phía của bạn. Mỗi bên chỉ một người một máy; "
                "hãy dùng máy đó, hoặc đóng trang ở máy đó rồi vào lại."
            )
        return Guest(line, ticket, occupant, Room(room_id))

    async def _attend(self, guest: Guest) -> None:
        tasks = [
            asyncio.create_task(work, name=f"room-{name}")
            for name, work in (
                ("write", self._write(guest)),
                ("read", self._read(guest)),
                ("beat", self._beat(guest)),
            )
        ]
        try:
            await self._show(guest.room.room_id)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(ended, Exception) and not isinstance(ended, LineClosed):
                    log.error("a room's line failed", fault=repr(ended))

    async def _write(self, guest: Guest) -> None:
        while True:
            message = await guest.queue.get()
            await guest.line.send(message)
            if code := message.get("code"):
                await guest.line.close(code)
                return

    async def _read(self, guest: Guest) -> None:
        while True:
            message = await guest.line.receive()
            try:
                await self._said(guest, message)
            except DomainError as refusal:
                guest.tell(refusal_told(refusal) | {"type": "problem"})

    async def _beat(self, guest: Guest) -> None:
        """Say again and again that the guest is here, and look whether the guest may be here still."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            room_id, now = guest.room.room_id, self._clock.now()
            guest.note({}, now)
            kept = await self._consultations.one(room_id)
            if kept is None or kept.is_over:
                guest.tell(ended_told(kept))
            elif guest.ticket.expires_at <= now:
                guest.tell({"type": "expired", "code": REFUSED})
            elif not await self._rooms.beat(room_id, guest.seat, guest.occupant):
                guest.tell({"type": "replaced", "code": REPLACED})

    async def _said(self, guest: Guest, message: Message) -> None:
        """Do what a guest's message asks for; what nobody knows is passed over."""
        match message.get("type"):
            case "signal":
                await self._pass_on(guest, message)
            case "call":
                await self._call(guest, message)
            case "admit" if guest.seat is Seat.DOCTOR:
                await self._admit(guest, is_let_in=message.get("let_in") is not False)
            case "end" if guest.seat is Seat.DOCTOR:
                await self._end(guest, message)
            case "ping":
                guest.tell({"type": "pong"})
            case "leave":
                await self._lost(guest)
                raise LineClosed

    async def _pass_on(self, guest: Guest, message: Message) -> None:
        """Hand a signal to the browser opposite, once the doctor has let the patient in."""
        body, to = message.get("body"), message.get("to")
        if guest.peer is None or guest.peer.connection != to or not guest.room.is_admitted:
            guest.room = await self._rooms.read(guest.room.room_id)  # what we know may be a moment old
        peer = guest.peer
        if peer is None or peer.connection != to or not guest.room.is_admitted:
            return
        if len(str(body)) <= SIGNAL_MAX:
            await self._signals.send(
                Signal(guest.room.room_id, peer.connection, guest.occupant.connection, body)
            )

    async def _call(self, guest: Guest, message: Message) -> None:
        """Keep how the browser's connection does; the consultation hears when it comes and goes."""
        guest.note(message, self._clock.now())
        room_id, one = guest.room.room_id, guest.occupant
        await self._rooms.beat(room_id, guest.seat, one)
        if message.get("state") == "connected":
            await self._work.run(CallConnected(room_id, one.way), _cause())
        elif message.get("state") == "lost":
            await self._lost(guest)

    async def _lost(self, guest: Guest) -> None:
        await self._work.run(CallLost(guest.room.room_id, guest.occupant.quality), _cause())

    async def _admit(self, guest: Guest, *, is_let_in: bool) -> None:
        room = await self._rooms.read(guest.room.room_id)
        await self._rooms.admit(room.room_id, room.patient.holder if is_let_in and room.patient else "")

    async def _end(self, guest: Guest, message: Message) -> None:
        """The doctor has ended the talk: the consultation is held, the room closes."""
        guest.note(message, self._clock.now())
        room = await self._rooms.read(guest.room.room_id)
        other = room.patient.quality if room.patient else Quality()
        doctor = Actor(guest.ticket.holder, frozenset(("doctor",)))
        quality = worse(guest.occupant.quality, other)
        await self._desk.finish(room.room_id, doctor, quality, _cause())

    async def _follow(self) -> None:
        while True:
            try:
                async for heard in self._signals.hear():
                    await self._heard(heard)
            except Exception:
                log.exception("signals interrupted")
                await asyncio.sleep(1)

    async def _heard(self, heard: Heard) -> None:
        match heard:
            case Signal(to=to) if to in self._guests:
                try_tell(self._guests[to], {"type": "signal", "from": heard.sender, "body": heard.body})
            case RoomChanged(room_id=room_id):
                await self._show(room_id)
            case None:
                for room_id in {guest.room.room_id for guest in self._guests.values()}:
                    await self._show(room_id)
                for guest in tuple(self._guests.values()):
                    try_tell(guest, {"type": "resync"})

    async def _show(self, room_id: str) -> None:
        """Tell the guests of a room how it is now."""
        guests = [guest for guest in self._guests.values() if guest.room.room_id == room_id]
        if not guests:
            return
        room = await self._rooms.read(room_id)
        kept = await self._consultations.one(room_id) if room.is_closed else None
        for guest in guests:
            there = room.at(guest.seat)
            if room.is_closed:
                try_tell(guest, ended_told(kept))
            elif there is not None and there.connection != guest.occupant.connection:
                try_tell(guest, {"type": "replaced", "code": REPLACED})
            else:
                try_see(guest, room)


def _cause() -> Cause:
    return Cause(id=str(uuid.uuid4()))
