"""The one door to a consultation: a command in; the new state, facts and deadlines out."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from common.kernel.decision import Decision, Fact, TimerFired
from common.kernel.errors import Invalid
from common.kernel.forgetting import Forget
from f0_monitoring.domain import calls, retention
from f0_monitoring.domain.consultation import (
    LEGAL,
    STEPS_CAP,
    Consultation,
    Party,
    State,
    Step,
    Way,
)
from f0_monitoring.domain.consultation_commands import (
    CancelConsultation,
    NoteConsultation,
    RequestConsultation,
    ScheduleConsultation,
)
from f0_monitoring.domain.consultation_errors import (
    ConsultationOver,
    IllegalConsultationStep,
    NoSuchConsultation,
    NotYourConsultation,
    RecordIsClosed,
)
from f0_monitoring.domain.consultation_facts import (
    ConsultationCancelled,
    ConsultationHeld,
    ConsultationMissed,
    ConsultationReminded,
    ConsultationRequested,
    ConsultationScheduled,
)

SHORTEST, LONGEST = 5, 60
"""Minutes of one appointment."""
FURTHEST = timedelta(days=30)
LATE_BY = timedelta(minutes=5)
"""An appointment may begin a little before it is entered: "now" on a slow phone is a past minute."""
WORDS = {
    State.REQUESTED: "đang chờ bác sĩ xếp giờ",
    State.SCHEDULED: "đã hẹn giờ",
    State.REMINDED: "sắp đến giờ hẹn",
    State.HELD: "đã khám xong",
    State.MISSED: "đã lỡ hẹn",
    State.CANCELLED: "đã hủy",
}


def decide_consultation(
    state: Consultation | None,
    command: Any,
    rules: None,  # noqa: ARG001 - no dated rule speaks of consultations
    now: datetime,
) -> Decision[Consultation]:
    """Decide one command on one consultation."""
    match command:
        case Forget():
            return retention.consultation(state, command, now)
        case RequestConsultation():
            return _requested(state, command, now)
        case ScheduleConsultation():
            return _scheduled(_open(state), command, now)
        case CancelConsultation():
            return _cancelled(_open(state), command, now)
        case NoteConsultation():
            return _noted(_known(state), command, now)
        case calls.CallConnected() | calls.CallLost():
            return _called(_known(state), command, now)
        case calls.HoldConsultation():
            return _held(_open(state), command, now)
        case TimerFired():
            return _fired(_known(state), command, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def require_party(party: Party, allowed: Collection[Party]) -> None:
    """Refuse whoever is not among *allowed*."""
    if party not in allowed:
        raise NotYourConsultation("Việc này do bác sĩ phụ trách người bệnh làm.")


def _known(state: Consultation | None) -> Consultation:
    if state is None:
        raise NoSuchConsultation("Không có cuộc tư vấn này. Hãy mở lại danh sách.")
    return state


def _open(state: Consultation | None) -> Consultation:
    known = _known(state)
    if known.is_over:
        raise ConsultationOver(f"Cuộc tư vấn này {WORDS[known.state]}. Hãy tạo cuộc hẹn mới nếu còn cần.")
    return known


def _moved(before: Consultation, step: Step, **changes: Any) -> Consultation:
    if step.to_state not in LEGAL[before.state]:
        raise IllegalConsultationStep(
            f"Cuộc tư vấn {WORDS[before.state]} thì không chuyển sang “{WORDS[step.to_state]}” được."
        )
    history = (*before.history, step)[-STEPS_CAP:]
    return replace(before, state=step.to_state, history=history, **changes)


def _decided(after: Consultation, facts: tuple[Fact, ...] = ()) -> Decision[Consultation]:
    answer = {"consultation_id": after.consultation_id, "state": after.state.value}
    return Decision(after, facts, calls.timers_of(after), answer)


def _requested(
    state: Consultation | None, command: RequestConsultation, now: datetime
) -> Decision[Consultation]:
    if state is not None:
        return _decided(state)
    if not command.is_record_open:
        raise RecordIsClosed("Hồ sơ F0 này đã kết thúc. Cần tư vấn, hãy gọi trạm y tế xã.")
    asked = Consultation(
        consultation_id=command.consultation_id,
        person_id=command.person_id,
        area=command.area,
        way=command.way,
        state=State.REQUESTED,
        requested_at=now,
        requested_by=command.party,
        doctor_id=command.doctor_id,
        wish=command.wish,
        history=(Step(State.REQUESTED, now, command.by.subject, command.party),),
    )
    fact = ConsultationRequested.of(asked, by=command.party, requested_at=now, way=command.way)
    return _decided(asked, (fact,))


def _scheduled(before: Consultation, command: ScheduleConsultation, now: datetime) -> Decision[Consultation]:
    require_party(command.party, (Party.DOCTOR, Party.OFFICER))
    if not now - LATE_BY <= command.starts_at <= now + FURTHEST:
        raise Invalid("Giờ hẹn phải từ bây giờ đến 30 ngày tới.", field="starts_at")
    if not SHORTEST <= command.minutes <= LONGEST:
        raise Invalid("Thời gian hẹn từ 5 đến 60 phút.", field="minutes")
    after = _moved(
        before,
        Step(State.SCHEDULED, now, command.by.subject, command.party),
        doctor_id=command.doctor_id,
        starts_at=command.starts_at,
        minutes=command.minutes,
        way=command.way,
    )
    fact = ConsultationScheduled.of(
        after,
        starts_at=command.starts_at,
        minutes=command.minutes,
        way=command.way,
        from_starts_at=before.starts_at,
    )
    return _decided(after, (fact,))


def _cancelled(before: Consultation, command: CancelConsultation, now: datetime) -> Decision[Consultation]:
    step = Step(State.CANCELLED, now, command.by.subject, command.party, command.reason)
    after = _moved(before, step, call=calls.ended(before.call, now))
    fact = ConsultationCancelled.of(after, by=command.party, reason=command.reason)
    return _decided(after, (fact,))


def _noted(before: Consultation, command: NoteConsultation, now: datetime) -> Decision[Consultation]:
    require_party(command.party, (Party.DOCTOR,))
    if before.state in (State.CANCELLED, State.MISSED):
        raise ConsultationOver(f"Cuộc tư vấn này {WORDS[before.state]} nên không có kết quả để ghi.")
    noted = replace(before, note=command.note, prescription_ref=command.prescription_ref, noted_at=now)
    return _decided(replace(noted, forgotten_on=None))  # new words have a time of their own


def _called(before: Consultation, command: Any, now: datetime) -> Decision[Consultation]:
    """Keep what the room tells; what it tells of a consultation that is over comes too late to matter."""
    if before.is_over:
        return Decision(before)
    if isinstance(command, calls.CallConnected):
        call = calls.connected(before.call, command.way, now)
    else:
        call = calls.broken(before.call, command.quality, command.at or now)
    return Decision(before) if call == before.call else _decided(replace(before, call=call))


def _held(before: Consultation, command: calls.HoldConsultation, now: datetime) -> Decision[Consultation]:
    require_party(command.party, (Party.DOCTOR,))
    call = calls.ended(before.call, now, command.quality)
    seconds = calls.seconds_held(call, command)
    return _completed(before, call, seconds, Step(State.HELD, now, command.by.subject, command.party))


def _completed(before: Consultation, call: Any, seconds: int, step: Step) -> Decision[Consultation]:
    way = call.way or Way.PHONE
    holder = step.by if step.party is Party.DOCTOR else before.doctor_id
    after = _moved(before, step, call=call, duration_seconds=seconds, way=way, doctor_id=holder)
    fact = ConsultationHeld.of(
        after,
        held_at=step.at,
        duration_seconds=seconds,
        way=way,
        quality=call.quality,
        reconnections=call.reconnections,
    )
    return _decided(after, (fact,))


def _fired(before: Consultation, fired: TimerFired, now: datetime) -> Decision[Consultation]:
    if before.is_over:
        return Decision(before, timers=())
    looked = fired if isinstance(fired, calls.Looked) else calls.Looked("", "", now)
    step = Step(State.REMINDED, now, "machine", Party.MACHINE)
    if fired.name == calls.WATCH:
        return _decided(replace(before, call=calls.watched(before.call, looked.last_present_at, now)))
    if fired.name == calls.BROKEN_OFF:
        return _completed(before, before.call, before.call.seconds, replace(step, to_state=State.HELD))
    if not looked.is_record_open:
        gone = replace(step, to_state=State.CANCELLED, reason="record-closed")
        after = _moved(before, gone)
        return _decided(after, (ConsultationCancelled.of(after, by=Party.MACHINE, reason="record-closed"),))
    if fired.name == calls.REMINDER:
        after = _moved(before, step)
        return _decided(after, (ConsultationReminded.of(after, starts_at=before.starts_at or now),))
    reason = "not-held" if before.starts_at else "unanswered"
    after = _moved(before, replace(step, to_state=State.MISSED, reason=reason))
    return _decided(after, (ConsultationMissed.of(after, starts_at=before.starts_at, reason=reason),))
