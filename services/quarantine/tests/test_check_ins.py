"""Random check-ins: drawn within the hours, the same after a restart, judged by the fence, missed once."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kernel.areas import Actor, Area
from common.kernel.clock import VIETNAM, local_day
from common.kernel.decision import TimerFired
from quarantine.domain.model import Place
from quarantine.domain.supervision import commands
from quarantine.domain.supervision.check_ins import ANSWER, ASK
from quarantine.domain.supervision.decide import decide
from quarantine.domain.supervision.drawing import next_time, times_on
from quarantine.domain.supervision.errors import CheckInAlreadyAsked, CheckInNotAsked, NotSupervised
from quarantine.domain.supervision.facts import CheckInAnswered, CheckInMissed, CheckInRequested
from quarantine.domain.supervision.fence import Point, Position, judge, metres_between
from quarantine.domain.supervision.model import Duty, Miss, Verdict
from quarantine.rulebook.supervision import read_watch_rules

BOOK = read_watch_rules(Path(__file__).parents[3] / "rules" / "supervision", "secret")
RULES = BOOK.on(date(2021, 8, 3))
AREA = Area("05443", "164")
OFFICER = Actor("cb-05443", frozenset({"health_officer"}), frozenset({"05443"}))
WHO = ("pquarantined", AREA)
START = datetime(2021, 8, 2, 1, tzinfo=UTC)
STAY = commands.NoteStay(*WHO, 1, START, Place.HOME, date(2021, 8, 2), date(2021, 8, 4))
HOME = Point(21.594, 105.848)
METRE = 1 / 111_195
"""Degrees of latitude."""


class Story:
    def __init__(self):
        self.state, self.timers, self.facts = None, (), []

    def tell(self, command, at):
        decision = decide(self.state, command, BOOK, at)
        self.state = decision.state
        self.timers = self.timers if decision.timers is None else decision.timers
        self.facts += decision.facts
        self.answer = decision.answer
        return self

    def timer(self, name):
        return next((timer for timer in self.timers if timer.name == name), None)

    def fires(self, name, late=timedelta()):
        timer = self.timer(name)
        return self.tell(TimerFired(WHO[0], name, timer.due_at), timer.due_at + late)

    def answers(self, verdict, at, *, request_id=None, home=None):
        request_id = request_id or self.state.open.request_id
        measured = self.state.home if home is None else home
        command = commands.AnswerCheckIn(
            *WHO, request_id, verdict, measured, evidence="s-evidence", home="s-home"
        )
        return self.tell(command, at)

    def kinds(self):
        return [type(fact) for fact in self.facts]


@pytest.fixture
def story():
    return Story().tell(STAY, START)


@given(
    person=st.text("abcdef0123456789", min_size=8, max_size=8),
    day=st.dates(date(2021, 6, 1), date(2024, 3, 1)),
)
def test_times_lie_within_the_hours_apart_and_are_the_same_at_every_look(person, day):
    times = times_on(person, day, BOOK)

    assert times == times_on(person, day, BOOK)
    assert len(times) == RULES.per_day
    for at in times:
        assert local_day(at) == day
        assert RULES.opens <= at.astimezone(VIETNAM).time()
        assert (at + RULES.window).astimezone(VIETNAM).time() <= RULES.closes
    assert times[1] - times[0] >= RULES.window


def test_times_cannot_be_foreseen_without_the_secret_and_differ_by_person_and_day():
    other = read_watch_rules(Path(__file__).parents[3] / "rules" / "supervision", "another")
    day = date(2021, 8, 3)
    drawn = {
        times_on("p1", day, BOOK),
        times_on("p2", day, BOOK),
        times_on("p1", day, other),
        tuple(at - timedelta(days=1) for at in times_on("p1", day + timedelta(days=1), BOOK)),
    }
    assert len(drawn) == 4


def test_nobody_is_asked_before_the_order_or_after_the_last_day():
    assert next_time("p1", START, date(2021, 8, 2), date(2021, 8, 1), BOOK) is None
    last = times_on("p1", date(2021, 8, 4), BOOK)[-1]
    assert next_time("p1", last, date(2021, 8, 2), date(2021, 8, 4), BOOK) is None
    assert next_time("p1", last - timedelta(seconds=1), date(2021, 8, 2), date(2021, 8, 4), BOOK) == last


def test_a_request_is_made_at_the_drawn_time_once_and_the_next_is_drawn(story):
    at = story.timer(ASK).due_at
    story.fires(ASK)

    assert story.kinds() == [CheckInRequested]
    assert story.state.open.answer_by == at + RULES.window
    assert story.timer(ASK).due_at > at
    assert story.timer(ANSWER).due_at == at + RULES.window + RULES.grace


def test_over_the_whole_stay_everybody_is_asked_twice_a_day_and_then_no_more(story):
    while story.timer(ASK):
        if story.timer(ANSWER) and story.timer(ANSWER).due_at < story.timer(ASK).due_at:
            story.fires(ANSWER)
        story.fires(ASK)
    asked = [fact.asked_at for fact in story.facts if isinstance(fact, CheckInRequested)]

    assert asked == [
        at for day in (2, 3, 4) for at in times_on(WHO[0], date(2021, 8, day), BOOK) if at > START
    ]


def test_a_request_that_the_service_slept_through_is_left_out_and_nobody_missed_it(story):
    story.fires(ASK, late=timedelta(minutes=6))

    assert (story.facts, story.state.open, story.state.misses) == ([], None, ())
    assert story.timer(ASK) is not None


def test_nobody_answers_and_it_is_missed_once_with_one_task(story):
    story.fires(ASK).fires(ANSWER)
    again = TimerFired(WHO[0], ANSWER, story.facts[0].answer_by + RULES.grace)
    story.tell(again, again.due_at)

    assert story.kinds().count(CheckInMissed) == 1
    assert [miss.duty for miss in story.state.misses] == [Duty.CHECK_IN]
    assert story.state.step.rung == "call"
    assert story.kinds()[1].__name__ == "CheckInMissed"


def test_the_first_sure_answer_registers_the_place_and_counts(story):
    story.fires(ASK)
    story.answers(Verdict.INSIDE, story.state.open.asked_at + timedelta(minutes=2))

    assert story.state.home == "s-home"
    assert story.answer["is_home_registered"]
    assert story.state.recent[-1].evidence == ""
    assert story.timer(ANSWER) is None


def test_an_answer_sent_twice_is_one(story):
    story.fires(ASK)
    request_id, at = story.state.open.request_id, story.state.open.asked_at + timedelta(minutes=2)
    story.answers(Verdict.INSIDE, at)
    before = list(story.facts)
    story.answers(Verdict.OUTSIDE, at, request_id=request_id)

    assert story.facts == before
    assert story.answer["verdict"] == "inside"


def test_a_late_answer_from_home_climbs_down_but_the_miss_was_told(story):
    story.fires(ASK).fires(ANSWER)
    request_id, at = story.facts[0].request_id, story.facts[0].answer_by + timedelta(minutes=10)
    story.answers(Verdict.INSIDE, at, request_id=request_id)

    assert story.answer["is_late"]
    assert (story.state.step, story.state.misses) == (None, ())
    assert story.kinds().count(CheckInMissed) == 1
    assert story.kinds().count(CheckInAnswered) == 1


def test_an_answer_from_elsewhere_does_not_climb_down_and_its_position_is_kept_as_evidence(story):
    story.fires(ASK).fires(ANSWER)
    request_id, at = story.facts[0].request_id, story.facts[0].answer_by + timedelta(minutes=1)
    story.answers(Verdict.OUTSIDE, at, request_id=request_id)

    assert story.state.step is not None
    assert story.state.recent[-1].evidence == "s-evidence"


def test_answers_that_show_nothing_are_no_breach_but_the_third_asks_for_a_call(story):
    at = START + timedelta(hours=1)
    for number in range(RULES.unclear_in_a_row):
        story.tell(commands.AskForCheckIn(*WHO, OFFICER, f"r-{number}"), at)
        story.answers(Verdict.UNCLEAR, at + timedelta(minutes=1))
        assert bool(story.state.step) == (number == RULES.unclear_in_a_row - 1)
        at += timedelta(minutes=20)

    assert story.state.misses == (Miss(at - timedelta(minutes=19), Duty.CHECK_IN),)
    assert CheckInMissed not in story.kinds()


def test_a_fence_that_was_moved_meanwhile_decides_nothing(story):
    story.tell(commands.SetHome(*WHO, OFFICER, "s-officers-home"), START)
    story.fires(ASK)
    story.answers(Verdict.OUTSIDE, story.state.open.asked_at, home="s-older-home")

    assert story.state.recent[-1].verdict is Verdict.UNCLEAR


def test_officers_ask_only_at_home_and_not_twice(story):
    story.tell(commands.AskForCheckIn(*WHO, OFFICER, "r-1"), START)
    with pytest.raises(CheckInAlreadyAsked):
        story.tell(commands.AskForCheckIn(*WHO, OFFICER, "r-2"), START)
    with pytest.raises(CheckInNotAsked):
        story.answers(Verdict.INSIDE, START, request_id="r-9")
    story.tell(commands.NoteStayOver(*WHO, 2), START)
    assert story.state.open is None
    with pytest.raises(NotSupervised):
        story.tell(commands.AskForCheckIn(*WHO, OFFICER, "r-3"), START)


@pytest.mark.parametrize(
    ("metres", "accuracy", "verdict"),
    [
        (0, 10, Verdict.INSIDE),
        (99, 150, Verdict.INSIDE),
        (101, 10, Verdict.UNCLEAR),
        (249, 150, Verdict.UNCLEAR),
        (251, 149, Verdict.OUTSIDE),
        (5_000, 20, Verdict.OUTSIDE),
        (5_000, 151, Verdict.UNCLEAR),
    ],
)
def test_outside_only_when_the_whole_circle_is_outside(metres, accuracy, verdict):
    there = Position(Point(HOME.latitude + metres * METRE, HOME.longitude), accuracy)

    assert judge(HOME, there, RULES) is verdict


def test_a_set_position_and_none_are_unclear_and_without_a_home_the_first_one_is_home():
    assert judge(HOME, None, RULES) is Verdict.UNCLEAR
    assert judge(HOME, Position(HOME, 5, is_mock=True), RULES) is Verdict.UNCLEAR
    assert judge(None, Position(HOME, 5), RULES) is Verdict.INSIDE
    assert judge(None, Position(HOME, 5_000), RULES) is Verdict.UNCLEAR


def test_distances_are_those_of_the_ground():
    hanoi, thai_nguyen = Point(21.0285, 105.8542), Point(21.5942, 105.8482)

    assert metres_between(hanoi, thai_nguyen) == pytest.approx(62_900, rel=0.01)
    assert metres_between(hanoi, hanoi) == 0


def test_the_hours_of_the_rules_are_those_that_were_signed():
    assert (RULES.opens, RULES.closes) == (time(7), time(20))
