"""What other apps and gateways bring."""

from typing import Annotated

from fastapi import APIRouter, Depends

from common.http.auth import role_required
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from quarantine.views.outside import Outside, PartnerUnknown
from quarantine.views.outside_bodies import IntakeBody, IntakeView

Partner = Annotated[Actor, Depends(role_required("partner"))]
TheOutside = Annotated[Outside, provided("outside")]
DECLARATIONS = "/v1/intake/declarations"

router = APIRouter(tags=["intake"])


@router.post(DECLARATIONS, responses=problems(PartnerUnknown))
async def take_declarations(
    body: IntakeBody, partner: Partner, outside: TheOutside, cause: IdempotencyCause
) -> IntakeView:
    """Nhận tờ khai từ ứng dụng khác: up to 500, each answered alone; sending again changes nothing."""
    return await outside.take(body, partner, cause)
