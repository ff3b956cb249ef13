"""What becomes of a person's own declaration: taken, confirmed, refused, taken back, gone up."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.decision import Decision, Timer, TimerFired
from common.kernel.errors import Invalid
from common.kernel.forgetting import Forget
from f0_monitoring.domain import retention
from f0_monitoring.domain.errors import (
    AlreadyDeclared,
    AlreadySettled,
    AlreadyWaiting,
    NoSuchDeclaration,
    TooManyWaiting,
)
from f0_monitoring.domain.facts import SelfDeclarationOverdue, SelfDeclarationSettled
from f0_monitoring.domain.self_declared import (
    UNANSWERED,
    AnswerDeclaration,
    DeclareOneself,
    Patience,
    PatienceRules,
    Reach,
    SelfDeclaration,
    Status,
    WithdrawDeclaration,
)


def decide(
    state: SelfDeclaration | None, command: Any, rules: PatienceRules, now: datetime
) -> Decision[SelfDeclaration]:
    """Decide one command on one register."""
    match command:
        case DeclareOneself():
            return _declared(state, command, rules.on(local_day(now)), now)
        case AnswerDeclaration():
            return _answered(_known(state), command, now)
        case Forget():
            return retention.self_declaration(state, command)
        case WithdrawDeclaration():
            return _withdrawn(_known(state), command, now)
        case TimerFired():
            return _gone_up(_known(state), rules.on(local_day(now)))
    raise TypeError(f"no decision for {type(command).__name__}")


def _known(state: SelfDeclaration | None) -> SelfDeclaration:
    if state is None:
        raise NoSuchDeclaration("Không có tờ tự khai này trong phạm vi của bạn.")
    return state


def _declared(
    state: SelfDeclaration | None, command: DeclareOneself, patience: Patience, now: datetime
) -> Decision[SelfDeclaration]:
    _refuse(state, command, patience, local_day(now))
    fresh = SelfDeclaration(
        person_id=command.person_id,
        declaration_id=command.declaration_id,
        area=command.area,
        declarant_id=command.by.person_id or "",
        is_for_self=command.by.person_id == command.person_id,
        assay=command.assay,
        tested_on=command.tested_on,
        declared_at=now,
        status=Status.WAITING,
        sealed=command.sealed,
        photo=command.photo,
    )
    timers = (Timer(UNANSWERED, now + patience.station),)
    return Decision(fresh, timers=timers, answer={"person_id": command.person_id})


def _refuse(state: SelfDeclaration | None, command: DeclareOneself, patience: Patience, today: date) -> None:
    if command.is_known:
        raise AlreadyDeclared("Trạm y tế đang theo dõi người này. Hãy khai báo sức khỏe hằng ngày.")
    if state is not None and state.status is Status.WAITING:
        raise AlreadyWaiting("Tờ khai về người này đã gửi và đang chờ trạm y tế. Không cần gửi lại.")
    if state is not None and _is_being_opened(state, command.last_step_at):
        raise AlreadyWaiting("Trạm y tế đã xác nhận, hồ sơ đang được mở. Hãy mở lại trang sau ít phút.")
    if command.waiting >= patience.most_waiting:
        raise TooManyWaiting(
            f"Bạn đang có {command.waiting} tờ khai chờ trạm y tế. Hãy gọi trạm y tế nếu cả nhà cùng mắc."
        )
    if command.tested_on > today:
        raise Invalid("Ngày xét nghiệm ở tương lai. Hãy xem lại.", field="tested_on")
    if command.tested_on < today - timedelta(days=patience.oldest_test_days):
        raise Invalid(
            f"Kết quả đã quá {patience.oldest_test_days} ngày. Nếu còn triệu chứng, hãy gọi trạm y tế.",
            field="tested_on",
        )


def _is_being_opened(state: SelfDeclaration, last_step_at: datetime | None) -> bool:
    """Tell whether the record of a confirmed form is still to be opened: the form must not be replaced."""
    if state.status is not Status.CONFIRMED or state.settled_at is None:
        return False
    return last_step_at is None or last_step_at < state.settled_at


def _answered(state: SelfDeclaration, command: AnswerDeclaration, now: datetime) -> Decision[SelfDeclaration]:
    if not command.by.covers(state.area) or state.declaration_id != command.declaration_id:
        raise NoSuchDeclaration("Tờ tự khai này không còn, hoặc ngoài địa bàn. Hãy tải lại danh sách.")
    wanted = Status.CONFIRMED if command.is_confirmed else Status.REFUSED
    if state.status is wanted:
        return Decision(state, answer={"status": wanted.value})
    _require_waiting(state)
    return _settled(state, wanted, command.by, command.note, now)


def _withdrawn(
    state: SelfDeclaration, command: WithdrawDeclaration, now: datetime
) -> Decision[SelfDeclaration]:
    if command.by.person_id not in (state.declarant_id, state.person_id):
        raise NoSuchDeclaration("Không có tờ tự khai này của bạn.")
    _require_waiting(state)
    return _settled(state, Status.WITHDRAWN, command.by, "", now)


def _require_waiting(state: SelfDeclaration) -> None:
    words = {
        Status.CONFIRMED: "đã được trạm y tế xác nhận",
        Status.REFUSED: "đã bị từ chối",
        Status.WITHDRAWN: "đã được người khai rút lại",
    }
    if state.status is not Status.WAITING:
        raise AlreadySettled(f"Tờ khai này {words[state.status]}.")


def _settled(
    state: SelfDeclaration, status: Status, by: Actor, note: str, now: datetime
) -> Decision[SelfDeclaration]:
    after = replace(state, status=status, settled_at=now, settled_by=by.subject, note=note)
    fact = SelfDeclarationSettled(state.person_id, state.area, state.declaration_id, status.value, now)
    return Decision(after, (fact,), timers=(), answer={"status": status.value})


def _gone_up(state: SelfDeclaration, patience: Patience) -> Decision[SelfDeclaration]:
    """Nobody answered in time: the next unit up must look, and the people there are told."""
    if state.status is not Status.WAITING or state.reach is Reach.PROVINCE:
        return Decision(state, timers=())
    is_first = state.reach is Reach.STATION
    after = replace(state, reach=Reach.DISTRICT if is_first else Reach.PROVINCE)
    timers = (Timer(UNANSWERED, state.declared_at + patience.district),) if is_first else ()
    fact = SelfDeclarationOverdue(
        state.person_id, state.area, state.declaration_id, state.declared_at, after.reach.value
    )
    return Decision(after, (fact,), timers=timers)
