"""Review of queued applications: questions and answers become commands; an officer sees what a step did."""

from datetime import datetime

from pydantic import Field

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.model import Cause
from permit.domain.commands import AskApplicant, ReplyToQuestion, WithdrawDecision
from permit.views import answers, cases
from permit.views.desk import QUESTION, Desk


class QuestionBody(Body):
    """Hỏi thêm; the applicant reads exactly this."""

    text: cases.Sentence


class ReplyBody(Body):
    """Trả lời câu hỏi của cán bộ."""

    text: str = Field(min_length=2, max_length=600)


class ReviewedView(answers.PermitView):
    """What an officer's step made of an application; a decision counts from `counts_at` on."""

    counts_at: datetime | None = Field(description="Đến lúc này còn hoàn tác được; sau đó mới có hiệu lực")
    signatures_missing: int = Field(description="Còn thiếu mấy chữ ký để duyệt")


class ReviewDesk:
    """Turns what officers and applicants send about a queued application into commands, and shows it."""

    def __init__(self, runtime: Runtime, desk: Desk) -> None:
        self._runtime = runtime
        self._desk = desk

    async def to_ask(self, permit_id: str, body: QuestionBody, by: Actor, cause: Cause) -> AskApplicant:
        """Seal the question; `PermitNotFound` for a permit that the caller may not see."""
        holder, _ = await self._desk.readable(permit_id, by)
        text = self._seal(holder.person_id, body.text)
        return AskApplicant(
            holder.person_id, permit_id, by, question_id=derived_id("question", cause.id), text=text
        )

    async def to_reply(self, permit_id: str, question_id: str, body: ReplyBody, by: Actor) -> ReplyToQuestion:
        """Seal the answer; `PermitNotFound` for a permit that the caller may not see."""
        holder, _ = await self._desk.readable(permit_id, by)
        text = self._seal(holder.person_id, body.text)
        return ReplyToQuestion(holder.person_id, permit_id, by, question_id=question_id, text=text)

    async def to_withdraw(self, permit_id: str, by: Actor) -> WithdrawDecision:
        """Take a decision back; `PermitNotFound` for a permit that the caller may not see."""
        holder, _ = await self._desk.readable(permit_id, by)
        return WithdrawDecision(holder.person_id, permit_id, by)

    async def show(self, permit_id: str, by: Actor, purpose: str) -> ReviewedView:
        """Show an officer what a step did."""
        holder, permit = await self._desk.readable(permit_id, by)
        await self._runtime.access_log.note(by, [holder.person_id], purpose)
        view, review = await self._desk.view(holder, permit), permit.review
        settlement = review.settlement
        is_signed = settlement is not None or not view.decision.answer_by
        signed = permit.ruling.signatures if is_signed else int(review.first is not None)
        return ReviewedView(
            **view.model_dump(),
            counts_at=settlement.counts_at if settlement else None,
            signatures_missing=permit.ruling.signatures - signed,
        )

    def _seal(self, person_id: str, words: str) -> str:
        return self._runtime.vault.seal({"note": words}, data_class=QUESTION, person_id=person_id)
