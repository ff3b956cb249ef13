"""Any life at all, drawn by hypothesis: no record ever takes a way that the course of care does not have."""

import importlib
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from f0_monitoring.domain.errors import AlreadyDeclared, IllegalTransition, RecordClosed
from f0_monitoring.domain.facts import PatientClosed, PatientDeclared, PatientMoved
from f0_monitoring.domain.model import CLOSED, DECLARING, CareState, Level, Patient
from f0_monitoring.rulebook import load_risk_rules

tools = importlib.import_module("services.f0-monitoring.tests.conftest")
S = CareState
BOOKS = load_risk_rules(tools.RULES_FOLDER)
OFFICER = Actor("officer-1", frozenset(("health_officer",)), frozenset(("173",)))
NEXT = {
    S.DECLARED: {S.AT_HOME, S.TRANSFERRING, S.RECOVERED, S.DIED, S.WRONGLY_DECLARED},
    S.AT_HOME: {S.TRANSFERRING, S.RECOVERED, S.DIED, S.WRONGLY_DECLARED},
    S.TRANSFERRING: {S.IN_HOSPITAL, S.AT_HOME, S.DIED, S.WRONGLY_DECLARED},
    S.IN_HOSPITAL: {S.AT_HOME, S.TRANSFERRING, S.RECOVERED, S.DIED, S.WRONGLY_DECLARED},
    S.RECOVERED: set(),
    S.DIED: set(),
    S.WRONGLY_DECLARED: set(),
}
"""The course of care as the health service knows it, written down apart from the code."""
MOVES, OUTCOMES = sorted(set(S) - CLOSED), sorted(CLOSED)


class Life(RuleBasedStateMachine):
    """One person's record under moves, endings, declarations, silence and time, in any order."""

    @initialize()
    def fall_ill(self) -> None:
        """The first declaration of the illness."""
        self.now = tools.local(10, 7)
        self.diary = tools.Diary(BOOKS, OFFICER)
        self.diary.declare(self.now)
        self.state, self.episodes = S.DECLARED, 1

    @property
    def patient(self) -> Patient:
        """The record as it is."""
        assert self.diary.patient is not None
        return self.diary.patient

    def try_out(self, to_state: CareState, act) -> None:
        """Do *act*; it must succeed exactly when the course of care has the way."""
        before, told = self.patient, len(self.diary.facts)
        if to_state in NEXT[self.state]:
            after = act()
            assert after.care is to_state
            assert after.history[-1].to_state is to_state
            assert (after.history[-1].at, after.history[-1].by) == (self.now, "officer-1")
            [fact] = self.diary.facts[told:]
            assert isinstance(fact, PatientClosed if to_state in CLOSED else PatientMoved)
            self.state = to_state
            return
        with pytest.raises(IllegalTransition, match=r"Hồ sơ|chuyển sang"):
            act()
        assert self.patient is before
        assert len(self.diary.facts) == told

    @rule(to_state=st.sampled_from(MOVES))
    def move(self, to_state: CareState) -> None:
        """Somebody wants the care to go on elsewhere."""
        self.try_out(to_state, lambda: self.diary.move(to_state, self.now))

    @rule(outcome=st.sampled_from(OUTCOMES))
    def close(self, outcome: CareState) -> None:
        """Somebody wants the care to end."""
        self.try_out(outcome, lambda: self.diary.close(outcome, self.now))

    @rule()
    def fall_ill_again(self) -> None:
        """A new illness opens a closed record, and only a closed one."""
        told = len(self.diary.facts)
        if self.state not in CLOSED:
            with pytest.raises(AlreadyDeclared):
                self.diary.declare(self.now, tested_on=local_day(self.now))
            return
        after = self.diary.declare(self.now, tested_on=local_day(self.now))
        self.state, self.episodes = S.DECLARED, self.episodes + 1
        assert isinstance(self.diary.facts[told], PatientDeclared)
        assert (after.care, after.episode, after.closed_on) == (S.DECLARED, self.episodes, None)

    @rule(hours=st.integers(1, 30))
    def live_on(self, hours: int) -> None:
        """Time passes; what is due fires."""
        self.now += timedelta(hours=hours)
        before = self.patient.care
        self.diary.timers_until(self.now)
        assert self.patient.care is before, "a deadline never moves anybody"

    @rule(spo2=st.integers(88, 99), twice=st.booleans())
    def declare_health(self, spo2: int, twice: bool) -> None:
        """A declaration changes the risk, never the place of care."""
        before = self.patient
        try:
            self.diary.report(self.now, spo2_percent=spo2, spo2_repeat_percent=spo2 if twice else None)
        except RecordClosed:
            assert self.state in CLOSED
            assert self.patient is before
            return
        assert self.state not in CLOSED
        assert self.patient.care is before.care

    @invariant()
    def holds_together(self) -> None:
        """What is true of every record at every moment."""
        patient = self.patient
        assert patient.care is self.state
        assert patient.is_closed is (self.state in CLOSED)
        assert (patient.closed_on is None) is (self.state not in CLOSED)
        assert (patient.next_due_at is not None) is (self.state in DECLARING), (
            "declarations are owed at home only"
        )
        assert patient.risk.level.rank >= max(patient.risk.baseline.rank, patient.risk.signs.rank)
        assert len(patient.history) <= 12
        if self.state in CLOSED:
            assert patient.doubt is None
            assert self.diary.timers == ()

    @precondition(lambda self: self.patient.risk.signs is Level.VERY_HIGH)
    @rule()
    def a_danger_is_always_explained(self) -> None:
        """Whoever is very high by signs has a reason with a document."""
        assert any(r.level is Level.VERY_HIGH and r.document for r in self.patient.risk.reasons)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
