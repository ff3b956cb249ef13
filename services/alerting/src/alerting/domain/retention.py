"""
What is left when its time is over: that an alert rang, who took it and how it ended; no words.

Messages are written when they are sent and kept nowhere. Alerts stay: they hold a pseudonym, answer times are
counted from them, and a condition that was deleted would ring again for a fact that comes late.
"""

from dataclasses import replace

from alerting.domain.model import Alert, Condition
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget


def forget_notes(condition: Condition | None, command: Forget) -> Decision[Condition]:
    """Forget what people wrote about an alert that is over; one that is open keeps its words."""
    alert = condition.alert if condition else None
    if condition is None or alert is None or alert.ended is None or alert.ended.is_forgotten:
        return Decision(condition)
    if alert.ended.at >= command.before:
        return Decision(condition)
    notes = [part.note for part in (alert.taken, alert.snoozed, alert.ended) if part]
    after = replace(condition, alert=_wordless(alert))
    return Decision(after, answer={"forgotten": True} if any(notes) else {}, forgets=True)


def _wordless(alert: Alert) -> Alert:
    return replace(
        alert,
        taken=replace(alert.taken, note="") if alert.taken else None,
        snoozed=replace(alert.snoozed, note="") if alert.snoozed else None,
        ended=replace(alert.ended, note="", is_forgotten=True) if alert.ended else None,
    )
