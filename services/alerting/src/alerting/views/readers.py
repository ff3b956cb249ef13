"""Who may see an alert on the live stream: the rule of `handling.may_handle`, as marks to compare."""

from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition
from common.kernel.areas import Actor


def readers_of(condition: Condition, alert: Alert) -> frozenset[str]:
    """Return the marks of those who may see *alert* on the live stream: the rule of `may_handle`."""
    marks = {f"{role}@{code}" for role in alert.audience for code in condition.area.codes()}
    if condition.carer_id and DOCTOR in alert.audience:
        marks.add(f"{DOCTOR}#{condition.carer_id}")
    return frozenset(marks)


def marks_of(actor: Actor) -> frozenset[str]:
    """Return the marks that *actor* bears: one per role and area, and the doctor's own name."""
    marks = {f"{role}@{code}" for role in actor.roles for code in actor.area_codes}
    if DOCTOR in actor.roles:
        marks.add(f"{DOCTOR}#{actor.subject}")
    return frozenset(marks)
