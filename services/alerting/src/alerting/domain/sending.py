"""
Messages as durable work: they live with the alert until a channel took them.

A sender claims a message before sending it, so two workers do not send it both; it then reports. A
sender that dies in between leaves a message whose claim runs out: it may go twice, with the same
Message-ID, and never not at all.
"""

from dataclasses import replace
from datetime import datetime

from alerting.domain.commands import ClaimDelivery, DeliveryDone, DeliveryFailed
from alerting.domain.model import Alert, Condition, Delivery, DeliveryState
from alerting.domain.rules import Sending
from common.kernel.decision import Decision

FAULT_CHARS = 120


def claim(
    condition: Condition, alert: Alert, command: ClaimDelivery, rules: Sending, now: datetime
) -> Decision[Condition]:
    """Give the message to one sender for the time of the lease; the answer says whether it got it."""
    found = _find(alert, command.delivery_id)
    if found is None or found.try_at is None or found.try_at > now:
        return Decision(condition, answer={"claimed": False})
    held = replace(found, attempts=found.attempts + 1, try_at=now + rules.lease)
    answer = {"claimed": True, "attempt": held.attempts}
    return Decision(_with(condition, alert, held), answer=answer)


def done(condition: Condition, alert: Alert, command: DeliveryDone, now: datetime) -> Decision[Condition]:
    """The channel took it. True even when the alert ended meanwhile."""
    found = _find(alert, command.delivery_id)
    if found is None or found.state is DeliveryState.SENT:
        return Decision(condition)
    sent = replace(found, state=DeliveryState.SENT, try_at=None, settled_at=now, fault="")
    return Decision(_with(condition, alert, sent))


def failed(
    condition: Condition, alert: Alert, command: DeliveryFailed, rules: Sending, now: datetime
) -> Decision[Condition]:
    """Try again after a pause that grows; give up visibly when no try is left or none can help."""
    found = _find(alert, command.delivery_id)
    if found is None or found.state is not DeliveryState.PENDING or found.attempts != command.attempt:
        return Decision(condition)
    fault = command.fault[:FAULT_CHARS]
    if command.is_final or found.attempts >= rules.attempts_max:
        dead = replace(found, state=DeliveryState.FAILED, try_at=None, settled_at=now, fault=fault)
        return Decision(_with(condition, alert, dead))
    pause = rules.backoff[found.attempts - 1]
    return Decision(_with(condition, alert, replace(found, try_at=now + pause, fault=fault)))


def next_try(alert: Alert) -> datetime | None:
    """Return when the first message of *alert* may be tried, None when none waits."""
    return min((d.try_at for d in alert.deliveries if d.try_at), default=None)


def _find(alert: Alert, delivery_id: str) -> Delivery | None:
    return next((d for d in alert.deliveries if d.delivery_id == delivery_id), None)


def _with(condition: Condition, alert: Alert, changed: Delivery) -> Condition:

    deliveries = tuple(changed if d.delivery_id == changed.delivery_id else d for d in alert.deliveries)
    return replace(condition, alert=replace(alert, deliveries=deliveries))
