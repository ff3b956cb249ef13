"""
Để sau: an alert is put aside with a note and a time, and comes back by itself.

Putting it aside stops no clock: the next rung is still called when nobody took it, and that, like anything
worse, ends the pause. Who took it and comes back to nothing done is asked again: the rung rings anew.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from alerting.domain.commands import Snooze
from alerting.domain.errors import AlertTaken, SnoozeTimeWrong
from alerting.domain.handling import require, role_of
from alerting.domain.ladder import call, deadline_of
from alerting.domain.model import Alert, Condition, Snoozed
from common.kernel.decision import Decision

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)


def snooze(condition: Condition, alert: Alert, command: Snooze, now: datetime) -> Decision[Condition]:
    """Put it aside; a second time moves the hour. What somebody else has taken is theirs to put aside."""
    require(condition, alert, command.by)
    if alert.taken and alert.taken.by != command.by.subject:
        raise AlertTaken
    if not now + SHORTEST <= command.until <= now + LONGEST:
        raise SnoozeTimeWrong(field="until")
    aside = Snoozed(command.by.subject, role_of(alert, command.by), now, command.until, command.note)
    answer = {"alert_id": alert.alert_id, "until": command.until.isoformat()}
    return Decision(replace(condition, alert=replace(alert, snoozed=aside)), answer=answer)


def come_back(condition: Condition, alert: Alert, now: datetime) -> Decision[Condition]:
    """
    The pause is over.

    A rung whose clock still runs keeps it. Where it stands still, because somebody had taken the alert or
    nobody is above, the rung is called again: nothing must end in a drawer.
    """
    back = replace(alert, snoozed=None, returned=alert.returned + 1)
    if deadline_of(alert) is None:
        back = call(replace(back, taken=None), back.step, now)
        back = replace(back, rung_at=back.step_at)
    return Decision(replace(condition, alert=back))
