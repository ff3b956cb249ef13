"""
Chạy thử: what other rules would have made of what conditions went through.

The course of a condition is lived through again by the same functions that decide in earnest: the same
folding, damping, ladders, quiet hours and clocks. What people did, they do again at the same minute, where
there is then something to take or to end. Nothing is kept and nobody is called.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from alerting.domain import episodes
from alerting.domain.course import Moment, Turn
from alerting.domain.facts import AlertEscalated, AlertRaised
from alerting.domain.model import Condition, Ended, Resolution, Severity, Taken
from alerting.domain.rules import AlertRules
from alerting.domain.timers import on_timer, timers_of
from alerting.domain.weight import asked_by
from common.kernel.decision import Decision, TimerFired


@dataclass(frozen=True, slots=True)
class Tally:
    """
    What a condition came to within the time looked at.

    *raised*: alerts begun or opened again; *called*: rungs that were called, *climbed* those of them above
    the first; *rested*: calls that waited for the end of the quiet hours. *worst*: the most severe alert.
    """

    raised: int = 0
    called: int = 0
    climbed: int = 0
    rested: int = 0
    worst: Severity | None = None


@dataclass(slots=True)
class _Stage:
    rules: AlertRules
    since: datetime
    until: datetime
    condition: Condition
    tally: Tally = field(default_factory=Tally)

    def wait(self, at: datetime) -> None:
        """Let every clock ring that is due by *at*, in order."""
        while True:
            due = [timer for timer in timers_of(self.condition) if timer.due_at <= at]
            if not due:
                return
            first = min(due, key=lambda timer: timer.due_at)
            fired = TimerFired(self.condition.key, first.name, first.due_at)
            self.apply(on_timer(self.condition, fired, first.due_at), first.due_at)

    def live(self, moment: Moment, at: datetime) -> None:
        """Live through one moment."""
        alert = self.condition.open_alert
        match moment.turn:
            case Turn.TAKEN if alert and not alert.taken:
                taken = Taken("", alert.rung.role, at)
                held = replace(alert, taken=taken, deliveries=episodes.dropped(alert, at))
                self.condition = replace(self.condition, alert=held)
            case Turn.ENDED if alert:
                self.condition, _ = episodes.end(self.condition, alert, Ended(Resolution.HANDLED, at))
            case Turn.WORSE | Turn.LESS | Turn.CALM:
                self.apply(self.weighed(moment, at), at)

    def weighed(self, moment: Moment, at: datetime) -> Decision[Condition]:
        """Decide what was heard."""
        calm = moment.turn is Turn.CALM
        severity = None if calm else asked_by(self.condition.kind, moment.word, self.rules)
        known = replace(self.condition, demand=severity, demand_at=at)
        if severity is None:
            return episodes.heal(known, at)
        if moment.turn is Turn.LESS:
            return episodes.ease(known, at)
        return episodes.demand(known, severity, self.rules, at)

    def apply(self, decision: Decision[Condition], at: datetime) -> None:
        """Take over what was decided, and count what falls within the time looked at."""
        if decision.state is not None:
            self.condition = decision.state
        if not self.since <= at < self.until:
            return
        alert, tally = self.condition.alert, self.tally
        raised = [fact.severity for fact in decision.facts if isinstance(fact, AlertRaised)]
        climbed = sum(isinstance(fact, AlertEscalated) for fact in decision.facts)
        calls = len(raised) + climbed
        severities = [*raised, *([tally.worst] if tally.worst else [])]
        self.tally = Tally(
            raised=tally.raised + len(raised),
            called=tally.called + calls,
            climbed=tally.climbed + climbed,
            rested=tally.rested + (calls if alert and alert.step_at > at else 0),
            worst=max(severities, key=lambda severity: severity.rank, default=None),
        )


def rehearse(condition: Condition, rules: AlertRules, since: datetime, until: datetime) -> Tally:
    """Return what *condition* would have come to under *rules*, counted from *since* to *until*."""
    bare = Condition(
        key=condition.key, kind=condition.kind, subject_id=condition.subject_id, area=condition.area
    )
    stage = _Stage(rules, since, until, bare)
    for at, moment in _by_time(condition.course):
        if at >= until:
            break
        stage.wait(at)
        stage.live(moment, at)
    stage.wait(until - timedelta(microseconds=1))
    return stage.tally


def _by_time(course: Iterable[Moment]) -> list[tuple[datetime, Moment]]:
    beats = [(moment.at, moment) for moment in course]
    beats += [(moment.last, moment) for moment in course if moment.last]
    return sorted(beats, key=lambda beat: beat[0])
