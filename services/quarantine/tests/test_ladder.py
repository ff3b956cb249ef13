"""The ladder of what is missed: call, visit, police; whatever order the news comes in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kernel.areas import Actor, Area
from common.kernel.decision import TimerFired
from quarantine.domain.model import Place
from quarantine.domain.supervision import commands
from quarantine.domain.supervision.decide import decide
from quarantine.domain.supervision.facts import SupervisionClimbed, SupervisionSettled
from quarantine.domain.supervision.model import (
    ContactKind,
    ContactResult,
    Duty,
    Rung,
    Supervision,
)
from quarantine.rulebook.supervision import read_watch_rules

BOOK = read_watch_rules(Path(__file__).parents[3] / "rules" / "supervision", "secret")
AREA = Area("05443", "164")
OFFICER = Actor("cb-05443", frozenset({"health_officer"}), frozenset({"05443"}))
WHO = ("pquarantined", AREA)
START = datetime(2021, 8, 2, 1, tzinfo=UTC)
STAY = commands.NoteStay(*WHO, 1, START, Place.FACILITY, date(2021, 8, 2), date(2021, 8, 15))
"""In a facility: no random check-ins disturb the story."""


def due(day: int) -> datetime:
    """17:00 in Vietnam."""
    return datetime(2021, 8, day, 10, tzinfo=UTC)


class Story:
    """One person's supervision, told step by step."""

    def __init__(self) -> None:
        self.state: Supervision | None = None
        self.timers = ()
        self.facts = []

    def tell(self, command, at):
        decision = decide(self.state, command, BOOK, at)
        self.state = decision.state
        if decision.timers is not None:
            self.timers = decision.timers
        self.facts += decision.facts
        return self

    def missed(self, day):
        return self.tell(commands.NoteMissed(*WHO, due(day)), due(day) + timedelta(seconds=20))

    def logged(self, kind, result, at):
        contact = commands.LogContact(*WHO, OFFICER, f"c-{len(self.state.contacts)}", kind, result)
        return self.tell(contact, at)

    def passes(self):
        """The time of the present rung runs out."""
        [climb] = [timer for timer in self.timers if timer.name == "climb"]
        return self.tell(TimerFired(WHO[0], climb.name, climb.due_at), climb.due_at)

    def rungs(self):
        return [fact.rung.value for fact in self.facts if isinstance(fact, SupervisionClimbed)]

    @property
    def rung(self):
        return self.state.step.rung if self.state.step else None


@pytest.fixture
def story():
    return Story().tell(STAY, START)


def test_a_miss_nobody_sees_to_climbs_from_the_call_to_the_visit_to_the_police_and_stays_there(story):
    story.missed(3)
    assert story.rung is Rung.CALL
    story.passes()
    assert story.rung is Rung.VISIT
    assert story.state.step.since == due(3) + timedelta(seconds=20, minutes=120)
    story.passes()
    assert story.rung is Rung.POLICE
    assert story.timers == ()
    assert story.rungs() == ["call", "visit", "police"]


def test_a_late_declaration_climbs_down_and_nothing_rings_any_more(story):
    story.missed(3).passes()
    story.tell(commands.NoteDeclared(*WHO, due(3) + timedelta(hours=3)), due(3) + timedelta(hours=3))

    assert (story.rung, story.timers, story.state.misses) == (None, (), ())
    assert isinstance(story.facts[-1], SupervisionSettled)


def test_a_declaration_of_the_day_delivered_late_by_the_phone_answers_its_day_only(story):
    story.missed(3).missed(4)
    story.tell(commands.NoteDeclared(*WHO, due(3) - timedelta(hours=1)), due(4) + timedelta(hours=1))

    assert [miss.due_at for miss in story.state.misses] == [due(4)]
    assert story.rung is Rung.CALL


def test_a_call_that_cannot_help_climbs_at_once_and_marks_the_person_unreachable(story):
    story.missed(3).logged(ContactKind.CALL, ContactResult.UNREACHABLE, due(3) + timedelta(minutes=10))

    assert story.rung is Rung.VISIT
    assert story.state.is_unreachable
    story.tell(commands.NoteDeclared(*WHO, due(3) + timedelta(minutes=30)), due(3) + timedelta(minutes=31))
    assert not story.state.is_unreachable


def test_a_call_nobody_takes_keeps_the_rung_until_its_time_is_over(story):
    story.missed(3).logged(ContactKind.CALL, ContactResult.NOT_REACHED, due(3) + timedelta(minutes=10))

    assert (story.rung, story.rungs()) == (Rung.CALL, ["call"])


