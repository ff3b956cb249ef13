"""Ai trực: who covers a commune now, and in the next day."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel

from common.kernel.areas import Area
from f0_monitoring.domain.roster import Doctor, candidate_of
from f0_monitoring.domain.shifts import Shift
from f0_monitoring.views.answers import DoctorView

AHEAD: Final = timedelta(hours=24)


class CoverView(BaseModel):
    """Somebody on duty; without a plan *from_at* and *until_at* are empty: until told otherwise."""

    doctor_id: str
    name: str
    phone: str
    from_at: datetime | None
    until_at: datetime | None
    is_night: bool
    is_present: bool
    load: int
    capacity: int


class CoverListView(BaseModel):
    """Who covers: the present ones first, then by time."""

    items: list[CoverView]
    as_of: datetime


def cover_list(
    roster: Iterable[Doctor], views: Iterable[DoctorView], area: Area, now: datetime
) -> CoverListView:
    """Return who is on duty for *area* now, and whose planned period begins within a day."""
    people = {view.doctor_id: view for view in views}
    items = []
    for doctor in roster:
        view = people[doctor.doctor_id]
        candidate = candidate_of(doctor, view.load)
        if candidate is None:
            continue
        if candidate.on_duty and _covers(candidate.commune_codes, candidate.district_codes, area):
            items.append(_view(view, doctor.shift, candidate.capacity, is_present=True))
        items += [
            _view(view, shift, shift.capacity or doctor.capacity, is_present=False)
            for shift in doctor.shifts
            if now < shift.from_at <= now + AHEAD and _covers(*_area_of(doctor, shift), area)
        ]
    return CoverListView(items=sorted(items, key=lambda item: _order(item, now)), as_of=now)


def _area_of(doctor: Doctor, shift: Shift) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if shift.commune_codes or shift.district_codes:
        return shift.commune_codes, shift.district_codes
    return doctor.commune_codes, doctor.district_codes


def _covers(commune_codes: tuple[str, ...], district_codes: tuple[str, ...], area: Area) -> bool:
    return area.commune_code in commune_codes or area.district_code in district_codes


def _view(view: DoctorView, shift: Shift | None, capacity: int, *, is_present: bool) -> CoverView:
    return CoverView(
        doctor_id=view.doctor_id,
        name=view.name,
        phone=view.phone,
        from_at=shift.from_at if shift else None,
        until_at=shift.until_at if shift else None,
        is_night=shift is not None and shift.kind.value == "night",
        is_present=is_present,
        load=view.load,
        capacity=capacity,
    )


def _order(item: CoverView, now: datetime) -> tuple[bool, datetime, str]:
    return not item.is_present, item.from_at or now, item.doctor_id
