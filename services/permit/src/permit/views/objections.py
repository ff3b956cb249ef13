"""What waits for an officer, why a decision was made, and objections to it."""

from datetime import datetime
from typing import Any, Final

from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM, local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.model import Cause
from permit.domain import authority
from permit.domain.appeals import may_be_appealed
from permit.domain.commands import AnswerAppeal, FileAppeal
from permit.domain.issuers import highest_level
from permit.domain.model import MACHINE, Appeal, AppealVerdict, Holder, Permit, Status
from permit.domain.record import HOLDER_HIMSELF
from permit.domain.reviewing import due_at
from permit.ports import Holders, Queue, Record, Search, Tally
from permit.rulebook import Rulebook
from permit.views import cases
from permit.views.checks import looked_at
from permit.views.desk import Desk, decision_of, message_of
from permit.views.intake import NOTE
from permit.views.queues import deadline_of, waiting_in

APPEAL: Final = "permit-appeal"
"""Data class of what somebody wrote in an appeal, and of the answer."""


class Objections:
    """Shows what waits and why, and turns objections and answers into commands."""

    def __init__(
        self, runtime: Runtime, holders: Holders, record: Record, desk: Desk, rulebook: Rulebook
    ) -> None:
        self._runtime = runtime
        self._holders = holders
        self._record = record
        self._desk = desk
        self._rulebook = rulebook

    async def to_appeal(self, permit_id: str, body: cases.AppealBody, by: Actor, cause: Cause) -> FileAppeal:
        """Seal the text; `PermitNotFound` for a permit that the caller may not see."""
        holder, _ = await self._desk.readable(permit_id, by)
        text = self._seal(holder.person_id, body.text)
        return FileAppeal(
            holder.person_id, permit_id, by, appeal_id=derived_id("appeal", cause.id), text=text
        )

    async def to_answer(
        self, permit_id: str, appeal_id: str, body: cases.AnswerBody, by: Actor
    ) -> AnswerAppeal:
        """Seal the sentence; `PermitNotFound` for a permit that the caller may not see."""
        holder, _ = await self._desk.readable(permit_id, by)
        verdict, sentence = AppealVerdict(body.verdict), self._seal(holder.person_id, body.reason)
        return AnswerAppeal(
            holder.person_id, permit_id, by, appeal_id=appeal_id, verdict=verdict, sentence=sentence
        )

    async def waiting(self, what: Queue, page: PageQuery, by: Actor) -> Page[cases.WaitingView]:
        """Show what waits for the officer's office, or for the applicant, the nearest deadline first."""
        given = page.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        search, key = self._mine(what, by), deadline_of(what)
        holders = await self._holders.waiting(search, what, limit=page.limit + 1, after=after)
        shown, cursor = page_of(holders, page.limit, lambda holder: (key(holder), holder.person_id))
        people = [holder.person_id for holder in shown]
        await self._runtime.access_log.note(by, people, _PURPOSES[what])
        items = [await self._line(holder, permit, what, by) for holder, permit in waiting_in(shown, what, by)]
        return Page(items=items, next=cursor)

    async def today(self, by: Actor) -> cases.TodayView:
        """Count what waits and what was decided since local midnight; no file is opened."""
        now = self._runtime.clock.now()
        since = datetime.combine(local_day(now), datetime.min.time(), VIETNAM)
        queue = await self._holders.tally(self._mine(Queue.APPLICATIONS, by), Queue.APPLICATIONS, now)
        appeals = await self._holders.tally(self._mine(Queue.APPEALS, by), Queue.APPEALS, now)
        asked = await self._holders.tally(self._mine(Queue.ASKED, by), Queue.ASKED, now)
        decided = await self._record.tally(by.area_codes, since)

        def made(act: str, who: str) -> int:
            return sum(n for (each, _, by_whom), n in decided.items() if (each, by_whom) == (act, who))

        return cases.TodayView(
            since=since,
            queue=_tally(queue),
            asked=asked.waiting,
            appeals=_tally(appeals),
            approved=made("approved", MACHINE),
            refused=made("refused", MACHINE),
            queued=made("queued", MACHINE),
            settled=made("approved", "person") + made("refused", "person"),
            refused_by=[
                cases.RefusedView(rule=rule, title=self._rule_title(rule), permits=n)
                for (act, rule, who), n in decided.most_common()
                if (act, who) == ("refused", MACHINE)
            ],
            server_now=now,
        )

    async def why(self, permit_id: str, by: Actor) -> cases.WhyView:
        """Say why a permit stands as it does, by which document and rule, and what can be done."""
        holder, permit = await self._desk.readable(permit_id, by)
        await self._runtime.access_log.note(by, [holder.person_id], "Xem lý do quyết định")
        status, file = holder.status_of(permit), self._rulebook.file(permit.ruling.policy)
        decision, rules = decision_of(permit, status), self._rulebook.rules(self._runtime.clock)
        can_appeal = may_be_appealed(permit, status)
        return cases.WhyView(
            permit_id=permit_id,
            status=status,
            message=message_of(holder, permit),
            decision=decision,
            decides=self._decides(permit),
            document=file.document if file else "",
            document_title=file.title if file else "",
            effective_from=file.effective_from if file else None,
            confidence=file.confidence if file else "",
            officer_reason=self._note(holder, permit),
            limited_by=permit.limits.policy if permit.limits else "",
            next_step=self._next_step(permit, status, can_appeal=can_appeal),
            can_appeal=can_appeal,
            appeal_answer_hours=int(rules.appeal_answer.total_seconds()) // 3600,
            appeals=[self.appeal_view(holder, permit, appeal) for appeal in permit.appeals],
            record=[_entry(entry) for entry in await self._record.of_permit(permit_id)],
        )

    def appeal_view(self, holder: Holder, permit: Permit, appeal: Appeal) -> cases.AppealView:
        """Open one appeal."""
        answer, now = appeal.answer, self._runtime.clock.now()
        by = "employer" if appeal.filed_by == permit.applied_by else "officer"
        return cases.AppealView(
            appeal_id=appeal.appeal_id,
            permit_id=permit.permit_id,
            text=self._open(holder, appeal.text, APPEAL),
            filed_at=appeal.filed_at,
            filed_by=HOLDER_HIMSELF if appeal.filed_by == HOLDER_HIMSELF else by,
            answer_by=appeal.answer_by,
            is_overdue=answer is None and now > appeal.answer_by,
            against=MACHINE if appeal.against == MACHINE else "officer",
            verdict=answer.verdict if answer else None,
            sentence=self._open(holder, answer.sentence, APPEAL) if answer else "",
            answered_at=answer.at if answer else None,
        )

    async def _line(self, holder: Holder, permit: Permit, what: Queue, by: Actor) -> cases.WaitingView:
        view, appeal = await self._desk.view(holder, permit), permit.open_appeal
        is_appeal = what is Queue.APPEALS and appeal is not None
        due = appeal.answer_by if is_appeal and appeal else due_at(permit)
        first = permit.review.first if authority.OFFICER in by.roles else None
        return cases.WaitingView(
            **view.model_dump(),
            due_at=due,
            is_overdue=self._runtime.clock.now() > due,
            can_decide=self._can_decide(permit, appeal if is_appeal else None, by),
            decides=self._decides(permit),
            signed_at=first.at if first else None,
            has_signed=first is not None and first.by == by.subject,
            signatures=permit.ruling.signatures,
            **looked_at(holder, permit, self._rulebook),
            appeal=self.appeal_view(holder, permit, appeal) if is_appeal and appeal else None,
        )

    def _can_decide(self, permit: Permit, appeal: Appeal | None, by: Actor) -> bool:
        issuers = self._rulebook.rules(self._runtime.clock).issuers
        try:
            if appeal is not None:
                authority.may_answer(by, permit, appeal, issuers)
            else:
                authority.may_settle(by, permit, issuers)
                authority.may_sign(by, permit)
        except authority.REFUSALS:
            return False
        return True

    def _mine(self, what: Queue, by: Actor) -> Search:
        """Bound a queue to what the caller may see; appeals by all who may have to answer."""
        if authority.OFFICER not in by.roles:
            return self._desk.search(by, person_id=None, status=None, q="")
        if what is Queue.APPEALS:
            return Search(area_codes=by.area_codes)
        issuers = self._rulebook.rules(self._runtime.clock).issuers
        level = highest_level(by)
        admitted = [code for code, issuer in issuers.items() if level and issuer.admits_at(by, level)]
        return Search(area_codes=by.area_codes, issuers=[*admitted, ""])

    def _decides(self, permit: Permit) -> str:
        issuer = self._rulebook.rules(self._runtime.clock).issuers.get(permit.ruling.issuer)
        return issuer.title if issuer else ""

    def _next_step(self, permit: Permit, status: Status, *, can_appeal: bool) -> str:
        if status is Status.QUEUED and permit.review.question:
            return f"Trả lời câu hỏi của {self._decides(permit)} ngay ở giấy này, hồ sơ sẽ được xét tiếp."
        if status is Status.QUEUED:
            return f"Chờ {self._decides(permit)} quyết định; hạn ghi ở trên. Gấp: gọi xã, phường nơi ở."
        if can_appeal:
            return f"Không đồng ý: gửi khiếu nại ngay tại đây, người khác sẽ xem lại. {_EMERGENCY}"
        if permit.open_appeal is not None:
            return f"Khiếu nại đang chờ trả lời. {_EMERGENCY}"
        return "Giấy đang dùng được." if status is Status.ISSUED else "Cần đi tiếp: nộp đơn mới."

    def _rule_title(self, rule: str) -> str:
        kind, _, code = rule.partition(":")
        entry = self._rulebook.numbers.get(code)
        return f"{_RULES.get(kind, rule)}: {entry.title}" if entry else _RULES.get(kind, rule)

    def _note(self, holder: Holder, permit: Permit) -> str:
        return self._open(holder, permit.note, NOTE)

    def _open(self, holder: Holder, sealed: str, data_class: str) -> str:
        if not sealed:
            return ""
        return str(
            self._runtime.vault.open(sealed, data_class=data_class, person_id=holder.person_id)["note"]
        )

    def _seal(self, person_id: str, words: str) -> str:
        return self._runtime.vault.seal({"note": words}, data_class=APPEAL, person_id=person_id)


_PURPOSES: Final = {
    Queue.APPLICATIONS: "Hàng chờ duyệt giấy đi đường",
    Queue.APPEALS: "Khiếu nại về giấy đi đường",
    Queue.ASKED: "Hồ sơ giấy đi đường đang hỏi thêm",
}
_EMERGENCY: Final = "Cấp cứu, sinh nở: đi ngay, không cần giấy."
_RULES: Final = {"category": "Nhóm không được đi", "hours": "Ngoài giờ cho phép"}


def _tally(found: Tally) -> cases.TallyView:
    return cases.TallyView(waiting=found.waiting, overdue=found.overdue)


def _entry(entry: Any) -> cases.EntryView:
    body, by = entry.body, entry.body["by"]
    return cases.EntryView(
        position=entry.position,
        recorded_at=entry.recorded_at,
        act=body["act"],
        by=by if by in (MACHINE, HOLDER_HIMSELF) else "officer",
        policy=body.get("policy", ""),
        rule=body.get("rule", ""),
        to_status=body.get("to_status", ""),
    )
