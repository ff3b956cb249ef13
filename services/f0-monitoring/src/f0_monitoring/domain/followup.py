"""
Looking after a patient between two declarations: taking, putting aside, phoning, medicine, a knock.

Whoever puts somebody aside silences a danger, so it is bounded by the level, says why, ends by the clock and
at once when the risk rises. What was asked of the commune ends when somebody answers, or speaks on the phone.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from common.kernel.areas import MACHINE
from common.kernel.decision import Decision, Timer
from common.kernel.errors import Invalid
from f0_monitoring.domain import acts
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.acts import Act, CallResult
from f0_monitoring.domain.attention import NOTHING, Attention, Knock, Snooze, Taken
from f0_monitoring.domain.errors import NobodyKnocks, RecordClosed, SnoozeTooLong
from f0_monitoring.domain.facts import RiskChanged
from f0_monitoring.domain.model import Level, Patient

SNOOZE = "snooze"
SNOOZE_MAX = {Level.VERY_HIGH: 30, Level.HIGH: 120, Level.MEDIUM: 480, Level.LOW: 720}
"""Minutes; a working agreement, to be confirmed by the health authority like the alert ladder."""
SNOOZE_MIN, KNOCK_MIN, KNOCK_MAX = 5, 15, 24 * 60
DUE, ROSE, BY_HAND = "due", "risk-rose", "by-hand"


def decide(patient: Patient, act: Act, now: datetime) -> Decision[Patient]:
    """Decide one act; the door of the record puts the timers in order."""
    require_staff(act.by, patient)
    if patient.is_closed:
        raise RecordClosed("Hồ sơ đã kết thúc theo dõi nên không ghi thêm được. Hãy tải lại danh sách.")
    match act:
        case acts.Take():
            return _taken(patient, act, now)
        case acts.PutAside():
            return _put_aside(patient, act, now)
        case acts.BringBack():
            return _awake(patient, BY_HAND, act.by.subject, now)
        case acts.LogCall():
            return _called(patient, act, now)
        case acts.GiveMedicine():
            return _given(patient, act, now)
        case acts.AskKnock():
            return _knock_asked(patient, act, now)
        case acts.AnswerKnock():
            return _knock_answered(patient, act, now)
    raise TypeError(f"no decision for {type(act).__name__}")


def timers_of(patient: Patient) -> tuple[Timer, ...]:
    """Return when the patient comes back into the worklist."""
    snooze = patient.attention.snooze
    return (Timer(SNOOZE, snooze.until),) if snooze else ()


def time_is_up(patient: Patient, now: datetime) -> Decision[Patient]:
    """Bring the patient back: the timer fired."""
    return _awake(patient, DUE, MACHINE.subject, now)


def snooze_of(patient: Patient | None) -> Snooze | None:
    """Return how long the patient is put aside, if at all."""
    return patient.attention.snooze if patient else None


def settled(decision: Decision[Patient], now: datetime) -> Decision[Patient]:
    """
    End what a decision has overtaken.

    A risk that rises ends a snooze at once; a closed record is in nobody's hands.
    """
    after = decision.state
    if after is None or after.attention == NOTHING:
        return decision
    if after.is_closed:
        ended = _ended_knock(after, now)
        return replace(decision, state=replace(after, attention=NOTHING), facts=(*decision.facts, *ended))
    if any(isinstance(fact, RiskChanged) and fact.rose for fact in decision.facts):
        woken = _awake(after, ROSE, MACHINE.subject, now)
        return replace(decision, state=woken.state, facts=(*decision.facts, *woken.facts))
    return decision


def _with(patient: Patient, **changes: Any) -> Patient:
    attention = replace(patient.attention, **changes)
    return patient if attention == patient.attention else replace(patient, attention=attention)


def _about(patient: Patient, act: Act, now: datetime) -> dict[str, Any]:
    return {"person_id": patient.person_id, "area": patient.area, "at": now, "by": act.by.subject}


def _taken(patient: Patient, act: acts.Take, now: datetime) -> Decision[Patient]:
    held = patient.attention.taken
    if act.gives_back if held is None else (held.by == act.by.subject and not act.gives_back):
        return Decision(state=patient)
    taken = None if act.gives_back else Taken(act.by.subject, now)
    fact = acts.PatientAcknowledged(**_about(patient, act, now), is_taken=taken is not None)
    return Decision(state=_with(patient, taken=taken), facts=(fact,))


def _put_aside(patient: Patient, act: acts.PutAside, now: datetime) -> Decision[Patient]:
    longest = SNOOZE_MAX[patient.risk.level]
    if not SNOOZE_MIN <= act.minutes <= longest:
        raise SnoozeTooLong(
            f"Với mức nguy cơ này chỉ hoãn được từ {SNOOZE_MIN} đến {longest} phút.", field="minutes"
        )
    if not act.words_id:
        raise Invalid("Hãy ghi lý do hoãn để người trực sau biết.", field="note")
    until = now + timedelta(minutes=act.minutes)
    snooze = Snooze(act.by.subject, now, until, act.words_id)
    fact = acts.PatientSnoozed(
        **_about(patient, act, now), until=until, level=patient.risk.level, words_id=act.words_id
    )
    return Decision(state=_with(patient, snooze=snooze), facts=(fact,))


def _awake(patient: Patient, because: str, by: str, now: datetime) -> Decision[Patient]:
    if patient.attention.snooze is None:
        return Decision(state=patient)
    fact = acts.SnoozeEnded(patient.person_id, patient.area, now, by, because)
    return Decision(state=_with(patient, snooze=None), facts=(fact,))


def _called(patient: Patient, act: acts.LogCall, now: datetime) -> Decision[Patient]:
    is_reached = act.result is CallResult.REACHED
    unanswered = 0 if is_reached else patient.attention.unanswered + 1
    reached_at = now if is_reached else patient.attention.reached_at
    fact = acts.CallLogged(
        **_about(patient, act, now), result=act.result, unanswered=unanswered, words_id=act.words_id
    )
    after = _with(patient, unanswered=unanswered, reached_at=reached_at)
    return Decision(state=after, facts=(fact,), answer={"unanswered": unanswered})


def _given(patient: Patient, act: acts.GiveMedicine, now: datetime) -> Decision[Patient]:
    if act.bag is None and not act.words_id:
        raise Invalid("Hãy chọn túi thuốc A, B, C hoặc ghi tên thuốc và cách dùng.", field="note")
    fact = acts.MedicineGiven(**_about(patient, act, now), bag=act.bag, words_id=act.words_id)
    return Decision(state=patient, facts=(fact,))


def _knock_asked(patient: Patient, act: acts.AskKnock, now: datetime) -> Decision[Patient]:
    if not KNOCK_MIN <= act.minutes <= KNOCK_MAX:
        raise Invalid(f"Hạn đến nhà từ {KNOCK_MIN} phút đến {KNOCK_MAX // 60} giờ.", field="minutes")
    if patient.attention.knock is not None:
        return Decision(state=patient)
    due_at = now + timedelta(minutes=act.minutes)
    fact = acts.KnockAsked(
        **_about(patient, act, now), due_at=due_at, level=patient.risk.level, words_id=act.words_id
    )
    return Decision(
        state=_with(patient, knock=Knock(act.by.subject, now, due_at, act.words_id)), facts=(fact,)
    )


def _knock_answered(patient: Patient, act: acts.AnswerKnock, now: datetime) -> Decision[Patient]:
    if patient.attention.knock is None:
        raise NobodyKnocks("Chưa nhờ xã đến nhà người này, hoặc đã có người trả lời. Hãy tải lại hồ sơ.")
    fact = acts.KnockAnswered(**_about(patient, act, now), result=act.result, words_id=act.words_id)
    return Decision(state=_with(patient, knock=None), facts=(fact,))


def _ended_knock(patient: Patient, now: datetime) -> tuple[acts.KnockAnswered, ...]:
    if patient.attention.knock is None:
        return ()
    return (acts.KnockAnswered(patient.person_id, patient.area, now, MACHINE.subject, None, ""),)


def is_quiet(attention: Attention, now: datetime) -> bool:
    """Tell whether the patient is put aside at *now*."""
    return attention.snooze is not None and attention.snooze.until > now
