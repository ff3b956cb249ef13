"""What people do with an alert: take it, end it, pass it up."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from alerting.domain.commands import Acknowledge, Escalate, Resolve
from alerting.domain.course import Turn, with_moment
from alerting.domain.episodes import dropped, end
from alerting.domain.errors import AlertOver, AlertTaken, LadderEnds, NotAResolution, NotForYou
from alerting.domain.facts import AlertAcknowledged
from alerting.domain.ladder import climb
from alerting.domain.model import Alert, Condition, Ended, Resolution, Taken
from common.kernel.areas import Actor
from common.kernel.decision import Decision

DOCTOR = "doctor"
SAID_BY_PEOPLE = (Resolution.HANDLED, Resolution.FALSE_ALARM)


def may_handle(condition: Condition, alert: Alert, actor: Actor) -> bool:
    """
    Tell whether *actor* may see and handle *alert*.

    One of the actor's roles must be in its audience and its place in the actor's area; the doctor who
    looks after the patient needs no area.
    """
    if not actor.roles & set(alert.audience):
        return False
    is_carer = DOCTOR in actor.roles and DOCTOR in alert.audience and condition.carer_id == actor.subject
    return is_carer or actor.covers(condition.area)


def acknowledge(
    condition: Condition, alert: Alert, command: Acknowledge, now: datetime
) -> Decision[Condition]:
    """Tôi nhận: the clock stops, waiting messages are not sent. Taking it twice changes nothing."""
    require(condition, alert, command.by)
    if alert.taken and alert.taken.by == command.by.subject:
        return Decision(condition, answer=_answer(alert.alert_id, alert.taken))
    if alert.taken:
        raise AlertTaken
    role = role_of(alert, command.by)
    taken = Taken(command.by.subject, role, now, command.note)
    held = replace(alert, taken=taken, snoozed=None, deliveries=dropped(alert, now))
    told = AlertAcknowledged(
        alert_id=alert.alert_id,
        kind=condition.kind,
        severity=alert.severity,
        area=condition.area,
        person_id=condition.person_id,
        by=command.by.subject,
        by_role=role,
        acknowledged_at=now,
        seconds_to_acknowledge=max(0.0, (now - alert.asked_at).total_seconds()),
    )
    course = with_moment(condition.course, Turn.TAKEN, now)
    held_now = replace(condition, alert=held, course=course)
    return Decision(held_now, (told,), answer=_answer(alert.alert_id, taken))


def resolve(condition: Condition, alert: Alert, command: Resolve, now: datetime) -> Decision[Condition]:
    """End it: handled, or a false alarm."""
    require(condition, alert, command.by)
    if command.resolution not in SAID_BY_PEOPLE:
        raise NotAResolution(field="resolution")
    ended = Ended(command.resolution, now, command.by.subject, command.note)
    over, told = end(condition, alert, ended)
    closed = replace(over, course=with_moment(condition.course, Turn.ENDED, now))
    return Decision(closed, (told,), answer={"alert_id": alert.alert_id})


def escalate(condition: Condition, alert: Alert, command: Escalate, now: datetime) -> Decision[Condition]:
    """Chuyển lên: call the next rung at once."""
    require(condition, alert, command.by)
    if alert.step + 1 >= len(alert.ladder):
        raise LadderEnds
    passed = replace(alert, passed_up=(*alert.passed_up, alert.step))
    return replace(climb(condition, passed, now, by_hand=True), answer={"alert_id": alert.alert_id})


def require(condition: Condition, alert: Alert, actor: Actor) -> None:
    """Refuse whoever the alert is not addressed to, and acts on what is over."""
    if not may_handle(condition, alert, actor):
        raise NotForYou
    if not alert.is_open:
        raise AlertOver


def role_of(alert: Alert, actor: Actor) -> str:
    """Return the role in which *actor* takes it: the one that is called, if it is theirs."""
    if alert.rung.role in actor.roles:
        return alert.rung.role
    return next(role for role in alert.audience if role in actor.roles)


def _answer(alert_id: str, taken: Taken) -> dict[str, Any]:
    return {"alert_id": alert_id, "taken_at": taken.at.isoformat()}
