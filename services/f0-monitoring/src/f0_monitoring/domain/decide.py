"""The one door to a patient's record: a command in, the new record, facts and deadlines out."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.clock import local_day
from common.kernel.decision import Decision, TimerFired
from common.kernel.errors import Invalid, OutsideYourArea
from f0_monitoring.domain import (
    care,
    carers,
    closing,
    declaring,
    details,
    end_of_care,
    following,
    followup,
    plausible,
    retention,
    risk,
    slots,
)
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.acts import Act
from f0_monitoring.domain.carers import CarerCommand
from f0_monitoring.domain.commands import (
    AssessReport,
    AssignDoctor,
    ClosePatient,
    DeadlinePassed,
    DeclarePatient,
    MovePatient,
)
from f0_monitoring.domain.deadlines import REMEASURE, timers_of
from f0_monitoring.domain.declaring import OpenFromFact
from f0_monitoring.domain.details import CompleteDetails
from f0_monitoring.domain.end_of_care import EndCare
from f0_monitoring.domain.errors import NoSuchPatient
from f0_monitoring.domain.facts import DeclarationMissed, PatientDeclared, PatientMoved
from f0_monitoring.domain.model import CLOSED, CareState, Patient, Step
from f0_monitoring.domain.retention import ForgetPatient
from f0_monitoring.domain.rules import RiskRules, RuleSet


def decide(state: Patient | None, command: Any, rules: RiskRules, now: datetime) -> Decision[Patient]:
    """Decide one command on one record."""
    if isinstance(command, ForgetPatient):
        return retention.patient(state, command, now)
    decision = followup.settled(_decided(state, command, rules, now), now)
    after = decision.state
    if after is None or after.is_closed or followup.snooze_of(after) == followup.snooze_of(state):
        return decision
    return replace(decision, timers=timers_of(after, rules.on(local_day(now)).course))


def _decided(state: Patient | None, command: Any, rules: RiskRules, now: datetime) -> Decision[Patient]:
    match command:
        case DeclarePatient() | OpenFromFact() | CompleteDetails():
            return _taken_in(state, command, rules, now)
        case EndCare():
            course = rules.on(local_day(now)).course
            recovered, fact = end_of_care.ended(_known(state), command, course, now)
            return Decision(recovered, (fact,), (), {"care_state": recovered.care.value})
        case Act() | following.FollowTransfer():
            return _followed_up(_known(state), command, rules, now)
        case AssessReport():
            return _assessed(_known(state), command, rules, now)
        case MovePatient():
            return _moved(_known(state), command, rules, now)
        case ClosePatient():
            course = rules.on(local_day(now)).course
            ended, fact = closing.closed(_known(state), command, course, now)
            return Decision(ended, (fact,), (), {"care_state": ended.care.value})
        case AssignDoctor() | CarerCommand():
            return carers.decide(_known(state), command)
        case TimerFired(name=followup.SNOOZE):
            return followup.time_is_up(_known(state), now)
        case TimerFired():
            return _fired(_known(state), command, rules, now)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _followed_up(
    patient: Patient, command: Act | following.FollowTransfer, rules: RiskRules, now: datetime
) -> Decision[Patient]:
    if isinstance(command, Act):
        return followup.decide(patient, command, now)
    return following.decide(patient, command, rules.on(local_day(now)).course, now)


def _taken_in(
    state: Patient | None,
    command: DeclarePatient | OpenFromFact | CompleteDetails,
    rules: RiskRules,
    now: datetime,
) -> Decision[Patient]:
    match command:
        case DeclarePatient():
            return _declared(state, command, rules, now)
        case OpenFromFact():
            is_known = declaring.is_old_news(state, command)
            return Decision(state) if is_known else _declared(state, command.declaration, rules, now)
        case CompleteDetails():
            after, facts = details.completed(_known(state), command, rules.on(local_day(now)), now)
            return Decision(after, facts, answer={"person_id": after.person_id})


def _known(state: Patient | None) -> Patient:
    if state is None:
        raise NoSuchPatient("Không có hồ sơ F0 này. Hãy tìm lại theo số CCCD hoặc khai báo mới.")
    return state


def _declared(
    state: Patient | None, command: DeclarePatient, rules: RiskRules, now: datetime
) -> Decision[Patient]:
    if not command.by.covers(command.area):
        raise OutsideYourArea("Xã/phường này ngoài địa bàn được phân công. Hãy chuyển cho trạm y tế ở đó.")
    if declaring.is_same_again(state, command):
        return Decision(state, answer={"person_id": command.person_id})
    declaring.refuse_known_illness(state, command)
    ruleset = rules.on(local_day(now))
    plausible.require_plausible_days(command, local_day(now))
    opened = _opened(command, ruleset, now, episode=state.episode + 1 if state else 1)
    declared = PatientDeclared(
        person_id=opened.person_id,
        area=opened.area,
        origin=opened.origin,
        declared_at=now,
        age_years=opened.profile.age_years,
        level=opened.risk.level,
        ruleset=opened.risk.ruleset,
        care=opened.care,
    )
    patient, assigned = carers.with_doctor(opened, command.candidates)
    timers = timers_of(patient, ruleset.course)
    return Decision(patient, (declared, *assigned), timers, {"person_id": patient.person_id})


def _opened(command: DeclarePatient, ruleset: RuleSet, now: datetime, *, episode: int) -> Patient:
    profile = plausible.checked_profile(command.profile, ruleset.course)
    return Patient(
        person_id=command.person_id,
        area=command.area,
        profile=profile,
        origin=command.origin,
        declared_at=now,
        tested_on=command.tested_on,
        onset_on=command.onset_on,
        care=CareState.DECLARED,
        risk=risk.first_risk(profile, ruleset, now),
        history=(Step(CareState.DECLARED, now, command.by.subject, command.origin.value),),
        guardian_ids=command.guardian_ids,
        next_due_at=slots.first_due(ruleset.course, now),
        episode=episode,
        sealed=command.sealed,
        blind=command.blind,
        source=command.source,
    )


def _assessed(patient: Patient, command: AssessReport, rules: RiskRules, now: datetime) -> Decision[Patient]:
    report = command.report
    if patient.is_closed or report.report_id in [reading.report_id for reading in patient.readings]:
        return Decision(state=patient)
    after = risk.assess(patient, report, rules, now)
    course = rules.on(local_day(now)).course
    facts = risk.change(patient, after, report.report_id, now)
    return Decision(state=after, facts=facts, timers=timers_of(after, course))


def _moved(patient: Patient, command: MovePatient, rules: RiskRules, now: datetime) -> Decision[Patient]:
    require_staff(command.by, patient)
    if command.to_state in CLOSED:
        raise Invalid(
            "Hãy dùng mục “Kết thúc hồ sơ” để ghi khỏi bệnh, tử vong hoặc khai nhầm.", field="to_state"
        )
    course = rules.on(local_day(now)).course
    step = Step(command.to_state, now, command.by.subject, command.reason, command.note)
    after = care.moved(patient, command.to_state, step, course, now)
    fact = PatientMoved(
        person_id=patient.person_id,
        area=patient.area,
        from_state=patient.care,
        to_state=after.care,
        level=patient.risk.level,
        reason=command.reason,
    )
    return Decision(
        state=after, facts=(fact,), timers=timers_of(after, course), answer={"care_state": after.care.value}
    )


def _fired(patient: Patient, fired: TimerFired, rules: RiskRules, now: datetime) -> Decision[Patient]:
    ruleset = rules.on(local_day(now))
    newest = fired.last_measured_at if isinstance(fired, DeadlinePassed) else None
    if fired.name == REMEASURE:
        after, facts = _doubt_ended(patient, newest, now)
    else:
        after, facts = _deadline_passed(patient, newest, ruleset, now)
    return Decision(state=after, facts=facts, timers=timers_of(after, ruleset.course))


def _doubt_ended(patient: Patient, newest: datetime | None, now: datetime) -> tuple[Patient, tuple[Any, ...]]:
    doubt = patient.doubt
    if doubt is None:
        return patient, ()
    if newest is not None and newest > doubt.at:
        return replace(patient, doubt=replace(doubt, unanswered_at=None)), ()
    after = risk.believe_doubt(patient, now)
    return after, risk.change(patient, after, doubt.report_id, now)


def _deadline_passed(
    patient: Patient, newest: datetime | None, ruleset: RuleSet, now: datetime
) -> tuple[Patient, tuple[Any, ...]]:
    due_at = patient.next_due_at
    if due_at is None:
        return patient, ()
    moved_on = replace(patient, next_due_at=slots.due_after(ruleset.course, now))
    if newest is not None and slots.slot_due(ruleset.course, newest) >= due_at:
        return moved_on, ()
    missed = replace(moved_on, missed_in_a_row=patient.missed_in_a_row + 1)
    after = risk.raise_for_silence(missed, ruleset, now)
    fact = DeclarationMissed(
        person_id=patient.person_id,
        area=patient.area,
        due_at=due_at,
        missed_in_a_row=after.missed_in_a_row,
        last_report_at=patient.last_report_at,
        level=after.risk.level,
        carer_id=patient.carer_id,
    )
    return after, (fact, *risk.change(patient, after, None, now))
