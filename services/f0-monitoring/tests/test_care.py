"""Every transition asserts the new state, not only the fact."""

import itertools

import pytest

from common.kernel.areas import Actor
from common.kernel.errors import Invalid, OutsideYourArea
from f0_monitoring.domain.care import LEGAL, WORDS
from f0_monitoring.domain.commands import ClosePatient, DeadlinePassed, MovePatient
from f0_monitoring.domain.deadlines import DECLARATION, REMEASURE
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.errors import (
    AlreadyDeclared,
    IllegalTransition,
    NoSuchPatient,
    NotYourPatient,
    UnknownCondition,
)
from f0_monitoring.domain.facts import DeclarationMissed, PatientClosed, PatientDeclared, PatientMoved
from f0_monitoring.domain.model import CLOSED, CareState, Profile

S = CareState
OPEN = [state for state in S if state not in CLOSED]


def test_a_declared_patient_is_known_has_a_level_and_owes_a_declaration(diary, at) -> None:
    patient = diary.declare(at(10, 7), Profile(age_months=70 * 12, vaccination_doses=2))

    assert patient.care is S.DECLARED
    assert patient.risk.level == "high"
    assert patient.next_due_at == at(10, 21), "three hours to learn how: not the deadline at 10:00"
    [fact] = diary.told(PatientDeclared)
    assert (fact.level, fact.care, fact.age_years) == ("high", S.DECLARED, 70)
    assert fact.ruleset == "5525-2021+261-2022+news2-2017+trend-2021"


def test_the_whole_course_to_hospital_and_home_again(diary, at) -> None:
    diary.declare(at(10, 7))

    assert diary.move(S.AT_HOME, at(10, 9)).care is S.AT_HOME
    assert diary.move(S.TRANSFERRING, at(12, 9)).care is S.TRANSFERRING
    assert diary.move(S.IN_HOSPITAL, at(12, 11)).care is S.IN_HOSPITAL
    home_again = diary.move(S.AT_HOME, at(16, 9))
    assert home_again.care is S.AT_HOME
    recovered = diary.close(S.RECOVERED, at(20, 9))
    assert (recovered.care, recovered.closed_on) == (S.RECOVERED, at(20, 9).date())
    assert diary.timers == ()

    moves = [(m.from_state, m.to_state) for m in diary.told(PatientMoved)]
    assert moves == [
        (S.DECLARED, S.AT_HOME),
        (S.AT_HOME, S.TRANSFERRING),
        (S.TRANSFERRING, S.IN_HOSPITAL),
        (S.IN_HOSPITAL, S.AT_HOME),
    ]
    [closed] = diary.told(PatientClosed)
    assert (closed.outcome, closed.care, closed.level) == (S.RECOVERED, S.AT_HOME, "low")
    assert [(s.to_state, s.by) for s in recovered.history][-2:] == [
        (S.AT_HOME, "officer-1"),
        (S.RECOVERED, "officer-1"),
    ]


def in_state(diary, at, state: S):
    path = {
        S.DECLARED: (),
        S.AT_HOME: (S.AT_HOME,),
        S.TRANSFERRING: (S.TRANSFERRING,),
        S.IN_HOSPITAL: (S.TRANSFERRING, S.IN_HOSPITAL),
    }
    diary.declare(at(10, 7))
    for step in path.get(state, ()):
        diary.move(step, at(10, 8))
    if state in CLOSED:
        diary.close(state, at(10, 8))
    assert diary.patient.care is state
    return diary.patient


@pytest.mark.parametrize(("from_state", "to_state"), list(itertools.product(S, OPEN)))
def test_the_move_table(diary, at, from_state: S, to_state: S) -> None:
    patient = in_state(diary, at, from_state)
    command = MovePatient("p-1", to_state, "noted", "", diary.officer)

    if to_state in LEGAL[from_state]:
        assert decide(patient, command, diary.rules, at(10, 9)).state.care is to_state
    else:
        with pytest.raises(IllegalTransition, match=WORDS[to_state]):
            decide(patient, command, diary.rules, at(10, 9))
        assert patient.care is from_state


@pytest.mark.parametrize(("from_state", "outcome"), list(itertools.product(S, sorted(CLOSED))))
def test_the_closing_table(diary, at, from_state: S, outcome: S) -> None:
    patient = in_state(diary, at, from_state)
    command = ClosePatient("p-1", outcome, "noted", "sealed", diary.officer, is_override=True)

    if outcome in LEGAL[from_state]:
        after = decide(patient, command, diary.rules, at(10, 9))
        assert after.state.care is outcome
        assert after.state.closed_on == at(10, 9).date()
        assert after.timers == ()
    else:
        with pytest.raises(IllegalTransition):
            decide(patient, command, diary.rules, at(10, 9))


def test_moving_does_not_close_and_closing_does_not_move(diary, at) -> None:
    diary.declare(at(10, 7))

    with pytest.raises(Invalid, match="Kết thúc hồ sơ"):
        diary.move(S.DIED, at(10, 8))
    with pytest.raises(Invalid):
        diary.close(S.IN_HOSPITAL, at(10, 8))
    assert diary.patient.care is S.DECLARED


