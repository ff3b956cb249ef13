"""Khiếu nại: a holder or employer objects to a decision, and somebody else looks at it again."""

from dataclasses import replace
from datetime import datetime

from permit.domain import authority
from permit.domain.commands import AnswerAppeal, FileAppeal
from permit.domain.errors import AlreadyAppealed, NothingToAppeal, NotInForce
from permit.domain.facts import AppealAnswered, PermitAppealed
from permit.domain.model import (
    Answer,
    Appeal,
    AppealVerdict,
    Ending,
    Holder,
    Outcome,
    Permit,
    Status,
)
from permit.domain.record import HOLDER_HIMSELF
from permit.domain.rules import PermitRules

KEPT = 2
"""Appeals kept with a permit; the record of decisions knows them all."""
_AGAINST = frozenset((Status.REFUSED, Status.SUSPENDED, Status.REVOKED))


def may_be_appealed(permit: Permit, status: Status) -> bool:
    """Tell whether there is something to object to, and no objection waits for an answer."""
    is_against_the_holder = status in _AGAINST or (permit.limits is not None and status is not Status.EXPIRED)
    return is_against_the_holder and permit.open_appeal is None and permit.forgotten_on is None


def filed(
    holder: Holder, permit: Permit, command: FileAppeal, rules: PermitRules, now: datetime
) -> tuple[Permit, PermitAppealed]:
    """Put an objection into the queue of those who did not decide it, with an answer time."""
    authority.may_appeal(command.by, holder.person_id, permit)
    if permit.open_appeal is not None:
        raise AlreadyAppealed("Khiếu nại trước đang chờ trả lời. Hãy chờ kết quả; hạn ghi ở giấy này.")
    if permit.forgotten_on is not None:
        raise NothingToAppeal("Giấy này đã xóa họ tên vì hết thời hạn lưu. Nếu cần đi tiếp, hãy nộp đơn mới.")
    if not may_be_appealed(permit, holder.status_of(permit)):
        raise NothingToAppeal("Giấy này đang dùng được hoặc đang chờ duyệt nên chưa có gì để khiếu nại.")
    is_holder = command.by.person_id == holder.person_id
    appeal = Appeal(
        appeal_id=command.appeal_id,
        text=command.text,
        filed_by=HOLDER_HIMSELF if is_holder else command.by.subject,
        filed_at=now,
        answer_by=now + rules.appeal_answer,
        against=permit.decided_by,
    )
    fact = PermitAppealed(
        permit.permit_id,
        holder.person_id,
        permit.area,
        appeal.appeal_id,
        holder.status_of(permit),
        appeal.answer_by,
    )
    return replace(permit, appeals=(*permit.appeals, appeal)[-KEPT:]), fact


def answered(
    holder: Holder, permit: Permit, command: AnswerAppeal, rules: PermitRules, now: datetime
) -> tuple[Permit, AppealAnswered]:
    """Answer an appeal; overturned, the permit is put back to where the decision had not been made."""
    appeal = permit.open_appeal
    if appeal is None or appeal.appeal_id != command.appeal_id:
        raise NothingToAppeal("Khiếu nại này đã được trả lời. Hãy tải lại danh sách.")
    authority.may_answer(command.by, permit, appeal, rules.issuers)
    reply = Answer(command.verdict, command.sentence, command.by.subject, now)
    appeals = tuple(
        replace(each, answer=reply) if each.appeal_id == appeal.appeal_id else each for each in permit.appeals
    )
    fact = AppealAnswered(
        permit.permit_id,
        holder.person_id,
        permit.area,
        appeal.appeal_id,
        command.verdict,
        now > appeal.answer_by,
    )
    if command.verdict is AppealVerdict.UPHELD:
        return replace(permit, appeals=appeals), fact
    freed = _freed(holder, permit, command.by.subject, now)
    return replace(freed, appeals=appeals, acted_by=command.by.subject, note=""), fact


def _freed(holder: Holder, permit: Permit, by: str, now: datetime) -> Permit:
    """Take back what was decided against a permit; what other services say of its holder stays."""
    if permit.granted.valid_until <= now:
        raise NotInForce("Thời gian của giấy đã qua nên không mở lại được. Hãy bác và hướng dẫn nộp lại.")
    if permit.ruling.outcome is Outcome.REFUSED:
        ruling = replace(permit.ruling, outcome=Outcome.APPROVED, rule="appeal", reason="", by=by)
        return replace(permit, ruling=ruling)
    ending = None if permit.ending is Ending.REVOKED else permit.ending
    if not (permit.holds or permit.limits or permit.ending is Ending.REVOKED) and holder.is_barred:
        raise NotInForce(
            "Giấy này không do cơ quan cấp giấy dừng. Hãy giữ nguyên và hướng dẫn gọi xã, phường nơi ở."
        )
    return replace(
        permit,
        holds=frozenset(),
        ending=ending,
        limits=None,
        terms=permit.granted,
        exempt_from=permit.limits.policy if permit.limits else permit.exempt_from,
    )
