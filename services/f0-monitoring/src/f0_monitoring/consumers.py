"""What F0 monitoring listens to."""

from common.contracts import f0_monitoring as own
from common.contracts.f0_monitoring import followup
from common.messaging.subscription import Door, Subscription
from f0_monitoring import translate
from f0_monitoring.translate import timeline


def subscriptions(work: Door, story: Door) -> list[Subscription]:
    """Each declaration that our ledger kept comes back to be judged; what happened to a patient is filed."""
    return [
        Subscription(
            group="f0-monitoring.assess",
            listens={own.REPORTS: {own.HealthReported: translate.to_assess}},
            work=work,
        ),
        Subscription(
            group="f0-monitoring.timeline",
            listens={
                own.PATIENTS: timeline.PATIENT_FACTS,
                own.REPORTS: timeline.REPORT_FACTS,
                followup.EQUIPMENT: timeline.EQUIPMENT_FACTS,
            },
            work=story,
            rest_seconds=0.05,
        ),
    ]
