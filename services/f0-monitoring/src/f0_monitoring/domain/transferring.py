"""
The one door to a person's transfers: a command in; the new state, facts and deadlines out.

The facility counts its beds, the transfer decides about them. A bed is kept at the facility first; its fact
(or the same request) accepts the transfer, and every bed that turns out not to be needed is given back by a
fact of the transfer. A crash between the two leaves work to be done, never a bed lost or given twice.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision, Fact, Timer, TimerFired
from common.kernel.errors import Invalid
from f0_monitoring.domain.facility import TIERS
from f0_monitoring.domain.facility_errors import AlreadyRequested, IllegalTransferStep, NoSuchTransfer
from f0_monitoring.domain.model import CLOSED, CareState
from f0_monitoring.domain.transfer import (
    SPENT_CAP,
    STEPS_CAP,
    AcceptTransfer,
    CancelTransfer,
    FollowCare,
    Journey,
    NoteArrival,
    RefuseTransfer,
    RequestTransfer,
    StartTransport,
    Transfer,
    TransferCommand,
    TransferRules,
    TransferState,
    TransferStep,
)
from f0_monitoring.domain.transfer_facts import (
    BedGivenBack,
    TransferAccepted,
    TransferLapsed,
    TransferOverdue,
    TransferRefused,
    TransferRequested,
    TransferStarted,
)
from f0_monitoring.domain.transfer_steps import (
    WORDS,
    Told,
    arrived,
    cancelled,
    facility_of,
    given_back,
    left,
    moved,
)

T = TransferState
MACHINE = "machine"
LATE, LAPSE = "late", "lapse"


def decide_journey(
    state: Journey | None, command: Any, rules: TransferRules, now: datetime
) -> Decision[Journey]:
    """Decide one command on the transfers of one person."""
    match command:
        case RequestTransfer():
            return _decided(state, _requested(state, command, now), rules)
        case AcceptTransfer():
            return _accepted(state, command, rules, now)
        case FollowCare():
            return _decided(state, _followed(state, command, now), rules) if state else Decision(None)
        case TimerFired():
            return _decided(state, _fired(_known(state), command, now), rules)
        case TransferCommand():
            return _decided(state, _acted(_same(state, command), command, now), rules)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def timers_of(journey: Journey, rules: TransferRules) -> tuple[Timer, ...]:
    """Return what is due: an answer, the end of a reservation, an arrival."""
    transfer = journey.transfer
    since, urgent = transfer.waiting_since, transfer.is_emergency
    if transfer.state is T.ACCEPTED:
        return (Timer(LAPSE, since + rules.kept_for(is_emergency=urgent)),)
    if transfer.is_told or transfer.is_over:
        return ()
    if transfer.state is T.REQUESTED:
        return (Timer(LATE, since + rules.answer_within(is_emergency=urgent)),)
    return (Timer(LATE, since + rules.arrive_within(is_emergency=urgent)),)


def _known(state: Journey | None) -> Journey:
    if state is None:
        raise NoSuchTransfer("Không có yêu cầu chuyển tuyến này. Hãy tải lại danh sách.")
    return state


def _same(state: Journey | None, command: TransferCommand) -> Journey:
    known = _known(state)
    if known.transfer.transfer_id != command.transfer_id:
        raise NoSuchTransfer("Yêu cầu này đã được thay bằng yêu cầu khác. Hãy tải lại danh sách.")
    return known


def _decided(before: Journey | None, told: Told, rules: TransferRules) -> Decision[Journey]:
    after, facts = told
    if after is before and not facts:
        return Decision(before)
    return Decision(after, facts, timers_of(after, rules), _answer(after))


def _answer(journey: Journey) -> dict[str, Any]:
    return {"transfer_id": journey.transfer.transfer_id, "state": journey.transfer.state.value}


def _requested(state: Journey | None, command: RequestTransfer, now: datetime) -> Told:
    if state is not None and state.transfer.transfer_id == command.transfer_id:
        return state, ()
    if state is not None and not state.transfer.is_over:
        raise AlreadyRequested(
            f"Người bệnh đang có yêu cầu chuyển tuyến {WORDS[state.transfer.state]}. "
            "Hãy làm tiếp yêu cầu đó, hoặc hủy rồi tạo lại."
        )
    if command.tier not in TIERS:
        raise Invalid("Tầng điều trị là 1, 2 hoặc 3.", field="tier")
    by, transfer = command.by.subject, _wanted(command, now)
    stay, spent = (state.stay, state.spent) if state else (None, ())
    journey = Journey(command.person_id, command.area, transfer, stay, spent)
    fact = TransferRequested.of(
        journey,
        by,
        now,
        tier=command.tier,
        bed_kind=command.bed_kind,
        reason=command.reason,
        from_facility_id=stay.facility_id if stay else None,
    )
    return journey, (fact,)


def _wanted(command: RequestTransfer, now: datetime) -> Transfer:
    by = command.by.subject
    return Transfer(
        transfer_id=command.transfer_id,
        state=T.REQUESTED,
        tier=command.tier,
        bed_kind=command.bed_kind,
        is_emergency=command.is_emergency,
        reason=command.reason,
        requested_at=now,
        requested_by=by,
        waiting_since=now,
        history=(TransferStep(T.REQUESTED, now, by, command.reason),),
        wished_facility_id=command.wished_facility_id,
    )


def _accepted(
    state: Journey | None, command: AcceptTransfer, rules: TransferRules, now: datetime
) -> Decision[Journey]:
    journey = _known(state)
    transfer, by = journey.transfer, command.by.subject
    kept_as = (transfer.hold_id, journey.stay.hold_id if journey.stay else None)
    if command.hold_id in journey.spent:
        return Decision(journey, answer=_answer(journey) | {"is_accepted": False})
    if command.hold_id in kept_as:
        return Decision(journey, answer=_answer(journey) | {"is_accepted": True})
    bed = {"facility_id": command.facility_id, "hold_id": command.hold_id}
    if transfer.transfer_id != command.transfer_id or transfer.state is not T.REQUESTED:
        fact = BedGivenBack.of(journey, by, now, **bed, reason="not-needed")
        refused = replace(journey, spent=(*journey.spent, command.hold_id)[-SPENT_CAP:])
        # The transfer that the bed was kept for may be an earlier one: its own id is told.
        fact = replace(fact, transfer_id=command.transfer_id)
        answer = _answer(journey) | {"is_accepted": False}
        return Decision(refused, (fact,), timers_of(refused, rules), answer)
    after = moved(journey, TransferStep(T.ACCEPTED, now, by, command.facility_id), **bed)
    after = replace(after, transfer=replace(after.transfer, bed_kind=command.bed_kind))
    until = now + rules.kept_for(is_emergency=transfer.is_emergency)
    fact_of = TransferAccepted.of(after, by, now, **bed, bed_kind=command.bed_kind, reserved_until=until)
    return Decision(after, (fact_of,), timers_of(after, rules), _answer(after) | {"is_accepted": True})


def _acted(journey: Journey, command: TransferCommand, now: datetime) -> Told:
    by = command.by.subject
    match command:
        case RefuseTransfer():
            return _refused(journey, command, now)
        case StartTransport():
            after = moved(journey, TransferStep(T.UNDER_WAY, now, by))
            return after, (TransferStarted.of(after, by, now, facility_id=facility_of(after)),)
        case NoteArrival():
            return arrived(journey, by, now)
        case CancelTransfer():
            return cancelled(journey, by, now, command.reason)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _refused(journey: Journey, command: RefuseTransfer, now: datetime) -> Told:
    """Others may still take the patient; a facility that had kept a bed takes its word back."""
    transfer, by = journey.transfer, command.by.subject
    is_ours = transfer.state is T.ACCEPTED and transfer.facility_id == command.facility_id
    if not is_ours and transfer.state is not T.REQUESTED:
        raise IllegalTransferStep(
            f"Chuyển tuyến {WORDS[transfer.state]} nên không từ chối được. Hãy tải lại danh sách."
        )
    fact = TransferRefused.of(journey, by, now, facility_id=command.facility_id, reason=command.reason)
    step = TransferStep(T.REQUESTED, now, by, command.reason)
    others = [each for each in transfer.refused_by if each != command.facility_id]
    refused_by = (*others, command.facility_id)[-SPENT_CAP:]
    facts: tuple[Fact, ...] = ()
    if is_ours:
        after, facts = given_back(moved(journey, step), by, now, command.reason)
    else:
        history = (*transfer.history, step)[-STEPS_CAP:]
        after = replace(journey, transfer=replace(transfer, history=history))
    return replace(after, transfer=replace(after.transfer, refused_by=refused_by)), (fact, *facts)


def _followed(journey: Journey, command: FollowCare, now: datetime) -> Told:
    """Let beds and transfer follow a change of care by hand, unless they moved on since."""
    transfer = journey.transfer
    facts: tuple[Fact, ...] = ()
    is_closed, is_home = command.care in CLOSED, command.care is CareState.AT_HOME
    after: Journey = journey
    is_newer = not transfer.is_over and transfer.waiting_since <= command.at
    if is_newer and (is_closed or (is_home and transfer.state is T.UNDER_WAY)):
        after, facts = cancelled(after, MACHINE, now, "record-closed" if is_closed else "home-again")
    elif is_newer and command.care is CareState.IN_HOSPITAL and transfer.state is T.UNDER_WAY:
        return arrived(after, MACHINE, now)
    if after.stay is not None and after.stay.since <= command.at and (is_closed or is_home):
        after, freed = left(after, MACHINE, now, "left")
        facts = (*facts, *freed)
    return after, facts


def _fired(journey: Journey, fired: TimerFired, now: datetime) -> Told:
    transfer = journey.transfer
    if fired.name == LAPSE and transfer.state is T.ACCEPTED:
        lapsed = TransferLapsed.of(journey, MACHINE, now, facility_id=facility_of(journey))
        waiting = moved(journey, TransferStep(T.REQUESTED, now, MACHINE, "reservation-lapsed"))
        after, freed = given_back(waiting, MACHINE, now, "reservation-lapsed")
        return after, (lapsed, *freed)
    if fired.name == LATE and not transfer.is_over and not transfer.is_told:
        stage = "unanswered" if transfer.state is T.REQUESTED else "transport"
        late = {"stage": stage, "bed_kind": transfer.bed_kind, "since": transfer.waiting_since}
        after = replace(journey, transfer=replace(transfer, is_told=True))
        return after, (TransferOverdue.of(journey, MACHINE, now, **late),)
    return journey, ()
