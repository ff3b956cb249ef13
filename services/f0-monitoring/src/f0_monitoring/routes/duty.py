"""Lịch trực: duty periods, coming and going, and who covers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from common.geo import UnknownCommune
from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import Invalid
from common.service import Runtime
from f0_monitoring.domain import errors
from f0_monitoring.domain.duty_plan import DAYS_MOST
from f0_monitoring.views import answers, roster
from f0_monitoring.views.cover import CoverListView
from f0_monitoring.views.duty_plan import DutyPlanDesk, DutyPlanView
from f0_monitoring.views.staff import Staff

router = APIRouter(prefix="/v1", tags=["f0-roster"], route_class=DirectRoute)

TheStaff = Annotated[Staff, provided("staff")]
ThePlan = Annotated[DutyPlanDesk, provided("duty_plan")]
TheRuntime = Annotated[Runtime, provided("runtime")]
Carer = Annotated[Actor, Depends(role_required("health_officer", "doctor", "administrator"))]
DoctorId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
ShiftId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Days = Annotated[int, Query(ge=1, le=DAYS_MOST)]
REFUSALS = (Invalid, errors.NoSuchDoctor, errors.NotYourRoster, UnknownCommune)


@router.put("/doctors/{doctor_id}/shifts/{shift_id}", responses=problems(*REFUSALS))
async def plan_shift(
    doctor_id: DoctorId,
    shift_id: ShiftId,
    body: roster.ShiftBody,
    by: Carer,
    staff: TheStaff,
    runtime: TheRuntime,
    cause: IdempotencyCause,
) -> answers.DoctorView:
    """Xếp ca: a duty period of a doctor, day or night, with its own area and capacity if it has them."""
    keeper = await staff.as_keeper(by)
    return await staff.change(roster.to_plan(doctor_id, shift_id, body, keeper, runtime), cause)


@router.delete("/doctors/{doctor_id}/shifts/{shift_id}", responses=problems(errors.NoSuchShift, *REFUSALS))
async def cancel_shift(
    doctor_id: DoctorId, shift_id: ShiftId, by: Carer, staff: TheStaff, cause: IdempotencyCause
) -> answers.DoctorView:
    """Bỏ ca; a period that has begun ends now."""
    return await staff.change(roster.to_cancel(doctor_id, shift_id, await staff.as_keeper(by)), cause)


@router.post("/doctors/{doctor_id}/duty", responses=problems(*REFUSALS))
async def change_duty(
    doctor_id: DoctorId, body: roster.DutyBody, by: Carer, staff: TheStaff, cause: IdempotencyCause
) -> answers.DoctorView:
    """Vào ca, ra ca ngay: patients of whoever goes are given to whoever is on duty, within seconds."""
    return await staff.change(roster.to_duty(doctor_id, body, await staff.as_keeper(by)), cause)


@router.get("/cover", responses=problems(UnknownCommune))
async def who_covers(_by: Carer, staff: TheStaff, commune_code: roster.CommuneCode) -> CoverListView:
    """Ai trực cho một xã: now, and in the next day."""
    return await staff.cover_of(commune_code)


@router.get("/duty-plan", responses=problems())
async def read_duty_plan(by: Carer, plan: ThePlan, days: Days = 7) -> DutyPlanView:
    """Lịch trực những ngày tới: doctors of the reader's areas with loads, and communes without a doctor."""
    return await plan.plan(by, days)
