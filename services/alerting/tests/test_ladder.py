"""The ladder has a clock, and only an answer stops it."""

from dataclasses import replace
from datetime import timedelta

from alerting.domain.commands import Escalate
from alerting.domain.facts import AlertEscalated
from alerting.domain.ladder import deadline_of
from alerting.domain.model import Kind
from alerting.domain.rules import AlertRules
from common.kernel.decision import TimerFired
from services.alerting.tests.stories import (
    DOCTOR,
    NOON,
    STATION,
    Story,
    breached,
    contact_missed,
    forged,
    lowered,
    minutes,
    missed,
    risk,
)


def test_nobody_answers_and_the_alert_climbs_to_the_province(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.wait_until(NOON + minutes(240))
    climbs = [fact for fact in story.facts if isinstance(fact, AlertEscalated)]
    assert [(c.from_step, c.to_step, c.to_role) for c in climbs] == [
        (0, 1, "health_officer"),
        (1, 2, "health_officer"),
        (2, 3, "ioc_operator"),
    ]
    assert [c.escalated_at - NOON for c in climbs] == [minutes(5), minutes(10), minutes(20)]
    assert not story.timers


def test_each_rung_gets_its_message(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.wait_until(NOON + minutes(10))
    assert [(d.step, d.channel) for d in story.alert.deliveries] == [(0, "email"), (1, "email"), (2, "email")]
    assert len({d.delivery_id for d in story.alert.deliveries}) == 3


def test_taking_it_stops_the_clock(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR, NOON + minutes(4))
    story.wait_until(NOON + minutes(240))
    assert story.alert.step == 0
    assert deadline_of(story.alert) is None


def test_a_timer_of_a_rung_that_was_left_does_nothing(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    [old] = story.timers
    assert story.condition is not None
    story.tell(Escalate(story.condition.key, story.alert.alert_id, DOCTOR), NOON + minutes(1))
    story.tell(TimerFired(story.condition.key, old.name, old.due_at), NOON + minutes(5))
    assert story.alert.step == 1


def test_a_timer_that_fires_late_counts_the_next_rung_from_then(rules: AlertRules) -> None:
    """After an outage the next rung still gets its whole time."""
    story = Story(rules)
    story.tell(risk("very_high", 1))
    [timer] = story.timers
    assert story.condition is not None
    story.tell(TimerFired(story.condition.key, timer.name, timer.due_at), NOON + minutes(60))
    assert story.timers[0].due_at == NOON + minutes(65)


def test_a_timer_without_its_condition_does_nothing(rules: AlertRules) -> None:
    story = Story(rules)
    assert story.tell(TimerFired("nowhere", "climb:x", NOON)).state is None


def test_passing_it_up_hands_over_and_starts_the_next_clock(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR, NOON + minutes(1))
    assert story.condition is not None
    story.tell(Escalate(story.condition.key, story.alert.alert_id, DOCTOR), NOON + minutes(2))
    assert story.alert.taken is None
    assert story.alert.step == 1
    assert story.timers[0].due_at == NOON + minutes(7)


def test_the_timers_follow_from_the_state_alone(rules: AlertRules) -> None:
    """Whatever led to a state, repeating a command on it leaves the same timers pending."""
    for command in (
        risk("very_high", 1),
        missed(2, 1),
        breached("scanned", 1),
        contact_missed(3, 1),
        forged(),
    ):
        story, other = Story(rules), Story(rules)
        story.tell(command)
        other.tell(command)
        assert story.timers == other.timers
        assert story.timers


def test_the_ladder_stays_as_it_was_when_the_rules_change(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    kinds = {**rules.kinds, Kind.RISK_RISING: replace(rules.kinds[Kind.RISK_RISING], damp=timedelta(0))}
    story.rules = replace(rules, ruleset="another", kinds=kinds)
    story.wait_until(NOON + minutes(6))
    assert story.alert.ruleset == rules.ruleset
    assert story.alert.step == 1


def test_a_healed_alert_has_no_timers(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.tell(lowered("low", 2), NOON + minutes(1))
    assert story.timers == ()


def test_time_to_answer_counts_from_the_last_call(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.tell(lowered("low", 2), NOON + minutes(1))
    story.tell(risk("very_high", 3), NOON + minutes(20))
    story.take(STATION, NOON + minutes(22))
    assert story.facts[-1].seconds_to_acknowledge == 120  # type: ignore[attr-defined]
