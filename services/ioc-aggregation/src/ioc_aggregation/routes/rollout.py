"""HTTP: where the roll-out stands, and what units declare."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from common.geo import UnknownCommune
from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import Invalid, OutsideYourArea
from ioc_aggregation.views.rollout import ReadinessBody, RolloutDesk, RolloutView, UnitView

router = APIRouter(prefix="/v1/rollout", tags=["rollout"], route_class=DirectRoute)

READERS = ("ioc_operator", "leader", "administrator", "health_officer", "doctor")
DECLARERS = ("health_officer", "administrator")
Desk = Annotated[RolloutDesk, provided("rollout_desk")]
Reader = Annotated[Actor, Depends(role_required(*READERS))]
Declarer = Annotated[Actor, Depends(role_required(*DECLARERS))]
CommuneCode = Annotated[str, Path(pattern=r"^\d{5}$")]


@router.get("", responses=problems())
async def show_rollout(reader: Reader, desk: Desk) -> RolloutView:
    """Bảng triển khai: score of every unit with what it is made of; silent units have none."""
    return await desk.show(reader)


@router.put("/{code}", responses=problems(UnknownCommune, OutsideYourArea, Invalid))
async def declare_readiness(
    code: CommuneCode, body: ReadinessBody, declarer: Declarer, desk: Desk, cause: IdempotencyCause
) -> UnitView:
    """Đơn vị khai: staff, devices, apps and paper permits of a commune, as of a day."""
    return await desk.declare(code, body, declarer, cause)
