"""The heart: one condition and one command in, what becomes of it and what is told out."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from alerting.domain import handling, sending, signals, snoozing
from alerting.domain.commands import (
    Acknowledge,
    ClaimDelivery,
    DeliveryDone,
    DeliveryFailed,
    Escalate,
    Note,
    NoteCarer,
    NoteReport,
    Resolve,
    Snooze,
)
from alerting.domain.errors import AlertUnknown
from alerting.domain.model import Alert, Condition, Kind
from alerting.domain.retention import forget_notes
from alerting.domain.rules import AlertRules
from alerting.domain.timers import on_timer, timers_of
from common.kernel.decision import Decision, TimerFired
from common.kernel.forgetting import Forget

UNTOLD: Final = frozenset({Kind.CHANNEL_DEAD, Kind.SYSTEM_TROUBLE, Kind.SOURCE_SILENT})
"""Trouble of our own is no fact about a commune: operators see it here, the figures do not count it."""
OnAlert = Acknowledge | Resolve | Escalate | Snooze | ClaimDelivery | DeliveryDone | DeliveryFailed


def decide(
    condition: Condition | None, command: Any, rules: AlertRules, now: datetime
) -> Decision[Condition]:
    """Decide *command*; the pending timers always follow from the new state alone."""
    decision = _dispatch(condition, command, rules, now)
    if decision.state is not None and decision.state.kind in UNTOLD:
        decision = replace(decision, facts=())
    if decision.state is None or (decision.state is condition and not decision.facts):
        return decision
    return replace(decision, timers=timers_of(decision.state))


def _dispatch(
    condition: Condition | None, command: Any, rules: AlertRules, now: datetime
) -> Decision[Condition]:
    match command:
        case NoteCarer():
            return signals.change_carer(condition, command)
        case NoteReport():
            return signals.hear_report(condition, command, now)
        case Note():
            return signals.hear(condition, command, rules, now)
        case Forget():
            return forget_notes(condition, command)
        case TimerFired():
            return on_timer(condition, command, now)
        case _:
            return _on_alert(*_found(condition, command), command, rules, now)


def _found(condition: Condition | None, command: OnAlert) -> tuple[Condition, Alert]:
    if condition is None or condition.alert is None or condition.alert.alert_id != command.alert_id:
        raise AlertUnknown
    return condition, condition.alert


def _on_alert(
    condition: Condition, alert: Alert, command: OnAlert, rules: AlertRules, now: datetime
) -> Decision[Condition]:
    match command:
        case Acknowledge():
            return handling.acknowledge(condition, alert, command, now)
        case Resolve():
            return handling.resolve(condition, alert, command, now)
        case Escalate():
            return handling.escalate(condition, alert, command, now)
        case Snooze():
            return snoozing.snooze(condition, alert, command, now)
        case ClaimDelivery():
            return sending.claim(condition, alert, command, rules.sending, now)
        case DeliveryDone():
            return sending.done(condition, alert, command, now)
        case DeliveryFailed():
            return sending.failed(condition, alert, command, rules.sending, now)
