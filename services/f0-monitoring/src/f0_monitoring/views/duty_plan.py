"""Lịch trực theo ngày: the roster with its periods and loads, and where a doctor will be missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, Field

from common.geo import Units
from common.kernel.areas import Actor, Area
from common.service import Runtime
from f0_monitoring.domain.access import may_keep_roster
from f0_monitoring.domain.duty_plan import Gap, GapKind, gaps
from f0_monitoring.domain.roster import DOCTOR, Doctor, candidate_of
from f0_monitoring.ports import Doctors
from f0_monitoring.views.answers import DoctorView
from f0_monitoring.views.staff import PROVINCE, Staff

GAPS_SHOWN: Final = 200


class PlaceView(BaseModel):
    """A commune or district with its name."""

    code: str
    name: str


class PlannedView(DoctorView):
    """Somebody of the roster, with the present capacity and whether the reader may change their duty."""

    places: list[PlaceView] = Field(description="Địa bàn của bác sĩ")
    capacity_now: int = Field(description="Sức chứa của ca đang trực, hoặc của bác sĩ")
    may_change: bool
    is_me: bool


class GapView(BaseModel):
    """Communes that will have no doctor of their own for some hours."""

    district_name: str
    communes: list[PlaceView] = Field(description="Để trống khi là cả huyện")
    is_whole_district: bool
    from_at: datetime
    until_at: datetime
    kind: GapKind = Field(description="elsewhere: phải nhờ huyện khác; nobody: cả tỉnh không còn ai trực")


class DutyPlanView(BaseModel):
    """The plan of some days."""

    from_at: datetime
    until_at: datetime
    as_of: datetime
    doctors: list[PlannedView]
    gaps: list[GapView]
    districts: list[PlaceView] = Field(description="Huyện mà người xem có thể xếp ca")
    more_gaps: int = Field(description="Còn bao nhiêu chỗ trống không hiện ở đây")


class DutyPlanDesk:
    """Shows the plan to whoever works in its areas."""

    def __init__(self, runtime: Runtime, doctors: Doctors, staff: Staff) -> None:
        self._runtime = runtime
        self._doctors = doctors
        self._staff = staff

    async def plan(self, reader: Actor, days: int) -> DutyPlanView:
        """Show the roster of the reader's areas and the doctors missing there from now for so many days."""
        now, units = self._runtime.clock.now(), self._runtime.units
        keeper, roster = await self._staff.as_keeper(reader), await self._doctors.roster()
        codes = reader.area_codes | keeper.area_codes
        areas = [area for area in _areas(units) if codes & area.codes()]
        until = now + timedelta(days=days)
        found = gaps(roster, areas, now, until)
        people = {view.doctor_id: view for view in await self._staff.views()}
        near = frozenset[str]().union(*(area.codes() for area in areas)) - {PROVINCE}
        return DutyPlanView(
            from_at=now,
            until_at=until,
            as_of=now,
            doctors=[
                _planned(doctor, people[doctor.doctor_id], keeper, units)
                for doctor in roster
                if _serves(doctor, near) or doctor.doctor_id == reader.subject
            ],
            gaps=[_gap(gap, units) for gap in found[:GAPS_SHOWN]],
            districts=_districts(areas, units),
            more_gaps=max(0, len(found) - GAPS_SHOWN),
        )


def _areas(units: Units) -> Iterable[Area]:
    return (units.area_of(unit.code) for unit in units.communes())


def _serves(doctor: Doctor, near: frozenset[str]) -> bool:
    """Tell whether somebody serves one of these places, by the own area or in a period."""
    periods = [code for shift in doctor.shifts for code in (*shift.commune_codes, *shift.district_codes)]
    return not near.isdisjoint((*doctor.commune_codes, *doctor.district_codes, *periods))


def _districts(areas: list[Area], units: Units) -> list[PlaceView]:
    return [_place(code, units) for code in sorted({area.district_code for area in areas})]


def _place(code: str, units: Units) -> PlaceView:
    return PlaceView(code=code, name=units.name_of(code))


def _planned(doctor: Doctor, view: DoctorView, reader: Actor, units: Units) -> PlannedView:
    able = candidate_of(doctor, view.load) if doctor.profession == DOCTOR else None
    return PlannedView(
        **view.model_dump(),
        places=[_place(code, units) for code in (*doctor.district_codes, *doctor.commune_codes)],
        capacity_now=able.capacity if able else 0,
        may_change=may_keep_roster(reader, doctor.doctor_id, doctor.scope_codes),
        is_me=doctor.doctor_id == reader.subject,
    )


def _gap(gap: Gap, units: Units) -> GapView:
    return GapView(
        district_name=units.name_of(gap.district_code),
        communes=[] if gap.is_whole_district else [_place(code, units) for code in gap.commune_codes],
        is_whole_district=gap.is_whole_district,
        from_at=gap.from_at,
        until_at=gap.until_at,
        kind=gap.kind,
    )
