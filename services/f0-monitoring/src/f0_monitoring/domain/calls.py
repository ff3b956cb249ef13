"""The call inside a consultation: when both are connected, for how long, and what is due meanwhile."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from common.kernel.areas import Actor
from common.kernel.decision import Timer, TimerFired
from common.kernel.errors import Invalid
from f0_monitoring.domain.consultation import (
    MISSED_AFTER,
    REMIND_BEFORE,
    RETURN_WITHIN,
    SILENT_AFTER,
    UNANSWERED_AFTER,
    UNMEASURED,
    WATCH_EVERY,
    Call,
    Consultation,
    Party,
    Quality,
    State,
    Way,
)
from f0_monitoring.domain.consultation_errors import NeverConnected

REMINDER, NOT_HELD, WATCH, BROKEN_OFF = "reminder", "not-held", "watch", "broken-off"
LONGEST_PHONE_MINUTES = 180


@dataclass(frozen=True, slots=True)
class CallConnected:
    """The room: both sides are connected."""

    consultation_id: str
    way: Way

    @property
    def aggregate_id(self) -> str:
        """Id of the consultation that this changes."""
        return self.consultation_id


@dataclass(frozen=True, slots=True)
class CallLost:
    """The room: they are not connected any more, since *at* (None: now)."""

    consultation_id: str
    quality: Quality = UNMEASURED
    at: datetime | None = None

    @property
    def aggregate_id(self) -> str:
        """Id of the consultation that this changes."""
        return self.consultation_id


@dataclass(frozen=True, slots=True)
class HoldConsultation:
    """
    The doctor ends the talk. *phone_minutes*: it was held by an ordinary telephone, for so long.

    Otherwise its duration is what the room has measured.
    """

    consultation_id: str
    by: Actor
    party: Party
    quality: Quality = UNMEASURED
    phone_minutes: int | None = None

    @property
    def aggregate_id(self) -> str:
        """Id of the consultation that this changes."""
        return self.consultation_id


@dataclass(frozen=True, slots=True)
class Looked(TimerFired):
    """A timer came due, with what was seen of the room and of the patient's record."""

    last_present_at: datetime | None = None
    is_record_open: bool = True


def timers_of(consultation: Consultation) -> tuple[Timer, ...]:
    """Return what is due for a consultation: a function of its state alone."""
    call, timers = consultation.call, []
    if consultation.is_over:
        return ()
    if consultation.state is State.SCHEDULED and consultation.starts_at:
        timers.append(Timer(REMINDER, consultation.starts_at - REMIND_BEFORE))
    if call.connected_since is not None:
        timers.append(Timer(WATCH, call.watch_at or call.connected_since + WATCH_EVERY))
    elif call.broke_at is not None:
        timers.append(Timer(BROKEN_OFF, call.broke_at + RETURN_WITHIN))
    elif consultation.ends_at is not None:
        timers.append(Timer(NOT_HELD, consultation.ends_at + MISSED_AFTER))
    else:
        timers.append(Timer(NOT_HELD, consultation.requested_at + UNANSWERED_AFTER))
    return tuple(timers)


def connected(call: Call, way: Way, now: datetime) -> Call:
    """Return *call* with both sides connected; a picture once shown makes it a video call."""
    seen = Way.VIDEO if Way.VIDEO in (way, call.way) else way
    if call.connected_since is not None:
        return call if call.way is seen else replace(call, way=seen)
    return replace(
        call,
        connected_since=now,
        watch_at=now + WATCH_EVERY,
        broke_at=None,
        connections=call.connections + 1,
        way=seen,
    )


def broken(call: Call, quality: Quality, at: datetime) -> Call:
    """Return *call* broken off *at*; what was spoken until then counts."""
    if call.connected_since is None:
        return call
    ended_at = max(at, call.connected_since)
    return replace(
        call,
        connected_since=None,
        watch_at=None,
        broke_at=ended_at,
        seconds=call.seconds_until(ended_at),
        quality=worse(call.quality, quality),
    )


def ended(call: Call, now: datetime, quality: Quality = UNMEASURED) -> Call:
    """Return *call* after the last word."""
    closed = broken(call, quality, now)
    return replace(closed, quality=worse(closed.quality, quality)) if closed.connections else closed


def watched(call: Call, last_present_at: datetime | None, now: datetime) -> Call:
    """Return *call* as the watch found it: broken off when the room has been silent for too long."""
    if call.connected_since is None:
        return call
    last = last_present_at or call.connected_since
    if now - last > SILENT_AFTER:
        return broken(call, UNMEASURED, last)
    return replace(call, watch_at=now + WATCH_EVERY)


def worse(one: Quality, other: Quality) -> Quality:
    """Return the worse of two measurements, figure by figure."""
    losses = [q.loss_percent for q in (one, other) if q.loss_percent is not None]
    trips = [q.round_trip_ms for q in (one, other) if q.round_trip_ms is not None]
    return Quality(
        loss_percent=max(losses, default=None),
        round_trip_ms=max(trips, default=None),
        is_relayed=one.is_relayed or other.is_relayed,
    )


def seconds_held(call: Call, command: HoldConsultation) -> int:
    """Return how long they talked, in seconds; raises `NeverConnected` when they did not."""
    if command.phone_minutes is not None:
        if not 1 <= command.phone_minutes <= LONGEST_PHONE_MINUTES:
            raise Invalid("Thời gian gọi điện từ 1 đến 180 phút.", field="phone_minutes")
        return call.seconds + int(timedelta(minutes=command.phone_minutes).total_seconds())
    if not call.connections:
        raise NeverConnected(
            "Hai bên chưa kết nối được lần nào. Nếu đã gọi điện thoại, hãy ghi số phút đã gọi; "
            "nếu không gặp được, hãy hẹn lại hoặc hủy."
        )
    return call.seconds
