"""Every order of arrival, and every repetition, ends the same."""

from datetime import datetime
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.domain.commands import Note, NoteOver, NoteRisk, NoteSilence
from alerting.domain.decide import decide
from alerting.domain.model import Kind
from alerting.domain.rules import AlertRules
from alerting.domain.timers import timers_of
from services.alerting.tests.stories import (
    HERE,
    NOON,
    PERSON,
    Story,
    breached,
    lowered,
    minutes,
    missed,
    over,
    reported,
    risk,
)

LEVELS = ["low", "medium", "high", "very_high"]
ALERTING = {"high", "very_high"}


@st.composite
def courses(draw: st.DrawFn) -> list[Note]:
    """The risk of one patient over time, from low: each fact says from what to what, in sequence."""
    levels = ["low", *draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=6))]
    notes: list[Note] = []
    for sequence, (before, after) in enumerate(pairwise(levels), start=1):
        is_worse = LEVELS.index(after) > LEVELS.index(before)
        if before != after:
            at = NOON + minutes(sequence)
            notes.append(
                NoteRisk(Kind.RISK_RISING, PERSON, HERE, at, sequence, PERSON, after, is_worse=is_worse)
            )
    if draw(st.booleans()):
        notes.append(NoteOver(Kind.RISK_RISING, PERSON, HERE, NOON + minutes(99), 99, PERSON))
    return notes


@st.composite
def silences(draw: st.DrawFn) -> list[Note]:
    """Twelve half days of one patient: each is reported or missed."""
    notes: list[Note] = []
    in_a_row = 0
    for half_day, is_silent in enumerate(draw(st.lists(st.booleans(), min_size=1, max_size=6)), start=1):
        at = NOON + minutes(720 * half_day)
        in_a_row = in_a_row + 1 if is_silent else 0
        notes.append(missed(in_a_row, half_day, at, "high") if is_silent else reported(at - minutes(60)))
    return notes


def shuffled_with_repeats(notes: list[Note]) -> st.SearchStrategy[list[Note]]:
    """Return arrivals: every note at least once, some twice, in any order."""
    extra = st.lists(st.sampled_from(notes), max_size=3) if notes else st.just([])
    return extra.flatmap(lambda more: st.permutations([*notes, *more]))


def told(rules: AlertRules, notes: list[Note], at: datetime = NOON) -> Story:
    story = Story(rules)
    for note in notes:
        story.tell(note, at)
    return story


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_risk_ends_the_same_in_any_order(rules: AlertRules, data: st.DataObject) -> None:
    course = data.draw(courses())
    arrivals = data.draw(shuffled_with_repeats(course))
    story = told(rules, arrivals)
    last = course[-1] if course else None
    should_ring = isinstance(last, NoteRisk) and last.level in ALERTING
    assert story.is_open == should_ring
    if should_ring and isinstance(last, NoteRisk):
        assert story.alert.severity.rank >= rules.risk[last.level].rank


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_silence_ends_the_same_in_any_order(rules: AlertRules, data: st.DataObject) -> None:
    days = data.draw(silences())
    arrivals = data.draw(shuffled_with_repeats(days))
    assert told(rules, arrivals).is_open == isinstance(days[-1], NoteSilence)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_replay_gives_the_identical_history(rules: AlertRules, data: st.DataObject) -> None:
    arrivals = data.draw(shuffled_with_repeats(data.draw(st.one_of(courses(), silences()))))
    first, second = told(rules, arrivals), told(rules, arrivals)
    assert first.condition == second.condition
    assert first.facts == second.facts
    assert first.timers == second.timers


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_told_always_adds_up(rules: AlertRules, data: st.DataObject) -> None:
    """Raised minus resolved per severity is what is open: the IOC only has to add."""
    story = told(rules, data.draw(shuffled_with_repeats(data.draw(st.one_of(courses(), silences())))))
    balance: dict[str, int] = {}
    for fact in story.facts:
        change = {"AlertRaised": 1, "AlertResolved": -1}.get(type(fact).__name__, 0)
        severity = str(fact.severity)  # type: ignore[attr-defined]
        balance[severity] = balance.get(severity, 0) + change
    still_open = {str(story.alert.severity): 1} if story.is_open else {}
    assert {severity: n for severity, n in balance.items() if n} == still_open


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_pending_timers_are_those_of_the_state(rules: AlertRules, data: st.DataObject) -> None:
    story = Story(rules)
    for note in data.draw(shuffled_with_repeats(data.draw(st.one_of(courses(), silences())))):
        story.tell(note)
        assert story.condition is None or story.timers == timers_of(story.condition)


@pytest.mark.parametrize("arrivals", list(permutations(range(3))))
def test_an_escalation_that_arrives_after_its_lowering_leaves_nothing_open(
    rules: AlertRules, arrivals: tuple[int, ...]
) -> None:
    facts: list[Any] = [risk("very_high", 5), lowered("medium", 6), risk("high", 4)]
    assert not told(rules, [facts[i] for i in arrivals]).is_open


def test_an_escalation_overtaken_by_a_smaller_lowering_still_rings(rules: AlertRules) -> None:
    story = told(rules, [lowered("high", 6), risk("very_high", 5)])
    assert story.is_open


@pytest.mark.parametrize("arrivals", list(permutations(range(3))))
def test_a_breach_that_arrives_after_the_end_of_quarantine_leaves_nothing_open(
    rules: AlertRules, arrivals: tuple[int, ...]
) -> None:
    kind = Kind.QUARANTINE_BREACHED
    facts: list[Any] = [breached("left_home", 3), breached("scanned", 4), over(kind, 5)]
    assert not told(rules, [facts[i] for i in arrivals]).is_open


def test_the_same_command_decided_again_gives_the_same_decision(rules: AlertRules) -> None:
    """A loser of a version race decides again: nothing may differ."""
    command = risk("very_high", 1)
    assert decide(None, command, rules, NOON) == decide(None, command, rules, NOON)
