"""What officers and applicants make of a queued application: ask, answer, sign, take back, put into force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from permit.domain import authority
from permit.domain.commands import AskApplicant, OnQueued, ReplyToQuestion, SettleQueued, WithdrawDecision
from permit.domain.errors import AlreadyAsked, InvalidPeriod, NothingAsked, NotInQueue, TooLateToWithdraw
from permit.domain.facts import ApplicantAnswered, ApplicantAsked, Why
from permit.domain.model import Holder, Outcome, Permit, Status
from permit.domain.record import HOLDER_HIMSELF, Act
from permit.domain.review import Question, Settlement, Signature
from permit.domain.rules import PermitRules

TIMER = "settle:"
Reviewed = tuple[Permit, Act, tuple[ApplicantAsked | ApplicantAnswered, ...]]


def waiting(holder: Holder) -> Iterator[Permit]:
    """Yield what an officer has to decide now."""
    return (permit for permit in _queued(holder) if permit.review.is_waiting)


def asked(holder: Holder) -> Iterator[Permit]:
    """Yield what waits for an answer of the applicant."""
    return (permit for permit in _queued(holder) if permit.review.question and not permit.review.settlement)


def due_at(permit: Permit) -> datetime:
    """Return when a queued application is due; the time stood still while the applicant was asked."""
    return (permit.ruling.answer_by or permit.applied_at) + permit.review.paused


def reviewed(
    holder: Holder, permit: Permit, command: OnQueued, rules: PermitRules, now: datetime
) -> Reviewed:
    """Do one step of the review; raises what the caller's rights or the state of the application refuse."""
    if isinstance(command, ReplyToQuestion):
        authority.may_reply(command.by, holder.person_id, permit)
    else:
        authority.may_settle(command.by, permit, rules.issuers)
    if holder.status_of(permit) is not Status.QUEUED:
        raise NotInQueue("Hồ sơ đã được giải quyết hoặc đã hết hạn. Hãy tải lại danh sách.")
    done = Act(Why.OFFICER, command.by.subject)
    match command:
        case AskApplicant():
            return _ask(holder, permit, command, now)
        case ReplyToQuestion():
            return _reply(holder, permit, command, now)
        case SettleQueued():
            return _settle(permit, command, rules, now), replace(done, note=command.note), ()
        case WithdrawDecision():
            return _withdraw(permit, command, now), done, ()
    raise TypeError(f"no step {type(command).__name__}")


def in_force(permit: Permit) -> tuple[Permit, Act]:
    """Let the decision count that nobody took back."""
    settlement = permit.review.settlement
    if settlement is None:
        raise AssertionError("a decision waits for its time")
    outcome = Outcome.APPROVED if settlement.is_approval else Outcome.REFUSED
    by, reason = settlement.by, settlement.reason
    ruling = replace(permit.ruling, outcome=outcome, rule="officer", reason=reason, by=by)
    review = replace(permit.review, settlement=None)
    after = replace(permit, ruling=ruling, review=review, note=settlement.note, acted_by=by)
    return after, Act(Why.OFFICER, by, settlement.note)


def _queued(holder: Holder) -> Iterator[Permit]:
    return (permit for permit in holder.permits if holder.status_of(permit) is Status.QUEUED)


def _ask(holder: Holder, permit: Permit, command: AskApplicant, now: datetime) -> Reviewed:
    _require_undecided(permit)
    if permit.review.question is not None:
        raise AlreadyAsked("Người xin chưa trả lời câu hỏi trước. Hãy chờ, hoặc quyết định luôn.")
    question = Question(command.question_id, command.text, command.by.subject, now)
    fact = ApplicantAsked(permit.permit_id, holder.person_id, permit.area, question.question_id)
    after = replace(permit, review=permit.review.asked(question))
    return after, Act(Why.OFFICER, command.by.subject, command.text), (fact,)


def _reply(holder: Holder, permit: Permit, command: ReplyToQuestion, now: datetime) -> Reviewed:
    question = permit.review.question
    if question is None or question.question_id != command.question_id:
        raise NothingAsked("Câu hỏi này đã được trả lời. Hãy tải lại trang.")
    by = HOLDER_HIMSELF if command.by.person_id == holder.person_id else command.by.subject
    after = replace(permit, review=permit.review.replied(command.text, by, now))
    fact = ApplicantAnswered(
        permit.permit_id, holder.person_id, permit.area, question.question_id, due_at(after)
    )
    return after, Act(Why.HOLDER, by, command.text), (fact,)


def _settle(permit: Permit, command: SettleQueued, rules: PermitRules, now: datetime) -> Permit:
    """Sign; the last signature that is needed decides. One is enough to refuse."""
    _require_undecided(permit)
    is_approval, review = command.outcome is Outcome.APPROVED, permit.review
    if is_approval and permit.terms.valid_until <= now:
        raise InvalidPeriod("Thời gian xin đi đã qua. Hãy từ chối và nhờ người xin nộp lại.")
    if is_approval:
        authority.may_sign(command.by, permit)
    if is_approval and permit.ruling.signatures > 1 and review.first is None:
        return replace(permit, review=replace(review, first=Signature(command.by.subject, now)))
    settlement = Settlement(is_approval, command.reason, command.note, command.by.subject, now + rules.undo)
    decided = replace(permit, review=replace(review, settlement=settlement))
    return decided if rules.undo else in_force(decided)[0]


def _withdraw(permit: Permit, command: WithdrawDecision, now: datetime) -> Permit:
    """Take back one's own decision in time, or one's own signature while no second one is under it."""
    review, who = permit.review, command.by.subject
    if (settlement := review.settlement) is not None:
        if settlement.by != who or now >= settlement.counts_at:
            raise TooLateToWithdraw(
                "Quyết định đã có hiệu lực hoặc do người khác ký. Cần sửa: tạm dừng hoặc thu hồi giấy."
            )
        return replace(permit, review=replace(review, settlement=None))
    if review.first is None or review.first.by != who:
        raise TooLateToWithdraw("Không có quyết định nào của bạn để hoàn tác. Hãy tải lại danh sách.")
    return replace(permit, review=replace(review, first=None))


def _require_undecided(permit: Permit) -> None:
    if permit.review.settlement is not None:
        raise NotInQueue("Hồ sơ vừa được quyết định. Hãy tải lại danh sách.")
