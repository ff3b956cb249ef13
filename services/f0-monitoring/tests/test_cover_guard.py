"""
The guard: whatever happens to the roster, every open patient has a doctor on duty, or it is told.

Random rosters, comings and goings, fulls, pins and closings, against the real decisions on memory stores.
"""

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from common.kernel.areas import MACHINE, Area
from common.work.engine import Work
from common.work.model import Cause, Errand, Heart
from f0_monitoring.domain.commands import AssignDoctor, ClosePatient, DeclarePatient, KeepDoctor
from f0_monitoring.domain.cover import NoteCover, decide_cover
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.model import CareState, Level, Origin, Profile
from f0_monitoring.domain.roster import candidate_of, decide_doctor
from f0_monitoring.domain.rotation import plan
from f0_monitoring.translate import to_event
from f0_monitoring.views.rotation import PAUSE_SECONDS, Rotation

PLACES = (Area("05908", "173"), Area("05830", "173"), Area("05431", "164"))
DOCTORS = ("d-0", "d-1", "d-2", "d-3")
ROUNDS_MAX = 12

steps = st.lists(
    st.one_of(
        st.tuples(st.just("duty"), st.sampled_from(DOCTORS), st.booleans()),
        st.tuples(st.just("capacity"), st.sampled_from(DOCTORS), st.integers(1, 6)),
        st.tuples(st.just("declare"), st.integers(0, 9), st.sampled_from(PLACES)),
        st.tuples(st.just("pin"), st.integers(0, 9), st.sampled_from(DOCTORS)),
        st.tuples(st.just("release"), st.integers(0, 9), st.none()),
        st.tuples(st.just("close"), st.integers(0, 9), st.none()),
    ),
    min_size=1,
    max_size=25,
)


class World:
    """The roster, the patients and the rotation, without a server."""

    def __init__(self, house: Any, rules: Any) -> None:
        self.house, self.number = house, 0
        clock, never = house.clock, lambda: None
        self.work = Work(Heart("patient", decide, to_event, lambda: rules), house.patients, clock)
        self.roster = Work(Heart("doctor", decide_doctor, to_event, never), house.doctors, clock)
        covers = Work(Heart("cover", decide_cover, to_event, never), house.beside.covers, clock)
        self.rotation = Rotation(self, house.patients, house.beside.covers, (self.work, covers), clock)  # type: ignore[arg-type]

    async def candidates(self) -> tuple[Any, ...]:
        loads = await self.house.patients.loads()
        found = [candidate_of(d, loads.get(d.doctor_id, 0)) for d in await self.house.doctors.roster()]
        return tuple(each for each in found if each)

    async def do(self, work: Any, command: Any) -> None:
        self.number += 1
        await work.run_batch([Errand(command, Cause(f"c-{self.number}"))])

    async def step(self, kind: str, who: Any, what: Any) -> None:
        person_id = f"p-{who}"
        match kind:
            case "duty" | "capacity":
                known = self.house.doctors.aggregates.get(who)
                on_duty = what if kind == "duty" else (known.state.on_duty if known else False)
                capacity = what if kind == "capacity" else (known.state.capacity if known else 3)
                area = ("173",) if int(who[-1]) % 2 else ("164",)
                await self.do(self.roster, KeepDoctor(who, (), area, capacity, (), on_duty, MACHINE))
            case "declare":
                await self.do(self.work, self._declaration(person_id, what))
            case "pin":
                await self.do(self.work, AssignDoctor(person_id, await self.candidates(), MACHINE, what))
            case "release":
                await self.do(self.work, AssignDoctor(person_id, await self.candidates(), MACHINE))
            case "close":
                await self.do(
                    self.work, ClosePatient(person_id, CareState.WRONGLY_DECLARED, "noted", "", MACHINE)
                )

    def _declaration(self, person_id: str, area: Area) -> DeclarePatient:
        by = replace(MACHINE, area_codes=area.codes())
        today = self.house.clock.now().date()
        return DeclarePatient(person_id, area, Profile(30 * 12), Origin.OFFICER, today, None, by)

    async def settle(self) -> None:
        """Let the rotation work until it has nothing left to do: it must come to an end."""
        for _ in range(ROUNDS_MAX):
            self.house.clock.forward(seconds=PAUSE_SECONDS)
            if not await self.rotation.round():
                return
        raise AssertionError("patients are moved to and fro")

    async def check(self) -> None:
        candidates = await self.candidates()
        on_duty = {c.doctor_id for c in candidates if c.on_duty}
        patients = [stored.state for stored in self.house.patients.aggregates.values()]
        uncovered = {p.area.commune_code for p in patients if not p.is_closed and p.carer_id not in on_duty}
        told = {each.area.commune_code for each in await self.house.beside.covers.broken()}
        assert told == uncovered
        if on_duty:
            assert all(p.is_pinned for p in patients if not p.is_closed and p.carer_id not in on_duty)
        assert plan(patients, candidates) == [], "the plan of a settled roster is empty"


@settings(max_examples=60, deadline=None)
@given(story=steps)
def test_no_open_patient_is_without_a_doctor_on_duty_or_it_is_told(make_house, books, story) -> None:
    async def run() -> None:
        world = World(make_house(), books)
        for step in story:
            await world.step(*step)
            await world.settle()
            await world.check()

    asyncio.run(run())


def test_a_gap_is_told_once_again_when_it_gets_worse_and_taken_back(at) -> None:
    area = PLACES[0]
    facts, state = [], None
    for note in (
        NoteCover(area, 2, Level.MEDIUM, "nobody-on-duty"),
        NoteCover(area, 3, Level.MEDIUM, "nobody-on-duty"),
        NoteCover(area, 3, Level.VERY_HIGH, "nobody-on-duty"),
        NoteCover(area, 0),
        NoteCover(area, 0),
    ):
        decision = decide_cover(state, note, None, at(10, 7))
        state, facts = decision.state, [*facts, *decision.facts]

    assert [(type(f).__name__, getattr(f, "patients", 0)) for f in facts] == [
        ("CareUncovered", 2),
        ("CareUncovered", 3),
        ("CareCovered", 0),
    ]
