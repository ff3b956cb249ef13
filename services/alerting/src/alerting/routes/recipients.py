"""HTTP: how people want to be called, who was called, how the channels do, and receipts of the gateway."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from alerting.domain.errors import (
    AlertUnknown,
    ChannelOff,
    NobodyThere,
    NotAnAddress,
    NotForYou,
    NotTried,
    TooManyDevices,
)
from alerting.routes import Watcher
from alerting.views.receipts import (
    LinesView,
    NoticesView,
    ReceiptBody,
    Receipts,
    ReceiptUnreadable,
    ReceiptView,
)
from alerting.views.recipient_bodies import (
    DeviceBody,
    PreferencesBody,
    PreferencesView,
    TrialBody,
    TrialView,
)
from alerting.views.recipients import Registry
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.people.phones import NotAPhone
from common.web.pages import worker_script

TheRegistry = Annotated[Registry, provided("registry")]
TheReceipts = Annotated[Receipts, provided("receipts")]
TheWorker = Annotated[str, provided("service_worker")]
Signature = Annotated[str, Header(description="t=<giờ Unix>,v1=<HMAC-SHA256>")]
RECEIPTS = "/v1/sms-receipts"

router = APIRouter(tags=["recipients"])


@router.get("/v1/recipients/me", responses=problems())
async def read_preferences(actor: Watcher, registry: TheRegistry) -> PreferencesView:
    """Cách tôi được gọi."""
    return await registry.shown(actor)


@router.put("/v1/recipients/me", responses=problems(NotAnAddress, NotAPhone))
async def save_preferences(
    body: PreferencesBody, actor: Watcher, cause: IdempotencyCause, registry: TheRegistry
) -> PreferencesView:
    """Ghi lại cách tôi được gọi: channels in the order in which they are tried, and quiet hours."""
    return await registry.save(actor, body, cause)


@router.post("/v1/recipients/me/presence", responses=problems())
async def note_presence(actor: Watcher, cause: IdempotencyCause, registry: TheRegistry) -> PreferencesView:
    """Tôi vẫn trực: pages say so when they open; roles and areas are those of the token."""
    return await registry.greet(actor, cause)


@router.post(
    "/v1/recipients/me/devices",
    responses=problems(ChannelOff, NotAnAddress, TooManyDevices),
)
async def add_device(
    body: DeviceBody, actor: Watcher, cause: IdempotencyCause, registry: TheRegistry
) -> PreferencesView:
    """Bật thông báo trên máy này: register a browser for web push."""
    return await registry.add_device(actor, body, cause)


@router.delete("/v1/recipients/me/devices/{device_id}", responses=problems(NobodyThere))
async def remove_device(
    device_id: str, actor: Watcher, cause: IdempotencyCause, registry: TheRegistry
) -> PreferencesView:
    """Tắt thông báo trên một máy."""
    return await registry.remove_device(actor, device_id, cause)


@router.post("/v1/recipients/me/trials", responses=problems(NobodyThere, ChannelOff, NotTried))
async def try_channel(body: TrialBody, actor: Watcher, registry: TheRegistry) -> TrialView:
    """Gửi thử: a message that only shows that the channel works; one a minute at most."""
    return await registry.trial(actor, body.channel)


@router.get("/v1/alerts/{alert_id}/notices", responses=problems(AlertUnknown, NotForYou))
async def list_notices(alert_id: str, actor: Watcher, receipts: TheReceipts) -> NoticesView:
    """Đã gọi ai: everybody who was called about an alert, over which channel, and whether it arrived."""
    return await receipts.called(alert_id, actor)


@router.get("/v1/channels", responses=problems())
async def list_channels(_actor: Watcher, receipts: TheReceipts) -> LinesView:
    """Kênh gửi: which there are, and which can be relied on now."""
    return await receipts.lines()


@router.post(
    RECEIPTS,
    responses=problems(ReceiptUnreadable),
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": ReceiptBody.model_json_schema()}}}
    },
)
async def take_receipt(request: Request, receipts: TheReceipts, x_signature: Signature = "") -> ReceiptView:
    """Biên nhận của cổng tin nhắn: signed; the same again changes nothing (docs/sms-gateway.md)."""
    return await receipts.take(await request.body(), x_signature)


@router.get("/alert-worker.js", include_in_schema=False)
async def read_service_worker(worker: TheWorker) -> Response:
    """What shows push messages; at the root, so that its scope covers the inbox."""
    return worker_script(worker)
