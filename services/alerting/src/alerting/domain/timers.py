"""What time does to a condition. Every pending timer follows from the state alone."""

from datetime import datetime

from alerting.domain.episodes import end
from alerting.domain.ladder import climb, deadline_of
from alerting.domain.model import Alert, Condition, Ended, Resolution
from alerting.domain.snoozing import come_back
from common.kernel.decision import Decision, Timer, TimerFired

CLIMB = "climb"
EXPIRE = "expire"
RETURN = "return"


def timers_of(condition: Condition) -> tuple[Timer, ...]:
    """Return the complete set of timers that *condition* needs."""
    alert = condition.open_alert
    if alert is None:
        return ()
    deadline = deadline_of(alert)
    climbing = (Timer(_name(CLIMB, alert), deadline),) if deadline else ()
    expiring = (Timer(_name(EXPIRE, alert), alert.expires_at),) if alert.expires_at else ()
    returning = (Timer(_name(RETURN, alert), alert.snoozed.until),) if alert.snoozed else ()
    return climbing + expiring + returning


def on_timer(condition: Condition | None, fired: TimerFired, now: datetime) -> Decision[Condition]:
    """Let time pass: nobody answered, or nothing more was heard. A timer of the past does nothing."""
    alert = condition.open_alert if condition else None
    if condition is None or alert is None:
        return Decision(condition)
    if fired.name == _name(CLIMB, alert) and deadline_of(alert) == fired.due_at:
        return climb(condition, alert, now)
    if fired.name == _name(EXPIRE, alert) and alert.expires_at == fired.due_at:
        over, told = end(condition, alert, Ended(Resolution.EXPIRED, now))
        return Decision(over, (told,))
    if fired.name == _name(RETURN, alert) and alert.snoozed and alert.snoozed.until == fired.due_at:
        return come_back(condition, alert, now)
    return Decision(condition)


def _name(what: str, alert: Alert) -> str:
    return f"{what}:{alert.alert_id}"
