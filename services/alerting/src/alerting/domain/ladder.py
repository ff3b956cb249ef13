"""The ladder with a clock (bậc thang): who is called, until when, and who is next."""

from dataclasses import replace
from datetime import datetime, timedelta

from alerting.domain.facts import AlertEscalated
from alerting.domain.model import Alert, Condition, Delivery
from alerting.domain.quiet import rings_from
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


def climb(condition: Condition, alert: Alert, now: datetime, *, by_hand: bool = False) -> Decision[Condition]:
    """
    Call the next rung; its clock starts now. Whoever had it before, or put it aside, hands it over.

    The clock lets the next one sleep through the quiet hours; who passes it up *by_hand* does not.
    """
    step = alert.step + 1
    higher = call(replace(alert, taken=None, snoozed=None), step, now, at=now if by_hand else None)
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


def call(alert: Alert, step: int, now: datetime, *, at: datetime | None = None) -> Alert:
    """
    Return *alert* with *step* called: its clock starts, its holders get their messages.

    Both wait for the end of the quiet hours, unless *at* says when.
    """
    rings_at = at or rings_from(alert.quiet, now)
    again = f"{alert.reopened}-{alert.returned}" if alert.returned else str(alert.reopened)
    calls = tuple(
        Delivery(
            delivery_id=derived_id("delivery", alert.alert_id, channel, str(step), again),
            channel=channel,
            step=step,
            try_at=rings_at,
        )
        for channel in alert.channels
    )
    deliveries = (*alert.deliveries, *calls)[-DELIVERIES_KEPT:]
    return replace(alert, step=step, step_at=rings_at, deliveries=deliveries)
