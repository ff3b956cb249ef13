"""The alert of a condition begins, swallows repeats, comes back, and ends."""

from dataclasses import replace
from datetime import datetime

from alerting.domain.facts import AlertRaised, AlertResolved
from alerting.domain.ladder import call
from alerting.domain.model import (
    Alert,
    Condition,
    Delivery,
    DeliveryState,
    Ended,
    Resolution,
    Severity,
    alert_id_of,
)
from alerting.domain.quiet import rings_from
from alerting.domain.rules import AlertRules, KindRules
from common.kernel.decision import Decision


def demand(condition: Condition, severity: Severity, rules: AlertRules, now: datetime) -> Decision[Condition]:
    """Somebody must know: fold into the open alert, re-open the damped one, or raise another."""
    alert, kind = condition.alert, rules.kind(condition.kind, condition.area)
    if alert is None:
        return _raise(condition, severity, rules, now)
    if alert.ended is None:
        if severity.rank > alert.severity.rank:
            over, told = end(condition, alert, Ended(Resolution.SUPERSEDED, now))
            raised = _raise(over, severity, rules, now)
            return replace(raised, facts=(told, *raised.facts))
        return Decision(replace(condition, alert=_folded(alert, kind, now)))
    is_damped = severity.rank <= alert.severity.rank and now < alert.ended.at + kind.damp
    if is_damped:
        return _reopen(condition, alert, kind, now)
    return _raise(condition, severity, rules, now)


def ease(condition: Condition, now: datetime) -> Decision[Condition]:
    """Still wrong, but less than before: an open alert stays with its holder, nobody is called anew."""
    alert = condition.open_alert
    return Decision(replace(condition, alert=replace(alert, seen_at=now)) if alert else condition)


def heal(condition: Condition, now: datetime) -> Decision[Condition]:
    """The cause is gone: end the open alert, if there is one."""
    alert = condition.open_alert
    if alert is None:
        return Decision(condition)
    healed, told = end(condition, alert, Ended(Resolution.HEALED, now))
    return Decision(healed, (told,))


def end(condition: Condition, alert: Alert, ended: Ended) -> tuple[Condition, AlertResolved]:
    """Return the condition with its alert over, and the fact that says so."""
    over = replace(alert, ended=ended, deliveries=dropped(alert, ended.at))
    told = AlertResolved(
        alert_id=alert.alert_id,
        kind=condition.kind,
        severity=alert.severity,
        area=condition.area,
        person_id=condition.person_id,
        resolution=ended.resolution,
        resolved_at=ended.at,
        seconds_open=max(0.0, (ended.at - alert.called_at).total_seconds()),
    )
    return replace(condition, alert=over), told


def dropped(alert: Alert, now: datetime) -> tuple[Delivery, ...]:
    """Return the deliveries with those that have not left marked as no longer needed."""
    return tuple(
        replace(delivery, state=DeliveryState.DROPPED, try_at=None, settled_at=now)
        if delivery.state is DeliveryState.PENDING
        else delivery
        for delivery in alert.deliveries
    )


def _raise(condition: Condition, severity: Severity, rules: AlertRules, now: datetime) -> Decision[Condition]:
    kind, episode = rules.kind(condition.kind, condition.area), condition.episodes + 1
    who = kind.calls[severity]
    fresh = Alert(
        alert_id=alert_id_of(condition.key, episode),
        severity=severity,
        ruleset=rules.ruleset,
        audience=kind.audience,
        ladder=who.ladder,
        channels=who.channels,
        step=0,
        step_at=now,
        raised_at=now,
        called_at=now,
        cause_at=condition.demand_at or now,
        seen_at=now,
        expires_at=now + kind.expires_after if kind.expires_after else None,
        quiet=who.quiet,
        rung_at=_later(rings_from(who.quiet, now), now),
    )
    alert = call(fresh, 0, now)
    raised = replace(condition, alert=alert, episodes=episode)
    return Decision(raised, (_told(raised, alert),))


def _reopen(condition: Condition, alert: Alert, kind: KindRules, now: datetime) -> Decision[Condition]:
    """Flapping: the same alert, its ladder from below, and no second message to those who got one."""
    rings_at = rings_from(alert.quiet, now)
    back = replace(
        _folded(alert, kind, now),
        step=0,
        step_at=rings_at,
        called_at=now,
        rung_at=_later(rings_at, now),
        cause_at=condition.demand_at or now,
        reopened=alert.reopened + 1,
        passed_up=(),
        taken=None,
        snoozed=None,
        ended=None,
    )
    was_told = any(d.step == 0 and d.state is DeliveryState.SENT for d in alert.deliveries)
    again = back if was_told else call(back, 0, now)
    reopened = replace(condition, alert=again)
    return Decision(reopened, (_told(reopened, again),))


def _later(rings_at: datetime, now: datetime) -> datetime | None:
    return rings_at if rings_at > now else None


def _folded(alert: Alert, kind: KindRules, now: datetime) -> Alert:
    expires_at = now + kind.expires_after if kind.expires_after else None
    return replace(alert, fold_count=alert.fold_count + 1, seen_at=now, expires_at=expires_at)


def _told(condition: Condition, alert: Alert) -> AlertRaised:
    return AlertRaised(
        alert_id=alert.alert_id,
        kind=condition.kind,
        severity=alert.severity,
        area=condition.area,
        person_id=condition.person_id,
        recipient_role=alert.rung.role,
        step=alert.step,
        raised_at=alert.called_at,
        cause_at=alert.cause_at,
    )
