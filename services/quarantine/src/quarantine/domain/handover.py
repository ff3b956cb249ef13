"""
Chuyển giao giữa hai xã: asked for, then accepted, rejected or withdrawn.

Until the taker has accepted, nothing changes: the giver stays responsible, and nobody is ever between two
communes.
"""

from dataclasses import replace
from datetime import datetime

from common.kernel.areas import Area
from quarantine.domain.acts import (
    AcceptHandover,
    AskHandover,
    QuarantineHandedOver,
    QuarantineTakenOver,
    RefuseHandover,
)
from quarantine.domain.errors import (
    CaseNotFound,
    HandoverAnswered,
    HandoverPending,
    HandoverSenseless,
    NotInQuarantine,
)
from quarantine.domain.model import Case, Person, Stay
from quarantine.domain.orders import open_stay
from quarantine.domain.registers import Handover, HandoverState
from quarantine.domain.standing import is_open

Handed = tuple[QuarantineHandedOver | QuarantineTakenOver, ...]


def pending(case: Case | None) -> Handover | None:
    """Return the handover of an open stay that waits for an answer."""
    stay = case.stay if case and is_open(case) else None
    asked = stay.handover if stay else None
    return asked if asked and asked.state is HandoverState.PENDING else None


def ask(case: Case | None, command: AskHandover, now: datetime) -> Case:
    """Offer somebody to another commune; refuses the same one and a second offer."""
    found, person, stay = open_stay(case, command.by)
    if command.taker == person.area:
        raise HandoverSenseless(
            "Người này đang do chính xã đó quản lý. Hãy chọn xã khác.", field="to_commune_code"
        )
    waiting = pending(found)
    if waiting and waiting.handover_id == command.handover_id:
        return found
    if waiting:
        raise HandoverPending(
            "Đã có một đề nghị chuyển giao đang chờ trả lời. Hãy rút đề nghị đó trước khi gửi đề nghị khác."
        )
    asked = Handover(
        command.handover_id,
        person.area,
        command.taker,
        now,
        command.by.subject,
        command.sealed,
        command.with_household,
    )
    return replace(found, stay=replace(stay, handover=asked))


def accept(case: Case | None, command: AcceptHandover, now: datetime) -> tuple[Case, Handed]:
    """Take somebody over: the file's area moves, and facts tell both communes' figures."""
    found, person, stay, asked = _waiting(case, command.handover_id)
    command.by.require(asked.taker)
    answered = replace(asked, state=HandoverState.ACCEPTED, answered_at=now, answered_by=command.by.subject)
    moved = replace(person, area=asked.taker, sealed=command.sealed, household_id=command.household_id)
    after = replace(found, person=moved, stay=replace(stay, handover=answered))
    return after, _told(found.person_id, stay, asked.giver, asked.taker, now)


def _told(person_id: str, stay: Stay, giver: Area, taker: Area, now: datetime) -> Handed:
    return (
        QuarantineHandedOver(person_id, giver, stay.category, stay.place, taker, now),
        QuarantineTakenOver(person_id, taker, stay.category, stay.place, giver, now),
    )


def refuse(case: Case | None, command: RefuseHandover, now: datetime) -> Case:
    """Reject (the taker) or withdraw (the giver); the stay goes on as before."""
    found, _person, stay, asked = _waiting(case, command.handover_id)
    command.by.require(asked.giver if command.is_withdrawal else asked.taker)
    state = HandoverState.WITHDRAWN if command.is_withdrawal else HandoverState.REJECTED
    answered = replace(
        asked, state=state, answered_at=now, answered_by=command.by.subject, answer=command.note
    )
    return replace(found, stay=replace(stay, handover=answered))


def _waiting(case: Case | None, handover_id: str) -> tuple[Case, Person, Stay, Handover]:
    if case is None or case.person is None or case.stay is None or case.stay.handover is None:
        raise CaseNotFound("Không có đề nghị chuyển giao này trong địa bàn của bạn.")
    asked = case.stay.handover
    if asked.handover_id != handover_id or asked.state is not HandoverState.PENDING:
        raise HandoverAnswered("Đề nghị chuyển giao này đã được trả lời hoặc đã rút. Hãy tải lại danh sách.")
    if not is_open(case):
        raise NotInQuarantine("Đợt cách ly này đã kết thúc, không còn gì để chuyển giao.")
    return case, case.person, case.stay, asked
