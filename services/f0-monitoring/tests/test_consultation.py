"""The life of a consultation: no illegal path, every deadline, and how long they really talked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision, Timer, TimerFired
from common.kernel.errors import DomainError, Invalid
from f0_monitoring.domain import calls, consulting, diary
from f0_monitoring.domain import consultation_commands as commands
from f0_monitoring.domain import consultation_errors as errors
from f0_monitoring.domain import consultation_facts as facts
from f0_monitoring.domain.consultation import (
    LEGAL,
    OVER,
    Consultation,
    Grade,
    Party,
    Quality,
    State,
    Way,
    party_of,
)
from f0_monitoring.domain.model import CareState, Level, Origin, Patient, Profile, Risk
from f0_monitoring.translate.consultations import to_event

NOW = datetime(2022, 2, 10, 8, 0, tzinfo=UTC)
HERE = Area("05830", "173")
DOCTOR = Actor("doctor-1", frozenset(("doctor",)), frozenset(("173",)))
LAN = Actor("p-1", frozenset(("citizen",)), person_id="p-1")
FACT_OF = {
    State.REQUESTED: facts.ConsultationRequested,
    State.SCHEDULED: facts.ConsultationScheduled,
    State.REMINDED: facts.ConsultationReminded,
    State.HELD: facts.ConsultationHeld,
    State.MISSED: facts.ConsultationMissed,
    State.CANCELLED: facts.ConsultationCancelled,
}


class Visit:
    """One consultation and its clock."""

    def __init__(self) -> None:
        self.now = NOW
        self.state: Consultation | None = None
        self.timers: tuple[Timer, ...] = ()
        self.facts: list[Any] = []

    def do(self, command: Any) -> Decision[Consultation]:
        if isinstance(command, TimerFired):
            self.timers = tuple(t for t in self.timers if t.name != command.name)
        decision = consulting.decide_consultation(self.state, command, None, self.now)
        assert decision == consulting.decide_consultation(self.state, command, None, self.now)
        self.state = decision.state
        self.facts += decision.facts
        self.timers = self.timers if decision.timers is None else decision.timers
        return decision

    def ask(self, **more: Any) -> None:
        self.do(
            commands.RequestConsultation(
                "c-1", "p-1", HERE, "doctor-1", Way.VIDEO, "", LAN, Party.PATIENT, **more
            )
        )

    def schedule(self, after: timedelta, minutes: int = 15, party: Party = Party.DOCTOR) -> None:
        self.do(
            commands.ScheduleConsultation(
                "c-1", "doctor-1", self.now + after, minutes, Way.VIDEO, DOCTOR, party
            )
        )

    def connect(self, way: Way = Way.VIDEO) -> None:
        self.do(calls.CallConnected("c-1", way))

    def lose(self, **more: Any) -> None:
        self.do(calls.CallLost("c-1", **more))

    def hold(self, party: Party = Party.DOCTOR, **more: Any) -> None:
        self.do(calls.HoldConsultation("c-1", DOCTOR, party, **more))

    def cancel(self, party: Party = Party.PATIENT) -> None:
        self.do(commands.CancelConsultation("c-1", "patient-better", LAN, party))

    def wait(self, span: timedelta, **seen: Any) -> None:
        """Let time pass and fire what comes due; *seen* is what the store finds then."""
        until = self.now + span
        while due := sorted((t for t in self.timers if t.due_at <= until), key=lambda t: t.due_at):
            self.now = max(self.now, due[0].due_at)
            self.do(calls.Looked("c-1", due[0].name, due[0].due_at, **seen))
        self.now = until

    @property
    def known(self) -> Consultation:
        assert self.state is not None
        return self.state


@pytest.fixture
def visit() -> Visit:
    visit = Visit()
    visit.ask()
    return visit


HOUR = timedelta(hours=1)


def test_asked_scheduled_reminded_held_and_noted(visit: Visit) -> None:
    visit.schedule(2 * HOUR)
    visit.wait(1.5 * HOUR)
    assert visit.known.state is State.REMINDED
    visit.wait(0.5 * HOUR)
    visit.connect()
    visit.wait(timedelta(minutes=12), last_present_at=visit.now + timedelta(minutes=12))
    visit.hold(quality=Quality(0.5, 80, is_relayed=True))
    note = commands.NoteConsultation("c-1", "sealed", "DT-123", DOCTOR, Party.DOCTOR)
    visit.do(note)

    held = visit.facts[-1]
    assert visit.known.state is State.HELD
    assert (held.duration_seconds, held.way, held.quality.grade) == (720, Way.VIDEO, Grade.GOOD)
    assert [step.to_state for step in visit.known.history] == [
        State.REQUESTED,
        State.SCHEDULED,
        State.REMINDED,
        State.HELD,
    ]
    assert [step.by for step in visit.known.history] == ["p-1", "doctor-1", "machine", "doctor-1"]
    assert (visit.known.note, visit.known.prescription_ref) == ("sealed", "DT-123")
    assert visit.timers == ()


def test_breaks_are_left_out_and_counted(visit: Visit) -> None:
    visit.connect(Way.AUDIO)
    visit.now += timedelta(minutes=3)
    visit.lose(quality=Quality(9.0, 700))
    visit.now += timedelta(minutes=2)
    visit.connect(Way.VIDEO)
    visit.now += timedelta(minutes=4)
    visit.hold(quality=Quality(1.0, 100))

    held = visit.facts[-1]
    assert held.duration_seconds == 7 * 60
    assert held.reconnections == 1
    assert held.way is Way.VIDEO
    assert held.quality.grade is Grade.POOR  # the worst that was measured is told


def test_both_telling_the_same_connection_count_once(visit: Visit) -> None:
    visit.connect()
    visit.now += timedelta(seconds=5)
    visit.connect()
    visit.now += timedelta(seconds=55)
    visit.lose()
    visit.lose()

    assert visit.known.call.seconds == 60
    assert visit.known.call.connections == 1


def test_a_room_that_died_unannounced_is_found_by_the_watch(visit: Visit) -> None:
    visit.connect()
    last_heard = visit.now + timedelta(minutes=5)
    visit.wait(timedelta(minutes=30), last_present_at=last_heard)

    assert visit.known.state is State.HELD
    assert visit.known.duration_seconds == 5 * 60


def test_a_call_that_goes_on_is_not_ended_by_the_watch_nor_by_its_planned_end(visit: Visit) -> None:
    visit.schedule(timedelta())
    visit.connect()
    for _ in range(30):
        visit.wait(timedelta(minutes=3), last_present_at=visit.now + timedelta(minutes=2, seconds=50))

    assert visit.known.state in (State.SCHEDULED, State.REMINDED)
    visit.hold()
    assert visit.known.duration_seconds == 90 * 60


def test_a_call_that_broke_off_may_be_taken_up_within_ten_minutes(visit: Visit) -> None:
    visit.connect()
    visit.now += timedelta(minutes=6)
    visit.lose()
    visit.wait(timedelta(minutes=9))
    assert not visit.known.is_over
    visit.wait(timedelta(minutes=2))
    assert visit.known.state is State.HELD
    assert visit.known.duration_seconds == 6 * 60


def test_an_hour_in_which_nobody_spoke_is_missed(visit: Visit) -> None:
    visit.schedule(HOUR, minutes=15)
    visit.wait(timedelta(hours=1, minutes=44))
    assert visit.known.state is State.REMINDED
    visit.wait(timedelta(minutes=2))
    assert visit.known.state is State.MISSED
    assert visit.facts[-1].reason == "not-held"


def test_a_wish_that_nobody_answers_is_told_after_a_day(visit: Visit) -> None:
    visit.wait(timedelta(hours=25))
    assert (visit.known.state, visit.facts[-1].reason) == (State.MISSED, "unanswered")


def test_an_appointment_of_somebody_whose_record_closed_is_called_off_by_itself(visit: Visit) -> None:
    visit.schedule(2 * HOUR)
    visit.wait(2 * HOUR, is_record_open=False)
    assert visit.known.state is State.CANCELLED
    assert (visit.facts[-1].by, visit.facts[-1].reason) == (Party.MACHINE, "record-closed")


def test_another_hour_reminds_again(visit: Visit) -> None:
    visit.schedule(HOUR)
    visit.wait(timedelta(minutes=40))
    assert visit.known.state is State.REMINDED
    visit.schedule(24 * HOUR)
    assert visit.known.state is State.SCHEDULED
    assert visit.facts[-1].from_starts_at == NOW + HOUR
    visit.wait(24 * HOUR - timedelta(minutes=30))
    assert visit.known.state is State.REMINDED


def test_a_telephone_call_is_held_by_what_the_doctor_notes(visit: Visit) -> None:
    visit.hold(phone_minutes=8)
    assert (visit.facts[-1].way, visit.facts[-1].duration_seconds) == (Way.PHONE, 480)
    assert visit.facts[-1].quality.grade is Grade.UNKNOWN


def test_it_is_told_of_the_doctor_who_held_it(visit: Visit) -> None:
    stand_in = Actor("doctor-2", frozenset(("doctor",)))
    visit.do(calls.HoldConsultation("c-1", stand_in, Party.DOCTOR, phone_minutes=3))
    assert visit.facts[-1].doctor_id == "doctor-2"


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda v: v.hold(), errors.NeverConnected),
        (lambda v: v.hold(phone_minutes=0), Invalid),
        (lambda v: v.hold(Party.PATIENT), errors.NotYourConsultation),
        (lambda v: v.hold(Party.OFFICER, phone_minutes=3), errors.NotYourConsultation),
        (lambda v: v.schedule(HOUR, party=Party.PATIENT), errors.NotYourConsultation),
        (lambda v: v.schedule(-HOUR), Invalid),
        (lambda v: v.schedule(31 * 24 * HOUR), Invalid),
        (lambda v: v.schedule(HOUR, minutes=4), Invalid),
        (
            lambda v: v.do(commands.NoteConsultation("c-1", "", "", LAN, Party.PROXY)),
            errors.NotYourConsultation,
        ),
    ],
)
def test_what_is_refused_changes_nothing(visit: Visit, act: Any, refusal: type[DomainError]) -> None:
    before = visit.known
    with pytest.raises(refusal):
        act(visit)
    assert visit.known is before


def test_nothing_begins_for_a_closed_record() -> None:
    with pytest.raises(errors.RecordIsClosed):
        Visit().ask(is_record_open=False)


def test_only_the_own_doctor_the_patient_and_named_carers_take_part() -> None:
    patient = Patient(
        person_id="p-1",
        area=HERE,
        profile=Profile(360),
        origin=Origin.OFFICER,
        declared_at=NOW,
        tested_on=NOW.date(),
        care=CareState.AT_HOME,
        risk=Risk(Level.LOW, NOW, "", Level.LOW),
        carer_id="doctor-1",
        guardian_ids=("p-daughter",),
    )
    citizen, doctor = frozenset(("citizen",)), frozenset(("doctor",))
    assert party_of(Actor("a", citizen, person_id="p-1"), patient) is Party.PATIENT
    assert party_of(Actor("b", citizen, person_id="p-daughter"), patient) is Party.PROXY
    assert party_of(Actor("c", citizen, person_id="p-3"), patient) is None
    assert party_of(DOCTOR, patient) is Party.DOCTOR
    assert party_of(Actor("doctor-2", doctor, frozenset(("173",))), patient) is None
    assert party_of(Actor("doctor-2", doctor, frozenset(("173",))), patient, "doctor-2") is Party.DOCTOR
    officer = frozenset(("health_officer",))
    assert party_of(Actor("o", officer, frozenset(("173",))), patient) is Party.OFFICER
    assert party_of(Actor("o", officer, frozenset(("164",))), patient) is None


@pytest.mark.parametrize(
    ("loss", "trip", "grade"),
    [
        (1.99, 299, Grade.GOOD),
        (2.0, 299, Grade.FAIR),
        (1.99, 300, Grade.FAIR),
        (7.99, 599, Grade.FAIR),
        (8.0, 10, Grade.POOR),
        (0.0, 600, Grade.POOR),
        (None, 10, Grade.UNKNOWN),
    ],
)
def test_the_line_is_graded(loss: float | None, trip: int, grade: Grade) -> None:
    assert Quality(loss, trip).grade is grade


def booked(minute: int, minutes: int = 15, name: str = "c-2") -> diary.Booking:
    at = NOW + timedelta(minutes=minute)
    return diary.Booking(name, at, at + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minute", "minutes", "is_free"),
    [(0, 15, False), (14, 5, False), (15, 5, True), (-15, 15, True), (-15, 16, False), (5, 5, False)],
)
def test_hours_that_overlap_are_refused_and_neighbours_are_not(
    minute: int, minutes: int, *, is_free: bool
) -> None:
    book = diary.decide_diary(None, diary.Book("doctor:d", booked(0, name="c-1")), None, NOW).state
    wanted = diary.Book("doctor:d", booked(minute, minutes))
    if is_free:
        after = diary.decide_diary(book, wanted, None, NOW).state
        assert after is not None
        assert len(after.bookings) == 2
    else:
        with pytest.raises(errors.HourTaken, match="15:00-15:15"):
            diary.decide_diary(book, wanted, None, NOW)


def test_a_consultation_that_moves_gives_its_hour_back_and_old_ones_are_forgotten() -> None:
    book = diary.decide_diary(None, diary.Book("person:p", booked(0, name="c-1")), None, NOW).state
    book = diary.decide_diary(book, diary.Book("person:p", booked(5, name="c-1")), None, NOW).state
    assert book is not None
    assert [b.starts_at for b in book.bookings] == [NOW + timedelta(minutes=5)]
    later = NOW + timedelta(days=2)
    assert diary.decide_diary(book, diary.Free("person:p", "other"), None, later).state == diary.Diary(
        "person:p"
    )


class Lives(RuleBasedStateMachine):
    """Any order of acts and deadlines: transitions are legal, facts fit them, times add up."""

    @initialize()
    def begin(self) -> None:
        self.visit = Visit()
        self.visit.ask()
        self.before = self.visit.known

    def act(self, deed: Any) -> None:
        self.before, told = self.visit.known, len(self.visit.facts)
        try:
            deed()
        except DomainError:
            assert self.visit.known is self.before
            assert len(self.visit.facts) == told
            return
        after, new = self.visit.known, self.visit.facts[told:]
        steps = after.history[len(self.before.history) :]
        path = [self.before.state, *(step.to_state for step in steps)]
        assert all(then in LEGAL[first] for first, then in pairwise(path))
        assert after.state is path[-1]
        assert [type(fact) for fact in new] == [FACT_OF[step.to_state] for step in steps]
        for fact in new:
            assert to_event(fact).model_dump_json()

    @rule(minutes=st.integers(-10, 3000), length=st.integers(1, 70), party=st.sampled_from(Party))
    def schedule(self, minutes: int, length: int, party: Party) -> None:
        self.act(lambda: self.visit.schedule(timedelta(minutes=minutes), length, party))

    @rule(party=st.sampled_from(Party))
    def cancel(self, party: Party) -> None:
        self.act(lambda: self.visit.cancel(party))

    @rule(way=st.sampled_from(Way))
    def connect(self, way: Way) -> None:
        self.act(lambda: self.visit.connect(way))

    @rule()
    def lose(self) -> None:
        self.act(lambda: self.visit.lose(quality=Quality(3.0, 40)))

    @rule(party=st.sampled_from(Party), minutes=st.none() | st.integers(-1, 200))
    def hold(self, party: Party, minutes: int | None) -> None:
        self.act(lambda: self.visit.hold(party, phone_minutes=minutes))

    @rule(party=st.sampled_from(Party))
    def note(self, party: Party) -> None:
        self.act(lambda: self.visit.do(commands.NoteConsultation("c-1", "n", "", DOCTOR, party)))

    @rule(minutes=st.integers(0, 2000), is_open=st.booleans(), heard=st.none() | st.integers(0, 60))
    def wait(self, minutes: int, is_open: bool, heard: int | None) -> None:
        seen = None if heard is None else self.visit.now + timedelta(minutes=heard)
        span = timedelta(minutes=minutes)
        self.act(lambda: self.visit.wait(span, is_record_open=is_open, last_present_at=seen))

    @precondition(lambda self: self.visit.known.state in OVER)
    @invariant()
    def what_is_over_stays_over_and_owes_nothing(self) -> None:
        assert self.visit.timers == ()
        assert self.visit.known.call.connected_since is None

    @precondition(lambda self: self.visit.known.state not in OVER)
    @invariant()
    def what_is_open_always_has_a_deadline(self) -> None:
        assert self.visit.timers

    @invariant()
    def held_has_a_duration_and_nothing_else_has(self) -> None:
        known = self.visit.known
        assert (known.duration_seconds is not None) == (known.state is State.HELD)
        assert known.call.seconds <= (self.visit.now - NOW).total_seconds() + 1


Lives.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_lives = Lives.TestCase
