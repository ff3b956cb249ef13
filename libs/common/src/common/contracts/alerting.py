"""Facts of the alerting service: the life of an alert."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Code, CommuneCode, DistrictCode, Id, Instant, Payload

ALERTS = "alerting.alerts.v1"

Step = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


class Severity(StrEnum):
    """How urgent an alert is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class AlertFact(Payload):
    """A fact about one alert; commune and district are those of the person or place it is about."""

    topic: ClassVar[str] = ALERTS
    key: ClassVar[str] = "alert_id"

    alert_id: Id
    condition: Code
    severity: Severity
    person_id: Id | None = None
    commune_code: CommuneCode
    district_code: DistrictCode


class AlertRaised(AlertFact):
    """Somebody must look at something."""

    type: ClassVar[str] = "alerting.alert-raised.v1"

    recipient_role: Code
    step: Step
    raised_at: Instant
    cause_at: Instant
    """When the thing itself happened, for the time from sign to alert."""


class AlertEscalated(AlertFact):
    """Nobody acknowledged in time: the next step is called."""

    type: ClassVar[str] = "alerting.alert-escalated.v1"

    from_step: Step
    to_step: Step
    to_role: Code
    escalated_at: Instant


class AlertAcknowledged(AlertFact):
    """Somebody took the alert."""

    type: ClassVar[str] = "alerting.alert-acknowledged.v1"

    by: Id
    by_role: Code
    acknowledged_at: Instant
    seconds_to_acknowledge: Seconds


class AlertResolved(AlertFact):
    """The alert is over."""

    type: ClassVar[str] = "alerting.alert-resolved.v1"

    resolution: Code
    resolved_at: Instant
    seconds_open: Seconds
