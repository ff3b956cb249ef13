"""
Many patients, few beds, facts in any order and twice, crashes between the two halves: drawn by hypothesis.

No transfer takes a step that it may not take, no facility gives a bed that it has not, and once everything
was heard every bed is kept for exactly those who need it.
"""

import importlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from common.kernel.areas import Actor, Area
from common.kernel.decision import TimerFired
from f0_monitoring.domain import transfer_facts as facts
from f0_monitoring.domain.beds import counts, decide_facility
from f0_monitoring.domain.facility import (
    BedKind,
    BedReserved,
    Facility,
    FacilityKind,
    Hold,
    KeepFacility,
    OccupyBed,
    ReleaseBed,
    ReserveBed,
    Ward,
)
from f0_monitoring.domain.facility_errors import (
    AlreadyRequested,
    IllegalTransferStep,
    NoFreeBed,
    NoSuchTransfer,
)
from f0_monitoring.domain.model import CareState
from f0_monitoring.domain.transfer import (
    AcceptTransfer,
    CancelTransfer,
    FollowCare,
    Journey,
    NoteArrival,
    RefuseTransfer,
    RequestTransfer,
    StartTransport,
    TransferState,
)
from f0_monitoring.domain.transferring import decide_journey
from f0_monitoring.rulebook.facilities import FacilityRuleBook

tools = importlib.import_module("services.f0-monitoring.tests.conftest")
RULES = FacilityRuleBook.load(tools.RULES_FOLDER).transfers_on(tools.local(10, 7).date())
OFFICER = Actor("officer-1", frozenset(("health_officer",)), frozenset(("19",)))
T = TransferState
NEXT = {
    T.REQUESTED: {T.REQUESTED, T.ACCEPTED, T.CANCELLED},
    T.ACCEPTED: {T.UNDER_WAY, T.REQUESTED, T.CANCELLED},
    T.UNDER_WAY: {T.ARRIVED, T.CANCELLED},
    T.ARRIVED: set(),
    T.CANCELLED: set(),
}
"""The way of a transfer as the health service knows it, written down apart from the code."""
PEOPLE = [f"p-{n}" for n in range(3)]
PLACES = {"bv-a": 1, "bv-b": 2}
HERE = Area("05830", "173")
someone, somewhere = st.sampled_from(PEOPLE), st.sampled_from(sorted(PLACES))
REFUSALS = (AlreadyRequested, IllegalTransferStep, NoSuchTransfer, NoFreeBed)


