"""Lịch trực over HTTP: bodies, views, and the commands that they become."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.service import Runtime
from f0_monitoring.domain.shifts import (
    CancelShift,
    ComeOnDuty,
    DoctorCommand,
    GoOffDuty,
    PlanShift,
    Shift,
    ShiftKind,
)

CommuneCode = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
DistrictCode = Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class ShiftBody(Body):
    """Một ca trực. What is left out is the doctor's own."""

    from_at: AwareDatetime = Field(description="Vào ca")
    until_at: AwareDatetime = Field(description="Hết ca")
    kind: ShiftKind = Field(default=ShiftKind.DAY, description="day, night (trực đêm thay)")
    commune_codes: list[CommuneCode] = Field(default_factory=list, max_length=178)
    district_codes: list[DistrictCode] = Field(default_factory=list, max_length=20)
    specialities: list[Code] = Field(default_factory=list, max_length=5)
    capacity: int | None = Field(default=None, description="Số F0 tối đa trong ca")

    def to_shift(self, shift_id: str) -> Shift:
        """Return the period as the domain knows it."""
        return Shift(
            shift_id,
            self.from_at,
            self.until_at,
            self.kind,
            tuple(self.commune_codes),
            tuple(self.district_codes),
            tuple(self.specialities),
            self.capacity,
        )


class DutyBody(Body):
    """Vào ca hoặc ra ca ngay bây giờ."""

    on_duty: bool = Field(description="true: vào ca; false: ra ca")
    until_at: AwareDatetime | None = Field(
        default=None, description="Vào ca đến lúc nào; để trống: đến khi ra ca"
    )


class ShiftView(BaseModel):
    """A duty period as read back."""

    shift_id: str
    from_at: AwareDatetime
    until_at: AwareDatetime
    kind: ShiftKind
    commune_codes: list[str]
    district_codes: list[str]
    specialities: list[str]
    capacity: int | None
    is_present: bool

    @classmethod
    def of(cls, shift: Shift, *, is_present: bool) -> "ShiftView":
        """Build from the plan."""
        return cls(
            shift_id=shift.shift_id,
            from_at=shift.from_at,
            until_at=shift.until_at,
            kind=shift.kind,
            commune_codes=list(shift.commune_codes),
            district_codes=list(shift.district_codes),
            specialities=list(shift.specialities),
            capacity=shift.capacity,
            is_present=is_present,
        )


def to_plan(doctor_id: str, shift_id: str, body: ShiftBody, by: Actor, runtime: Runtime) -> PlanShift:
    """Return the wish to plan a period; raises `UnknownCommune`."""
    for code in body.commune_codes:
        runtime.units.area_of(code, field="commune_codes")
    return PlanShift(doctor_id, by, body.to_shift(shift_id))


def to_cancel(doctor_id: str, shift_id: str, by: Actor) -> CancelShift:
    """Return the wish to take a period out of the plan."""
    return CancelShift(doctor_id, by, shift_id)


def to_duty(doctor_id: str, body: DutyBody, by: Actor) -> DoctorCommand:
    """Return the wish to begin or end duty now."""
    return ComeOnDuty(doctor_id, by, body.until_at) if body.on_duty else GoOffDuty(doctor_id, by)
