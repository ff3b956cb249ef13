"""One alert as people see it. Never a name: the owner of the record shows that."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from alerting.domain.ladder import deadline_of
from alerting.domain.model import (
    Alert,
    Condition,
    DeliveryState,
    Kind,
    Resolution,
    Severity,
)
from alerting.domain.reach import Reach, reach_code
from common.geo import Units

RungState = Literal["past", "passed", "here", "taken", "ahead"]


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class RungView(_View):
    """
    One step.

    *past*: nobody answered; *passed*: somebody passed it up; *here*: its clock runs; *taken*: somebody has
    it; *ahead*: not called yet.
    """

    role: str
    reach: Reach
    area_code: str
    area_name: str
    minutes: int | None
    state: RungState


class ReasonView(_View):
    """A criterion that fired."""

    criterion: str
    value: str
    threshold: str
    document: str


class EvidenceView(_View):
    """Why it rings."""

    level: str
    is_danger_sign: bool
    reasons: list[ReasonView]
    missed_in_a_row: int
    last_report_at: datetime | None
    breach: str
    checkpoint_id: str
    checkpoint_name: str
    reason_code: str
    patients: int
    part: str
    count: int


class TakenView(_View):
    """Who has it."""

    by: str
    role: str
    at: datetime


class SnoozedView(_View):
    """Who put it aside, and until when."""

    by: str
    role: str
    at: datetime
    until: datetime


class EndedView(_View):
    """How it ended; *by* is empty when the machine found out."""

    resolution: Resolution
    at: datetime
    by: str


class DeliveryView(_View):
    """A message and where it stands."""

    channel: str
    step: int
    state: DeliveryState
    attempts: int
    try_at: datetime | None
    settled_at: datetime | None
    fault: str


class NoteView(_View):
    """What somebody wrote."""

    by: str
    at: datetime
    text: str


class AlertView(_View):
    """
    One alert. *step_deadline_at*: when the next rung is called, by the server's clock.

    A *step_at* that is still to come is the end of the quiet hours: nobody is rung before.
    """

    alert_id: str
    condition: Kind
    severity: Severity
    person_id: str | None
    commune_code: str
    commune_name: str
    district_code: str
    district_name: str
    carer_id: str | None
    raised_at: datetime
    called_at: datetime
    cause_at: datetime
    seen_at: datetime
    fold_count: int
    reopened: int
    step: int
    step_at: datetime
    step_deadline_at: datetime | None
    audience: list[str]
    ladder: list[RungView]
    taken: TakenView | None
    snoozed: SnoozedView | None
    ended: EndedView | None
    deliveries: list[DeliveryView]
    evidence: EvidenceView
    ruleset: str
    notes: list[NoteView] = []

    @classmethod
    def of(cls, condition: Condition, alert: Alert, units: Units) -> Self:
        """Show *alert* of *condition* with the names of its places."""
        area = condition.area
        return cls(
            alert_id=alert.alert_id,
            condition=condition.kind,
            severity=alert.severity,
            person_id=condition.person_id,
            commune_code=area.commune_code,
            commune_name=units.name_of(area.commune_code),
            district_code=area.district_code,
            district_name=units.name_of(area.district_code),
            carer_id=condition.carer_id,
            raised_at=alert.raised_at,
            called_at=alert.called_at,
            cause_at=alert.cause_at,
            seen_at=alert.seen_at,
            fold_count=alert.fold_count,
            reopened=alert.reopened,
            step=alert.step,
            step_at=alert.step_at,
            step_deadline_at=deadline_of(alert),
            audience=list(alert.audience),
            ladder=_ladder(condition, alert, units),
            taken=TakenView.model_validate(alert.taken) if alert.taken else None,
            snoozed=SnoozedView.model_validate(alert.snoozed) if alert.snoozed else None,
            ended=EndedView.model_validate(alert.ended) if alert.ended else None,
            deliveries=[DeliveryView.model_validate(delivery) for delivery in alert.deliveries],
            evidence=EvidenceView.model_validate(condition.evidence),
            ruleset=alert.ruleset,
        )


def _ladder(condition: Condition, alert: Alert, units: Units) -> list[RungView]:
    return [
        RungView(
            role=rung.role,
            reach=rung.reach,
            area_code=(code := reach_code(condition.area, rung.reach)),
            area_name=units.name_of(code),
            minutes=rung.minutes,
            state=_state(alert, step),
        )
        for step, rung in enumerate(alert.ladder)
    ]


def _state(alert: Alert, step: int) -> RungState:
    if step < alert.step:
        return "passed" if step in alert.passed_up else "past"
    if step > alert.step:
        return "ahead"
    return "taken" if alert.taken else "here"