class Province(RuleBasedStateMachine):
    """Two hospitals with three beds, four patients, and a bus that has everything in flight."""

    @initialize()
    def open_hospitals(self) -> None:
        self.now = tools.local(10, 7)
        self.numbered = 0
        self.journeys: dict[str, Journey] = {}
        self.timers: dict[str, Any] = {}
        self.in_flight: list[Any] = []
        self.delivered: list[Any] = []
        self.facilities: dict[str, Facility] = {}
        for name, beds in PLACES.items():
            wards = (Ward(BedKind.OXYGEN, beds),)
            self.to_facility(
                KeepFacility(name, FacilityKind.HOSPITAL, 2, name, HERE, ("173",), wards, OFFICER)
            )

    def to_facility(self, command: Any) -> Any:
        decision = decide_facility(self.facilities.get(command.facility_id), command, None, self.now)
        if decision.state is not None:
            self.facilities[command.facility_id] = decision.state
        self.in_flight += decision.facts
        return decision

    def to_journey(self, person: str, command: Any) -> Any:
        before = self.journeys.get(person)
        decision = decide_journey(before, command, RULES, self.now)
        if decision.state is not None:
            self.journeys[person] = decision.state
        if decision.timers is not None:
            self.timers[person] = decision.timers
        self.in_flight += decision.facts
        after = self.journeys.get(person)
        if before and after and before.transfer.transfer_id == after.transfer.transfer_id:
            was, now = before.transfer.state, after.transfer.state
            assert was is now or now in NEXT[was], f"{was} -> {now}"
        return decision

    def tried(self, act: Any) -> bool:
        """Do *act*; a refusal must leave everything as it was."""
        before = dict(self.journeys), dict(self.facilities), list(self.in_flight)
        try:
            act()
        except REFUSALS:
            assert (self.journeys, self.facilities, self.in_flight) == before
            return False
        return True

    def id_of(self, person: str) -> str:
        journey = self.journeys.get(person)
        return journey.transfer.transfer_id if journey else "none"

    @rule(person=someone, emergency=st.booleans())
    def ask(self, person: str, emergency: bool) -> None:
        self.numbered += 1
        known = self.journeys.get(person)
        command = RequestTransfer(
            person,
            f"t-{self.numbered}",
            OFFICER,
            area=HERE,
            tier=2,
            bed_kind=BedKind.OXYGEN,
            is_emergency=emergency,
            reason="worse",
        )
        done = self.tried(lambda: self.to_journey(person, command))
        assert done is (known is None or known.transfer.is_over), "one transfer at a time"

    @rule(person=someone, place=somewhere, crash=st.booleans())
    def accept(self, person: str, place: str, crash: bool) -> None:
        """Keep a bed; *crash*: the service dies before the transfer hears of it."""
        if person not in self.journeys:
            return
        self.numbered += 1
        hold, transfer_id = f"h-{self.numbered}", self.id_of(person)
        reserve = ReserveBed(place, hold, transfer_id, person, BedKind.OXYGEN, OFFICER)
        free = counts(self.facilities[place])[0].free
        kept = self.tried(lambda: self.to_facility(reserve))
        assert kept is (free > 0), "a free bed is given, and only a free one"
        if kept and not crash:
            self.to_journey(person, _accept(self.facilities[place], hold))

    @rule(person=someone, place=somewhere)
    def refuse(self, person: str, place: str) -> None:
        command = RefuseTransfer(person, self.id_of(person), OFFICER, facility_id=place, reason="no_bed")
        self.tried(lambda: self.to_journey(person, command))

    @rule(person=someone)
    def set_out(self, person: str) -> None:
        known = self.journeys.get(person)
        done = self.tried(
            lambda: self.to_journey(person, StartTransport(person, self.id_of(person), OFFICER))
        )
        assert done is (known is not None and known.transfer.state is T.ACCEPTED)

    @rule(person=someone)
    def arrive(self, person: str) -> None:
        known = self.journeys.get(person)
        done = self.tried(lambda: self.to_journey(person, NoteArrival(person, self.id_of(person), OFFICER)))
        assert done is (known is not None and known.transfer.state is T.UNDER_WAY)

    @rule(person=someone)
    def cancel(self, person: str) -> None:
        known = self.journeys.get(person)
        command = CancelTransfer(person, self.id_of(person), OFFICER, reason="better")
        done = self.tried(lambda: self.to_journey(person, command))
        assert done is (known is not None and not known.transfer.is_over)

    @rule(person=someone, care=st.sampled_from((CareState.AT_HOME, CareState.IN_HOSPITAL, CareState.DIED)))
    def move_by_hand(self, person: str, care: CareState) -> None:
        self.to_journey(person, FollowCare(person, care, self.now))

    @rule(hours=st.integers(1, 8))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for person in PEOPLE:
            while due := [t for t in self.timers.get(person, ()) if t.due_at <= self.now]:
                self.timers[person] = tuple(t for t in self.timers[person] if t is not due[0])
                self.to_journey(person, TimerFired(person, due[0].name, due[0].due_at))

    @rule(data=st.data())
    def hear_something(self, data: st.DataObject) -> None:
        """One fact arrives, whichever; an old one may come again."""
        fresh = self.in_flight and data.draw(st.booleans())
        heap = self.in_flight if fresh or not self.delivered else self.delivered
        if heap:
            self.hear(data.draw(st.sampled_from(heap)))

    def hear(self, fact: Any) -> None:
        if fact in self.in_flight:
            self.in_flight.remove(fact)
            self.delivered.append(fact)
        match fact:
            case BedReserved():
                self.to_journey(fact.hold.person_id, _accept(fact.facility, fact.hold.hold_id))
            case facts.TransferArrived():
                self.to_facility(OccupyBed(fact.facility_id, fact.hold_id))
            case facts.BedGivenBack():
                self.to_facility(ReleaseBed(fact.facility_id, fact.hold_id, fact.reason))

    @rule()
    def hear_everything(self) -> None:
        """At last everything was heard: beds are kept for exactly those who need them."""
        while self.in_flight:
            self.hear(self.in_flight[0])
        held = {
            hold.hold_id: (name, hold.is_occupied)
            for name, facility in self.facilities.items()
            for hold in facility.holds
        }
        needed = {}
        for journey in self.journeys.values():
            transfer = journey.transfer
            if transfer.hold_id and not transfer.is_over:
                needed[transfer.hold_id] = (transfer.facility_id, False)
            if journey.stay:
                needed[journey.stay.hold_id] = (journey.stay.facility_id, True)
        assert held == needed

    def teardown(self) -> None:
        """Whatever happened, in the end everything is heard."""
        if hasattr(self, "in_flight"):
            self.hear_everything()

    @invariant()
    def no_bed_is_given_twice(self) -> None:
        for facility in self.facilities.values():
            for count in counts(facility):
                assert count.free >= 0
                assert count.reserved + count.occupied <= count.beds
            assert len({hold.hold_id for hold in facility.holds}) == len(facility.holds)

    @invariant()
    def nobody_waits_unheard(self) -> None:
        """An open transfer has a deadline, until it was told that it takes too long."""
        for person, journey in self.journeys.items():
            transfer = journey.transfer
            assert bool(self.timers[person]) is (not transfer.is_over and not transfer.is_told)


def _accept(facility: Facility, hold_id: str) -> AcceptTransfer:
    hold: Hold = next(h for h in facility.holds if h.hold_id == hold_id)
    return AcceptTransfer(
        hold.person_id,
        hold.transfer_id,
        replace(OFFICER, subject="officer-2"),
        facility_id=facility.facility_id,
        hold_id=hold_id,
        bed_kind=hold.kind,
    )


TestProvince = Province.TestCase
TestProvince.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
