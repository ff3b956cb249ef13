"""
Lịch trực: who is on duty when, for which area and how many patients.

A duty period (ca trực) begins and ends by a durable timer, or by hand. While it lasts its area, capacity
and specialities stand for the doctor's own: one doctor may cover a district at night for three times
as many as by day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from common.kernel.areas import Actor
from common.kernel.decision import Timer
from common.kernel.errors import Invalid

SHIFT = "shift"
SHIFTS_CAP = 70
"""Periods planned ahead for one person: five weeks of two a day."""
LONGEST = timedelta(hours=36)
LARGEST_CAPACITY = 1000
SPECIALITIES = frozenset(("children", "pregnancy"))


class ShiftKind(StrEnum):
    """Ca ngày, ca đêm. Who is found at night covers; the doctor of the day stays in charge."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Shift:
    """A duty period. What is left empty is the doctor's own."""

    shift_id: str
    from_at: datetime
    until_at: datetime
    kind: ShiftKind = ShiftKind.DAY
    commune_codes: tuple[str, ...] = ()
    district_codes: tuple[str, ...] = ()
    specialities: tuple[str, ...] = ()
    capacity: int | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether it lasts at *now*."""
        return self.from_at <= now < self.until_at


@dataclass(frozen=True, slots=True)
class DoctorCommand:
    """A wish about one person of the roster."""

    doctor_id: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.doctor_id


@dataclass(frozen=True, slots=True)
class PlanShift(DoctorCommand):
    """Put a duty period into the plan, or change one that is there."""

    shift: Shift


@dataclass(frozen=True, slots=True)
class CancelShift(DoctorCommand):
    """Take a duty period out of the plan; one that has begun ends now."""

    shift_id: str


@dataclass(frozen=True, slots=True)
class ComeOnDuty(DoctorCommand):
    """Vào ca: from now, until an instant or until somebody ends it."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GoOffDuty(DoctorCommand):
    """Ra ca: from now until the next planned period or until somebody begins it again."""


def require_sound(shift: Shift, now: datetime) -> None:
    """Refuse a period that ends before it begins, is over, or that nobody could serve."""
    if shift.until_at <= shift.from_at:
        raise Invalid("Giờ hết ca phải sau giờ vào ca.", field="until_at")
    if shift.until_at <= now:
        raise Invalid("Ca này đã qua. Hãy xếp ca từ bây giờ trở đi.", field="until_at")
    if shift.until_at - shift.from_at > LONGEST:
        raise Invalid("Một ca dài nhất 36 giờ. Hãy chia thành nhiều ca.", field="until_at")
    if shift.capacity is not None:
        require_capacity(shift.capacity)
    require_known(shift.specialities)


def require_capacity(capacity: int) -> None:
    """Refuse a number of patients that nobody can mean."""
    if not 1 <= capacity <= LARGEST_CAPACITY:
        raise Invalid("Số người bệnh tối đa phải từ 1 đến 1000.", field="capacity")


def require_known(specialities: tuple[str, ...]) -> None:
    """Refuse a speciality that assignment does not know."""
    if unknown := set(specialities) - SPECIALITIES:
        known = ", ".join(sorted(SPECIALITIES))
        raise Invalid(
            f"Không có chuyên khoa {', '.join(sorted(unknown))}. Hãy chọn: {known}.", field="specialities"
        )


def planned(shifts: Iterable[Shift], shift: Shift, now: datetime) -> tuple[Shift, ...]:
    """Return the plan with *shift* in it, in order; periods of one person never overlap."""
    others = [other for other in shifts if other.shift_id != shift.shift_id and other.until_at > now]
    for other in others:
        if other.from_at < shift.until_at and shift.from_at < other.until_at:
            raise Invalid("Người này đã có ca trùng giờ. Hãy đổi giờ hoặc bỏ ca kia trước.", field="from_at")
    if len(others) >= SHIFTS_CAP:
        raise Invalid(f"Mỗi người xếp trước tối đa {SHIFTS_CAP} ca.", field="from_at")
    return tuple(sorted((*others, shift), key=lambda each: each.from_at))


def shift_at(shifts: Iterable[Shift], now: datetime) -> Shift | None:
    """Return the period that lasts at *now*, or None."""
    return next((shift for shift in shifts if shift.holds(now)), None)


def without(shifts: Iterable[Shift], shift_id: str) -> tuple[Shift, ...]:
    """Return the plan without one period."""
    return tuple(shift for shift in shifts if shift.shift_id != shift_id)


def still_to_come(shifts: Iterable[Shift], now: datetime) -> tuple[Shift, ...]:
    """Return the plan without what is over."""
    return tuple(shift for shift in shifts if shift.until_at > now)


def timers_of(shifts: Iterable[Shift], now: datetime) -> tuple[Timer, ...]:
    """Return the next change of duty, if one is planned."""
    changes = [at for shift in shifts for at in (shift.from_at, shift.until_at) if at > now]
    return (Timer(SHIFT, min(changes)),) if changes else ()


def unplanned(shift_id: str, now: datetime, until: datetime) -> Shift:
    """Return the period of somebody who comes unplanned; by the clock it ends like a planned one."""
    shift = Shift(shift_id, now, until)
    require_sound(shift, now)
    return shift