def test_an_open_record_is_not_declared_again_a_closed_one_is(diary, at) -> None:
    diary.declare(at(10, 7))
    with pytest.raises(AlreadyDeclared):
        diary.declare(at(11, 7))

    diary.close(S.WRONGLY_DECLARED, at(11, 8))
    again = diary.declare(at(12, 7))
    assert (again.care, again.episode) == (S.DECLARED, 2)


def test_an_officer_of_another_district_changes_nothing(diary, at) -> None:
    patient = diary.declare(at(10, 7))
    stranger = Actor("officer-9", frozenset(("health_officer",)), frozenset(("164",)))

    with pytest.raises(NotYourPatient):
        decide(patient, MovePatient("p-1", S.AT_HOME, "noted", "", stranger), diary.rules, at(10, 8))
    diary.officer = stranger
    diary.patient = None
    with pytest.raises(OutsideYourArea):
        diary.declare(at(10, 7))


def test_a_record_that_is_not_there_is_not_moved(diary, at) -> None:
    with pytest.raises(NoSuchPatient):
        diary.move(S.AT_HOME, at(10, 8))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"tested_on": "tomorrow"}, "tested_on"),
        ({"tested_on": "last year"}, "tested_on"),
        ({"profile": Profile(30 * 12, sex="male", pregnant=True)}, "pregnant"),
    ],
)
def test_what_cannot_be_true_of_a_patient_is_refused(diary, at, more, field) -> None:
    from datetime import timedelta

    days = {"tomorrow": 1, "last year": -300}
    if "tested_on" in more:
        more = {"tested_on": at(10, 7).date() + timedelta(days=days[more["tested_on"]])}
    with pytest.raises(Invalid) as refusal:
        diary.declare(at(10, 7), **more)
    assert refusal.value.field == field
    assert diary.patient is None


def test_diseases_are_kept_in_the_words_of_the_list(diary, at) -> None:
    known = diary.declare(
        at(10, 7), Profile(40 * 12, conditions=("copd", "hypertension"), vaccination_doses=2)
    )
    assert known.profile.conditions == ("lung_disease", "hypertension")

    diary.patient = None
    with pytest.raises(UnknownCondition):
        diary.declare(at(10, 7), Profile(40 * 12, conditions=("sadness",)))


def test_a_missed_declaration_is_told_once_within_a_minute(diary, at) -> None:
    diary.declare(at(10, 7))
    [timer] = diary.timers
    assert timer.name == DECLARATION
    assert 0 <= (timer.due_at - at(10, 21)).total_seconds() < 60

    diary.timers_until(at(11, 9))
    diary.timers_until(at(11, 9))

    [missed] = diary.told(DeclarationMissed)
    assert (missed.due_at, missed.missed_in_a_row, missed.last_report_at) == (at(10, 21), 1, None)
    assert diary.patient.next_due_at == at(11, 10)


def test_who_declared_in_time_is_not_missed_and_the_row_begins_anew(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.timers_until(at(11, 11))
    assert diary.patient.missed_in_a_row == 2

    diary.report(at(11, 15))
    assert diary.patient.missed_in_a_row == 0
    assert diary.patient.next_due_at == at(12, 10)
    diary.timers_until(at(12, 9))
    assert len(diary.told(DeclarationMissed)) == 2
    diary.timers_until(at(12, 11))
    assert diary.told(DeclarationMissed)[-1].missed_in_a_row == 1


def test_a_declaration_after_the_deadline_does_not_answer_the_next_one(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.timers_until(at(11, 11))
    assert diary.report(at(11, 11))["is_late"]

    assert diary.patient.next_due_at == at(11, 21)


def test_in_hospital_nobody_waits_for_a_declaration(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.move(S.TRANSFERRING, at(10, 8))
    diary.move(S.IN_HOSPITAL, at(10, 9))

    assert diary.timers == ()
    diary.timers_until(at(20, 9))
    assert diary.told(DeclarationMissed) == []
    assert diary.move(S.AT_HOME, at(20, 12)).next_due_at == at(20, 21)


def test_after_an_outage_one_deadline_is_told_not_a_flood(diary, at) -> None:
    from common.kernel.decision import TimerFired

    diary.declare(at(10, 7))
    [timer] = diary.timers

    diary.do(TimerFired("p-1", timer.name, timer.due_at), at(13, 9))

    assert len(diary.told(DeclarationMissed)) == 1
    assert diary.patient.next_due_at == at(13, 10)


def test_a_declaration_kept_in_time_but_not_yet_judged_is_not_missed(diary, at) -> None:
    diary.declare(at(10, 7))
    [timer] = diary.timers

    passed = DeadlinePassed("p-1", timer.name, timer.due_at, last_measured_at=at(10, 20, 59))
    diary.do(passed, timer.due_at)

    assert diary.told(DeclarationMissed) == []
    assert diary.patient.next_due_at == at(11, 10)


def test_a_second_measurement_on_its_way_keeps_a_doubt_from_being_believed(diary, at) -> None:
    diary.declare(at(10, 7))
    diary.report(at(10, 8), spo2_percent=88)
    [timer] = [t for t in diary.timers if t.name == REMEASURE]

    diary.do(DeadlinePassed("p-1", timer.name, timer.due_at, last_measured_at=at(10, 8, 2)), timer.due_at)

    assert diary.level == "high"
    assert [t.name for t in diary.timers] == [DECLARATION]
