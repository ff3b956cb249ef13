"""Changes of directives and policies: seen before, and how far they are."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from common.http.direct import DirectRoute
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from permit.domain import errors
from permit.domain.rules import Directive
from permit.routes.shelf import Planner, TheForeseer
from permit.views import changes

router = APIRouter(prefix="/v1", tags=["directives"], route_class=DirectRoute)
Asked = Annotated[str, Query(pattern=r"^(\d{2}|\d{3}|\d{5})$")]


@router.get("/permit-changes", responses=problems(errors.UnknownArea, errors.InvalidPeriod, OutsideYourArea))
async def preview_change(
    by: Planner,
    foreseer: TheForeseer,
    area_code: Asked = "19",
    directive: Directive | None = None,
    effective_at: AwareDatetime | None = None,
) -> changes.PreviewView:
    """Xem trước: giấy nào đổi, đổi gì, từ lúc nào; không chỉ thị: theo quy định của ngày đó."""
    return await foreseer.preview(foreseer.question(area_code, directive, effective_at, by))


@router.get("/permit-changes/rollouts", responses=problems())
async def list_rollouts(_by: Planner, foreseer: TheForeseer) -> changes.RolloutsView:
    """Các thay đổi đã hẹn, đang áp dụng, đã xong."""
    return await foreseer.rollouts()