def test_nobody_at_home_calls_the_police_and_a_call_on_that_rung_does_not_climb(story):
    story.missed(3).passes()
    story.logged(ContactKind.CALL, ContactResult.UNREACHABLE, due(3) + timedelta(hours=3))
    assert story.rung is Rung.VISIT
    story.logged(ContactKind.VISIT, ContactResult.NOT_REACHED, due(3) + timedelta(hours=3))
    assert story.rung is Rung.POLICE


def test_after_a_visit_nothing_rings_again_the_same_day_and_again_the_next(story):
    story.missed(3).passes().passes()
    visited = due(4) - timedelta(hours=8)
    story.logged(ContactKind.VISIT, ContactResult.REACHED, visited)
    assert story.rung is None
    settled = story.facts[-1]
    assert settled.quiet_until > due(4)

    story.missed(4)
    assert story.rung is None
    story.missed(5)
    assert (story.rung, story.rungs()) == (Rung.CALL, ["call", "visit", "police", "call"])


def test_a_call_that_reached_somebody_settles_what_was_missed_but_not_what_comes(story):
    story.missed(3).logged(ContactKind.CALL, ContactResult.REACHED, due(3) + timedelta(minutes=5))
    assert story.rung is None
    story.missed(4)
    assert story.rung is Rung.CALL


def test_the_end_of_the_stay_ends_the_ladder(story):
    story.missed(3).tell(commands.NoteStayOver(*WHO, 2), due(4))

    assert (story.rung, story.timers) == (None, ())
    story.missed(4)
    assert story.rung is None


def test_a_new_stay_does_not_pay_for_the_old_one(story):
    story.missed(3).tell(commands.NoteStayOver(*WHO, 2), due(4))
    story.tell(replace(STAY, sequence=3, at=due(8)), due(8))

    assert (story.rung, story.state.misses) == (None, ())


def test_every_word_on_a_rung_is_told_with_a_rising_number(story):
    story.missed(3).passes().logged(ContactKind.VISIT, ContactResult.REACHED, due(3) + timedelta(hours=3))

    turns = [fact.turn for fact in story.facts]
    assert turns == list(range(1, len(turns) + 1))


NEWS = st.lists(
    st.one_of(
        st.builds(lambda day: commands.NoteMissed(*WHO, due(day)), st.integers(3, 8)),
        st.builds(
            lambda day: commands.NoteMissed(*WHO, due(day), Duty.CHECK_IN),
            st.integers(3, 8),
        ),
        st.builds(
            lambda day, h: commands.NoteDeclared(*WHO, due(day) + timedelta(hours=h)),
            st.integers(2, 8),
            st.integers(-9, 6),
        ),
    ),
    max_size=8,
)


def told(news, at=None):
    story = Story()
    for command in news:
        story.tell(command, at or due(9))
    return story


@given(news=NEWS, order=st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_the_same(news, order):
    whole = [STAY, *news]
    shuffled = [*whole, *news]
    order.shuffle(shuffled)
    one, other = told(whole), told(shuffled)

    assert one.state.misses == other.state.misses
    assert one.rung == other.rung
    assert one.state.declared_at == other.state.declared_at


@given(news=NEWS, climbs=st.integers(0, 4))
def test_never_two_rungs_for_one_miss(news, climbs):
    """Twice told is once told, and each beginning of the ladder goes up one by one."""
    story = Story()
    for command in [STAY, *news, *news]:
        before = story.rungs()
        story.tell(command, due(9))
        assert len(story.rungs()) - len(before) <= 1
    for _ in range(climbs):
        if any(timer.name == "climb" for timer in story.timers):
            story.passes()
    tasks = [fact.task_id for fact in story.facts if isinstance(fact, SupervisionClimbed)]
    assert len(tasks) == len(set(tasks)) or any(isinstance(fact, SupervisionSettled) for fact in story.facts)
    higher = {"call": "visit", "visit": "police"}
    open_rungs = []
    for fact in story.facts:
        if isinstance(fact, SupervisionSettled):
            open_rungs = []
        elif isinstance(fact, SupervisionClimbed):
            open_rungs.append(fact.rung.value)
            assert open_rungs[0] == "call"
            assert all(higher[low] == high for low, high in pairwise(open_rungs))
    assert (story.state.step is not None) == bool(story.state.misses)
