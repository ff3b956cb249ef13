"""Facts about quarantine become orders and the words after them."""

from common.contracts import quarantine
from common.contracts.event import Event
from common.contracts.quarantine import supervision
from ioc_aggregation.ports.rollout import Heard, Ordered


def to_ordered(event: Event[quarantine.QuarantineOrdered]) -> Ordered:
    """The clock runs from the moment of the order."""
    return Ordered(event.data.person_id, event.data.commune_code, event.time)


def to_heard(event: Event[quarantine.HealthReported]) -> Heard:
    """A declaration, when it was received: a phone's clock may be wrong."""
    return Heard(event.data.person_id, event.data.received_at)


def to_answered(event: Event[supervision.CheckInAnswered]) -> Heard:
    """A check-in."""
    return Heard(event.data.person_id, event.data.answered_at)
