"""The ladder with a clock (bậc thang): who is called, until when, and who is next."""

from dataclasses import replace
from datetime import datetime, timedelta

from alerting.domain.facts import AlertEscalated
from alerting.domain.model import Alert, Condition, Delivery
from common.kernel.decision import Decision
from common.kernel.ids import derived_id

DELIVERIES_KEPT = 12
"""Messages remembered per alert: enough for two rounds of the longest ladder, small in the document."""


def deadline_of(alert: Alert) -> datetime | None:
    """Return when the next rung is called; None when somebody has it or nobody is above."""
    minutes = alert.rung.minutes
    is_last = alert.step + 1 >= len(alert.ladder)
    if not alert.is_open or alert.taken or minutes is None or is_last:
        return None
    return alert.step_at + timedelta(minutes=minutes)


def climb(condition: Condition, alert: Alert, now: datetime) -> Decision[Condition]:
    """Call the next rung; its clock starts now. Whoever had it before hands it over."""
    step = alert.step + 1
    higher = call(replace(alert, taken=None), step, now)
    told = AlertEscalated(
        alert_id=alert.alert_id,
        kind=condition.kind,
        severity=alert.severity,
        area=condition.area,
        person_id=condition.person_id,
        from_step=alert.step,
        to_step=step,
        to_role=higher.rung.role,
        escalated_at=now,
    )
    return Decision(replace(condition, alert=higher), (told,))


def call(alert: Alert, step: int, now: datetime) -> Alert:
    """Return *alert* with *step* called: its clock starts, its holders get their messages."""
    calls = tuple(
        Delivery(
            delivery_id=derived_id("delivery", alert.alert_id, channel, str(step), str(alert.reopened)),
            channel=channel,
            step=step,
            try_at=now,
        )
        for channel in alert.channels
    )
    return replace(alert, step=step, step_at=now, deliveries=(*alert.deliveries, *calls)[-DELIVERIES_KEPT:])
