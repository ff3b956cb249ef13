"""What a change of directive makes of issued permits: foreseen and applied by one function, in any order."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permit.domain.commands import Reevaluate, Suspend
from permit.domain.decide import decide
from permit.domain.facts import PermitIssued, PermitReinstated, PermitSuspended, Why
from permit.domain.model import Holder, Permit, Source, Status, Window
from permit.domain.outlook import Effect, outlook, within_hours
from permit.domain.record import DecisionRecorded
from permit.domain.rules import Directive
from permit.domain.verdict import is_within_hours
from services.permit.tests.samples import (
    EVERY_DAY,
    HOUR,
    NOW,
    OFFICER,
    PERSON,
    RULES,
    application,
    standing,
    terms,
)

PERMIT = application().permit_id
MONTH = {"valid_until": NOW + 700 * HOUR}
STRICT, LOOSE = Directive.DIRECTIVE_16, Directive.DIRECTIVE_19


def play(*commands: Any, holder: Holder | None = None) -> tuple[Holder, list[Any]]:
    facts: list[Any] = []
    for command in commands:
        decision = decide(holder, command, RULES, NOW)
        holder = decision.state
        facts += [fact for fact in decision.facts if not isinstance(fact, DecisionRecorded)]
    assert holder is not None
    return holder, facts


def granted(category: str, **changes: Any) -> Holder:
    asked = application(directive="19", terms=terms(category=category, **{**MONTH, **changes}))
    return play(asked)[0]


def under(directive: Directive) -> Reevaluate:
    return Reevaluate(PERSON, ((PERMIT, str(directive)),), NOW)


def seen(holder: Holder, directive: Directive = STRICT) -> tuple[Effect, Permit]:
    found = outlook(holder.permits[0], directive, RULES, NOW)
    return found.effect, found.permit


def test_a_category_that_may_not_travel_any_more_is_suspended_and_returns_when_the_directive_is_lifted() -> (
    None
):
    holder = granted("personal")
    assert seen(holder)[0] is Effect.STOPS
    holder, facts = play(under(STRICT), holder=holder)
    permit = holder.permits[0]
    assert holder.status_of(permit) is Status.SUSPENDED
    assert permit.limits is not None
    assert "Chỉ thị 16" in permit.limits.reason
    [suspended] = facts
    assert isinstance(suspended, PermitSuspended)
    assert suspended.why is Why.DIRECTIVE
    assert seen(holder, LOOSE)[0] is Effect.RETURNS
    holder, facts = play(under(LOOSE), holder=holder)
    assert isinstance(facts[0], PermitReinstated)
    assert holder.permits[0].terms == terms(category="personal", **MONTH)


def test_hours_and_end_become_narrower_and_come_back() -> None:
    holder = granted("delivery", windows=(Window(EVERY_DAY, 4 * 60, 22 * 60),))
    effect, permit = seen(holder)
    assert effect is Effect.NARROWS
    assert permit.terms.windows == (Window(EVERY_DAY, 6 * 60, 21 * 60),)
    assert permit.terms.valid_until == NOW + 72 * HOUR
    assert permit.status(is_barred=False) is Status.ISSUED
    holder, facts = play(under(STRICT), holder=holder)
    assert facts == []
    assert holder.permits[0] == permit
    back, _ = play(under(LOOSE), holder=holder)
    assert back.permits[0].terms.valid_until == NOW + 700 * HOUR


def test_what_a_person_must_look_at_now_counts_as_long_as_the_person_has_to_answer() -> None:
    effect, permit = seen(granted("family-emergency"))
    assert effect is Effect.NARROWS
    assert permit.terms.valid_until == NOW + 2 * HOUR
    assert permit.limits is not None
    assert permit.limits.rule == "review:family-emergency"


def test_what_an_officer_decided_is_not_asked_again() -> None:
    holder = granted("worker", valid_until=NOW + 71 * HOUR)
    decided = replace(holder.permits[0], ruling=replace(holder.permits[0].ruling, by="can-bo"))
    assert outlook(decided, STRICT, RULES, NOW).effect is Effect.UNCHANGED


def test_a_vehicle_without_a_plate_stops_where_one_is_needed() -> None:
    effect, permit = seen(granted("delivery", plate=""))
    assert effect is Effect.STOPS
    assert permit.limits is not None
    assert permit.limits.rule == "plate:delivery"


def test_a_permit_keeps_what_it_was_issued_under() -> None:
    holder = play(application())[0]
    assert outlook(holder.permits[0], STRICT, RULES, NOW + 20 * HOUR).effect is Effect.UNCHANGED
    assert outlook(holder.permits[0], LOOSE, RULES, NOW).effect is Effect.UNCHANGED


def test_applying_again_changes_nothing_even_later() -> None:
    once, _ = play(under(STRICT), holder=granted("delivery"))
    again = replace(under(STRICT), at=NOW + timedelta(hours=30))
    assert decide(once, again, RULES, NOW).state is once


def test_directive_standing_and_hold_end_the_same_in_every_order() -> None:
    commands = (
        under(STRICT),
        standing(Source.F0, 1, is_barred=True),
        standing(Source.F0, 2, is_barred=False),
        Suspend(PERSON, PERMIT, OFFICER),
    )
    for order in permutations(commands):
        holder, facts = play(*order, holder=granted("personal"))
        assert holder.status_of(holder.permits[0]) is Status.SUSPENDED
        assert holder.permits[0].limits is not None
        free, more = play(under(LOOSE), holder=holder)
        assert free.status_of(free.permits[0]) is Status.SUSPENDED  # the officer's hold is another reason
        assert more == []
        assert not any(isinstance(fact, PermitIssued) for fact in facts)
    for order in permutations(commands[:3]):
        holder, _ = play(*order, under(LOOSE), holder=granted("personal"))
        assert holder.status_of(holder.permits[0]) is Status.ISSUED


@pytest.mark.parametrize("category", sorted(RULES.policy_on(STRICT, NOW.date()).categories))
@pytest.mark.parametrize("directive", list(Directive))
def test_what_is_foreseen_is_what_applying_does(category: str, directive: Directive) -> None:
    holder = granted(category, windows=())
    effect, permit = seen(holder, directive)
    after, _ = play(under(directive), holder=holder)
    assert after.permits[0] == permit
    assert (after.status_of(permit) is Status.SUSPENDED) == (effect is Effect.STOPS)


windows = st.builds(Window, st.integers(1, EVERY_DAY), st.integers(0, 1439), st.integers(0, 1440)).filter(
    lambda window: window.from_minute != window.to_minute
)


@given(windows, st.integers(0, 7 * 24 * 4 - 1), st.sampled_from([(300, 1200), (360, 1260), (1320, 360)]))
def test_cut_hours_are_exactly_those_in_both(window: Window, quarter: int, hours: tuple[int, int]) -> None:
    at, none = NOW + timedelta(minutes=15 * quarter), timedelta(0)
    cut = within_hours((window,), hours)
    allowed = is_within_hours((Window(EVERY_DAY, *hours),), at, none) and is_within_hours((window,), at, none)
    assert (cut is not None and is_within_hours(cut, at, none)) == allowed
