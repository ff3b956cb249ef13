"""Để sau: put aside with a time, and never forgotten."""

from datetime import datetime

import pytest

from alerting.domain.commands import Snooze
from alerting.domain.errors import AlertTaken, SnoozeTimeWrong
from alerting.domain.model import Severity
from alerting.domain.rules import AlertRules
from services.alerting.tests.stories import NOON, PROVINCE, STATION, Story, breached, lowered, minutes, risk


def aside(story: Story, until: datetime, at: datetime = NOON) -> None:
    assert story.condition is not None
    story.tell(Snooze(story.condition.key, story.alert.alert_id, STATION, until, "sealed"), at)


@pytest.fixture
def story(rules: AlertRules) -> Story:
    story = Story(rules)
    story.tell(breached("left_home", 1))
    return story


def test_it_comes_back_at_its_time_and_the_clock_of_the_rung_went_on(story: Story) -> None:
    aside(story, NOON + minutes(30))
    assert story.alert.snoozed is not None
    story.wait_until(NOON + minutes(29))
    assert story.alert.snoozed is not None
    story.wait_until(NOON + minutes(30))
    assert (story.alert.snoozed, story.alert.step, story.alert.returned) == (None, 0, 1)
    story.wait_until(NOON + minutes(60))
    assert story.alert.step == 1


def test_the_next_rung_ends_the_pause(story: Story) -> None:
    aside(story, NOON + minutes(120))
    story.wait_until(NOON + minutes(60))
    assert (story.alert.snoozed, story.alert.step) == (None, 1)


def test_who_took_it_and_put_it_aside_is_called_again(story: Story) -> None:
    story.take(STATION)
    aside(story, NOON + minutes(45), NOON + minutes(1))
    story.wait_until(NOON + minutes(45))
    assert story.alert.taken is None
    assert story.alert.step_at == NOON + minutes(45)
    assert len({delivery.delivery_id for delivery in story.alert.deliveries}) == 2
    story.take(STATION, NOON + minutes(47))
    assert story.facts[-1].seconds_to_acknowledge == 120  # type: ignore[attr-defined]


def test_on_the_last_rung_nothing_ends_in_a_drawer(story: Story) -> None:
    story.wait_until(NOON + minutes(60))
    aside(story, NOON + minutes(90), NOON + minutes(61))
    story.wait_until(NOON + minutes(90))
    assert (story.alert.snoozed, story.alert.step_at) == (None, NOON + minutes(90))
    assert story.timers == ()


def test_a_worse_alert_breaks_it_and_healing_ends_it(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("high", 1))
    aside(story, NOON + minutes(20))
    story.tell(risk("very_high", 2), NOON + minutes(1))
    assert (story.alert.severity, story.alert.snoozed) == (Severity.CRITICAL, None)
    aside(story, NOON + minutes(20), NOON + minutes(2))
    story.tell(lowered("low", 3), NOON + minutes(3))
    assert (story.is_open, story.timers) == (False, ())


def test_taking_it_ends_the_pause(story: Story) -> None:
    aside(story, NOON + minutes(30))
    story.take(PROVINCE, NOON + minutes(2))
    assert story.alert.snoozed is None
    assert story.timers == ()


@pytest.mark.parametrize("wait", [0, 4, 24 * 60 + 1])
def test_neither_at_once_nor_for_days(story: Story, wait: int) -> None:
    with pytest.raises(SnoozeTimeWrong):
        aside(story, NOON + minutes(wait))


def test_what_somebody_else_has_is_theirs(story: Story) -> None:
    story.take(PROVINCE)
    with pytest.raises(AlertTaken):
        aside(story, NOON + minutes(30))
