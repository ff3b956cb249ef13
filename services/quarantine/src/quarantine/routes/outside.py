"""What other apps and gateways bring."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request

from common.http.auth import HealthOfficer, role_required
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from quarantine.domain.errors import CaseNotFound
from quarantine.routes.shelf import PersonId
from quarantine.views.outside import Outside, PartnerUnknown
from quarantine.views.outside_bodies import IntakeBody, IntakeView
from quarantine.views.sms import CallbacksView, MessageBody, Messages, MessageUnreadable, ReplyView

Partner = Annotated[Actor, Depends(role_required("partner"))]
TheOutside = Annotated[Outside, provided("outside")]
TheMessages = Annotated[Messages, provided("messages")]
Signature = Annotated[str, Header(description="t=<giờ Unix>,v1=<HMAC-SHA256>")]
DECLARATIONS = "/v1/intake/declarations"

router = APIRouter(tags=["intake"])


@router.post(DECLARATIONS, responses=problems(PartnerUnknown))
async def take_declarations(
    body: IntakeBody, partner: Partner, outside: TheOutside, cause: IdempotencyCause
) -> IntakeView:
    """Nhận tờ khai từ ứng dụng khác: up to 500, each answered alone; sending again changes nothing."""
    return await outside.take(body, partner, cause)


@router.post(
    "/v1/sms",
    responses=problems(MessageUnreadable),
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": MessageBody.model_json_schema()}}}
    },
)
async def take_message(request: Request, messages: TheMessages, x_signature: Signature = "") -> ReplyView:
    """Tin nhắn, cuộc gọi nhỡ từ cổng của nhà mạng: signed; the answer is the text to send back."""
    return await messages.take(await request.body(), x_signature)


@router.get("/v1/callbacks", responses=problems())
async def list_callbacks(officer: HealthOfficer, messages: TheMessages) -> CallbacksView:
    """Cần gọi lại: who rang and hung up, or wrote GOI, the longest waiting first."""
    return await messages.waiting(officer)


@router.post("/v1/callbacks/{person_id}/called", responses=problems(CaseNotFound))
async def note_called(
    person_id: PersonId, officer: HealthOfficer, messages: TheMessages, cause: IdempotencyCause
) -> CallbacksView:
    """Đã gọi lại."""
    return await messages.called(person_id, officer, cause)
