"""Facts about consultations become messages to whom they concern."""

from common.contracts.event import Event
from common.contracts.f0_monitoring.consultations import ConsultationReminded
from common.kernel.ids import derived_id
from common.kernel.messages import QueueReminder
from f0_monitoring.domain.messages import useful_until


def to_queue(event: Event[ConsultationReminded]) -> QueueReminder:
    """Remind the patient once for each hour that a consultation has had."""
    told = event.data
    message_id = derived_id("reminder", told.consultation_id, told.starts_at.isoformat())
    return QueueReminder(message_id, told.person_id, told.consultation_id, useful_until(told.starts_at))
