"""What the gateway for text messages says became of them, and who was called about an alert."""

import re
from datetime import datetime
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from alerting.domain.channels import SMS
from alerting.domain.errors import AlertUnknown, NotForYou
from alerting.domain.handling import may_handle
from alerting.domain.notices import NoteReceipt, Notice
from alerting.domain.rules import Sending
from alerting.ports import Inbox, Lines, Notices
from common.http.bodies import Body
from common.http.problems import SignInProblem
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.kernel.errors import Invalid
from common.kernel.ids import derived_id
from common.signatures import is_signed
from common.work.engine import Work
from common.work.model import Cause

_KEY: Final = rf"^{SMS}\.[0-9a-f-]{{36}}$"


class ReceiptUnreadable(Invalid):
    """The gateway sent something that is no receipt."""

    slug = "receipt-unreadable"
    title = "Biên nhận không đúng dạng đã thỏa thuận. Xem tài liệu cổng tin nhắn."


class ReceiptBody(Body):
    """What became of one message: *key* is the Idempotency-Key with which it was handed in."""

    key: str = Field(max_length=100)
    status: Literal["delivered", "failed"]
    at: AwareDatetime
    id: str = Field(default="", max_length=100)
    reason: str = Field(default="", max_length=40, pattern="^[a-z0-9 -]*$")


class ReceiptView(BaseModel):
    """Whether the receipt was of any message of ours."""

    known: bool


class TriedView(BaseModel):
    """What became of one channel."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    channel: str
    at: datetime
    outcome: str


class NoticeView(BaseModel):
    """One person's call."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    subject: str
    step: int
    state: str
    channel: str
    try_at: datetime | None
    settled_at: datetime | None
    is_substitute: bool
    tries: list[TriedView]


class NoticesView(BaseModel):
    """Everybody who was called about an alert, by rung."""

    items: list[NoticeView]


class LineView(BaseModel):
    """How one channel does."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    channel: str
    is_on: bool = True
    is_dead: bool = False
    failed_in_a_row: int = 0
    tried_at: datetime | None = None
    last_sent_at: datetime | None = None
    fault: str = ""


class LinesView(BaseModel):
    """Every channel of the installation."""

    items: list[LineView]


class Receipts:
    """Takes receipts, and shows calls and channels."""

    def __init__(
        self,
        work: Work[Notice, Sending],
        notices: Notices,
        inbox: Inbox,
        lines: Lines,
        clock: Clock,
        *,
        secret: bytes | None,
        installed: tuple[str, ...],
    ) -> None:
        self._work, self._notices, self._inbox, self._lines = work, notices, inbox, lines
        self._clock, self._secret, self._installed = clock, secret, installed

    async def take(self, raw: bytes, signed: str) -> ReceiptView:
        """Note one receipt; the same one again changes nothing, nor does one of another system's message."""
        if not is_signed(self._secret, raw, signed, self._clock.now().timestamp()):
            raise SignInProblem(
                401, "not-signed", "Chữ ký không đúng", "Hãy ký lại bằng khóa đã trao và giờ hiện tại."
            )
        try:
            body = ReceiptBody.model_validate_json(raw)
        except ValidationError:
            raise ReceiptUnreadable from None
        if not re.fullmatch(_KEY, body.key):
            return ReceiptView(known=False)
        notice_id = body.key.partition(".")[2]
        if await self._work.read(notice_id) is None:
            return ReceiptView(known=False)
        note = NoteReceipt(notice_id, SMS, body.status == "delivered", body.reason)
        await self._work.run(note, Cause(derived_id("receipt", body.key, body.status)))
        return ReceiptView(known=True)

    async def called(self, alert_id: str, actor: Actor) -> NoticesView:
        """Return who was called about an alert, for those who may handle it."""
        found = await self._inbox.find(alert_id)
        if found is None or found.alert is None:
            raise AlertUnknown
        if not may_handle(found, found.alert, actor):
            raise NotForYou
        items = [NoticeView.model_validate(one) for one in await self._notices.of_alert(alert_id)]
        return NoticesView(items=items)

    async def lines(self) -> LinesView:
        """Return how the channels do, also those that were never tried."""
        known = {line.channel: line for line in await self._lines.all()}
        items = [
            LineView.model_validate(known[name]) if name in known else LineView(channel=name)
            for name in self._installed
        ]
        return LinesView(items=items)
