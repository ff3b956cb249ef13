"""
Messages and missed calls of a gateway: signed, minutes old at most, counted once, always answered kindly.

An unknown number is told nothing but where help is: who is in quarantine is nobody's to find out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from common.http.bodies import Body
from common.http.problems import SignInProblem
from common.kernel.areas import Actor
from common.kernel.errors import DomainError, Invalid
from common.kernel.ids import derived_id
from common.mongo.folding import folded
from common.people.accents import plain
from common.people.phones import normal_phone
from common.service import Runtime
from common.signatures import is_signed
from common.work.engine import Work
from common.work.ledger import Ledger
from common.work.model import Cause
from quarantine.domain import sms
from quarantine.domain.callbacks import AskCallback, Callback, NoteCalled
from quarantine.domain.commands import RecordReport
from quarantine.domain.model import Case, DeclaredBy
from quarantine.ports.citizens import Callbacks
from quarantine.views.desk import Desk
from quarantine.views.matching import Finder

SHOWN: Final = 50
HELP: Final = f"Soan: {sms.EXAMPLE}. Nho goi lai: GOI. Cap cuu: 115. Hoi dap: 19009095."
NEUTRAL: Final = "Da nhan tin. Can giup do: goi 19009095. Kho tho, dau nguc: goi 115 ngay."
EMERGENCY: Final = "NGUY HIEM: goi 115 ngay. "


class MessageUnreadable(Invalid):
    """The gateway sent something that is no message."""

    slug = "message-unreadable"
    title = "Tin nhắn không đọc được"


class MessageBody(Body):
    """What the gateway received."""

    message_id: str = Field(pattern=r"^[\x21-\x7e]{4,100}$", description="Mã của cổng, không lặp lại")
    kind: Literal["sms", "missed_call"] = "sms"
    sender: str = Field(max_length=24, description="Số điện thoại gửi")
    text: str = Field(default="", max_length=1000)
    received_at: AwareDatetime = Field(description="Giờ cổng nhận được, có múi giờ")


class ReplyView(BaseModel):
    """What to send back; empty after a missed call."""

    outcome: Literal["recorded", "not-understood", "help", "call-back", "neutral", "refused"]
    reply: str
    receipt: str | None = None


class CallbackView(BaseModel):
    """Somebody who waits for a call."""

    person_id: str
    full_name: str
    phone: str | None
    asked_at: datetime
    times: int


class CallbacksView(BaseModel):
    """Cần gọi lại."""

    items: list[CallbackView]


class Messages:
    """Answers the gateway, and shows officers who waits."""

    def __init__(
        self,
        runtime: Runtime,
        finder: Finder,
        ledger: Ledger[Any, Any],
        *,
        callbacks: Callbacks,
        work: Work[Callback, Any],
        desk: Desk,
        secret: bytes | None,
    ) -> None:
        self._runtime, self._finder, self._ledger = runtime, finder, ledger
        self._callbacks, self._work, self._desk, self._secret = callbacks, work, desk, secret
        codes = {area.code for area in runtime.units.communes()[:1]}
        province = {runtime.units.area_of(code).province_code for code in codes}
        self._gateway = Actor("sms-gateway", frozenset({"partner"}), frozenset(province))

    async def take(self, raw: bytes, signature: str) -> ReplyView:
        """Answer one message; the same message again gets the same receipt."""
        self._require_signature(raw, signature)
        try:
            body = MessageBody.model_validate_json(raw)
        except ValidationError:
            raise MessageUnreadable("Nội dung không đúng dạng đã thỏa thuận. Xem tài liệu SMS.") from None
        said = sms.read(folded(body.text).upper()) if body.kind == "sms" else sms.Said(wants_call=True)
        files = await self._files_of(body.sender, said)
        if not files:
            danger = EMERGENCY if said.is_in_danger else ""
            return ReplyView(outcome="neutral", reply="" if body.kind == "missed_call" else danger + NEUTRAL)
        if said.wants_call:
            return await self._ask_call(body, files[0])
        if said.wants_help:
            return ReplyView(outcome="help", reply=HELP)
        return await self._declare(body, said, files)

    async def waiting(self, by: Actor) -> CallbacksView:
        """Show who waits for a call in the reader's areas."""
        waiting = await self._callbacks.waiting(by.area_codes, limit=SHOWN)
        items = []
        for one in waiting:
            file = await self._desk.show(one.person_id, by, "Gọi lại theo yêu cầu")
            items.append(
                CallbackView(
                    person_id=one.person_id,
                    full_name=file.person.full_name,
                    phone=file.person.phone,
                    asked_at=one.asked_at,
                    times=one.times,
                )
            )
        return CallbacksView(items=items)

    async def called(self, person_id: str, by: Actor, cause: Cause) -> CallbacksView:
        """Note that somebody was called; show who still waits."""
        await self._work.run(NoteCalled(person_id, by), cause)
        return await self.waiting(by)

    async def _files_of(self, sender: str, said: sms.Said) -> Sequence[Case]:
        phone = normal_phone(sender)
        if phone is None:
            return []
        token = self._finder.token(phone)
        names = self._runtime.blind.tokens_of_query(said.name) if said.name else ()
        return (await self._finder.find([token], self._gateway)).of(token, *names)

    async def _ask_call(self, body: MessageBody, case: Case) -> ReplyView:
        if case.person is not None:
            cause = Cause(derived_id("sms", body.message_id))
            await self._work.run(AskCallback(case.person_id, case.person.area), cause)
        silent = body.kind == "missed_call"
        return ReplyView(
            outcome="call-back", reply="" if silent else "Tram y te se goi lai. Cap cuu: goi 115."
        )

    async def _declare(self, body: MessageBody, said: sms.Said, files: Sequence[Case]) -> ReplyView:
        danger = EMERGENCY if said.is_in_danger else ""
        if said.wrong and not said.is_in_danger:
            return ReplyView(
                outcome="not-understood", reply=f"CHUA GHI. {said.wrong[0]} Vi du: {sms.EXAMPLE}"
            )
        if len(files) > 1:
            reply = f"{danger}CHUA GHI. Nhieu nguoi dung so nay. Soan: KB TEN (ten nguoi khai) 36.8 KHOE"
            return ReplyView(outcome="not-understood", reply=reply)
        command = self._report(body, said, files[0])
        try:
            answer = await self._ledger.run(command, Cause(command.report_id))
        except DomainError as refusal:
            return ReplyView(outcome="refused", reply=f"{danger}CHUA GHI. {plain(refusal.detail)}")
        return ReplyView(outcome="recorded", reply=danger + _thanks(said, answer), receipt=answer["receipt"])

    def _report(self, body: MessageBody, said: sms.Said, case: Case) -> RecordReport:
        """A message with a danger sign and something unreadable is recorded for the sign alone."""
        is_clear = not said.wrong
        return RecordReport(
            report_id=derived_id("sms-report", body.message_id),
            person_id=case.person_id,
            by=self._gateway,
            declared_by=DeclaredBy.RELATIVE if said.name else DeclaredBy.SELF,
            reported_at=min(body.received_at.astimezone(UTC), self._runtime.clock.now()),
            temperature_celsius=said.temperature_celsius if is_clear else None,
            spo2_percent=said.spo2_percent if is_clear else None,
            symptoms=said.symptoms,
            channel="sms",
        )

    def _require_signature(self, raw: bytes, signature: str) -> None:
        """Refuse what is not signed, or was signed more than five minutes ago."""
        if not is_signed(self._secret, raw, signature, datetime.now(UTC).timestamp()):
            raise _unsigned()


def _unsigned() -> SignInProblem:
    return SignInProblem(
        401, "not-signed", "Chữ ký không đúng", "Hãy ký lại bằng khóa đã trao và giờ hiện tại rồi gửi lại."
    )


def _thanks(said: sms.Said, answer: dict[str, Any]) -> str:
    parts = [
        f"nhiet do {said.temperature_celsius:g}" if said.temperature_celsius and not said.wrong else "",
        f"SpO2 {said.spo2_percent}" if said.spo2_percent and not said.wrong else "",
        f"{len(said.symptoms)} trieu chung" if said.symptoms else "khong trieu chung",
    ]
    late = " (muon)" if answer["is_late"] else ""
    return f"Da ghi{late}: {', '.join(part for part in parts if part)}. Ma {answer['receipt']}."
