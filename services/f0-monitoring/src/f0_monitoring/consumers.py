"""What F0 monitoring listens to."""

from common.contracts import f0_monitoring as own
from common.contracts import quarantine
from common.contracts.f0_monitoring import consultations, followup, self_declared, transfers
from common.messaging.subscription import Door, Subscription
from f0_monitoring import translate
from f0_monitoring.translate import timeline
from f0_monitoring.translate.messages import to_queue


def subscriptions(work: Door, story: Door, intake: Door, messages: Door) -> list[Subscription]:
    """Our own declarations are judged, facts of patients filed, new F0 opened, people reminded."""
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
                transfers.TRANSFERS: timeline.TRANSFER_FACTS,
            },
            work=story,
            rest_seconds=0.05,
        ),
        Subscription(
            group="f0-monitoring.intake",
            listens={
                quarantine.CASES: {quarantine.ContactBecameF0: translate.to_open},
                own.PATIENTS: {self_declared.SelfDeclarationSettled: translate.to_open_confirmed},
            },
            work=intake,
        ),
        Subscription(
            group="f0-monitoring.messages",
            listens={consultations.CONSULTATIONS: {consultations.ConsultationReminded: to_queue}},
            work=messages,
        ),
    ]
