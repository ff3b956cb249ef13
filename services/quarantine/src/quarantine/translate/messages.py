"""A check-in that nobody looked at becomes a text message."""

from common.contracts.event import Event
from common.contracts.quarantine.supervision import CheckInReminded
from common.kernel.ids import derived_id
from common.kernel.messages import QueueReminder
from quarantine.domain.supervision.reminding import LEAST_LEFT


def to_queue(event: Event[CheckInReminded]) -> QueueReminder:
    """Remind once of each request, however often the fact is read."""
    told = event.data
    message_id = derived_id("check-in reminder", told.request_id)
    return QueueReminder(message_id, told.person_id, told.request_id, told.due_at - LEAST_LEFT)
