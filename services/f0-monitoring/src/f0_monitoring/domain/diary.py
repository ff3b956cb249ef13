"""The diary of a doctor or of a patient: nobody has two consultations at the same time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.kernel.clock import VIETNAM
from common.kernel.decision import Decision
from f0_monitoring.domain.consultation_errors import HourTaken

DOCTOR, PERSON = "doctor", "person"
FORGET_AFTER = timedelta(days=1)
_WHOSE = {DOCTOR: "Bác sĩ", PERSON: "Người bệnh"}


@dataclass(frozen=True, slots=True)
class Booking:
    """The time of one consultation; a consultation has one time in a diary."""

    consultation_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """The appointments of *owner* (`doctor:<id>` or `person:<id>`), in any order."""

    owner: str
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """Take the time for a consultation; it gives up the time that it had before."""

    owner: str
    booking: Booking

    @property
    def aggregate_id(self) -> str:
        """Id of the diary that this changes."""
        return self.owner


@dataclass(frozen=True, slots=True)
class Free:
    """Give the time of a consultation back."""

    owner: str
    consultation_id: str

    @property
    def aggregate_id(self) -> str:
        """Id of the diary that this changes."""
        return self.owner


def decide_diary(state: Diary | None, command: Any, rules: None, now: datetime) -> Decision[Diary]:  # noqa: ARG001
    """Decide one command on one diary."""
    match command:
        case Book():
            return Decision(_booked(state or Diary(command.owner), command.booking, now))
        case Free():
            return Decision(_without(state, command.consultation_id, now) if state else None)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _booked(diary: Diary, wanted: Booking, now: datetime) -> Diary:
    others = _without(diary, wanted.consultation_id, now).bookings
    for other in others:
        if other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
            whose = _WHOSE.get(diary.owner.partition(":")[0], diary.owner)
            raise HourTaken(
                f"{whose} đã có hẹn {_hour(other.starts_at)}-{_hour(other.ends_at)}. Hãy chọn giờ khác.",
                field="starts_at",
            )
    return Diary(diary.owner, (*others, wanted))


def _without(diary: Diary, consultation_id: str, now: datetime) -> Diary:
    kept = tuple(
        booking
        for booking in diary.bookings
        if booking.consultation_id != consultation_id and booking.ends_at > now - FORGET_AFTER
    )
    return diary if kept == diary.bookings else Diary(diary.owner, kept)


def _hour(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M}"
