"""What F0 monitoring listens to."""

from common.contracts import f0_monitoring as own
from common.contracts import quarantine
from common.contracts.f0_monitoring import consultations, followup, self_declared, transfers
from common.contracts.f0_monitoring import facilities as contract
from common.messaging.subscription import Door, Subscription
from common.messaging.switch import Switch
from f0_monitoring import translate
from f0_monitoring.domain.timeline import KeepEntry
from f0_monitoring.translate import facilities, timeline
from f0_monitoring.translate.messages import to_queue


def subscriptions(
    work: Door, story: Door, intake: Door, messages: Door, beds: Door, journeys: Door, stock: Door
) -> list[Subscription]:
    """Our own declarations are judged, facts of patients filed, new F0 opened, people reminded."""
    return [
        Subscription(
            group="f0-monitoring.assess",
            listens={own.REPORTS: {own.HealthReported: translate.to_assess, **timeline.REPORT_FACTS}},
            work=Switch(work, {KeepEntry: story}),
        ),
        Subscription(
            group="f0-monitoring.timeline",
            listens={
                own.PATIENTS: timeline.PATIENT_FACTS,
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
        *_places(beds, journeys, stock, work),
    ]


def _places(beds: Door, journeys: Door, stock: Door, care: Door) -> list[Subscription]:
    """A bed accepts its transfer, a transfer takes and frees beds, the course of care follows and leads."""
    return [
        Subscription(
            group="f0-monitoring.transfer",
            listens={
                contract.FACILITIES: {contract.BedReserved: facilities.to_accept},
                own.PATIENTS: {
                    own.PatientMoved: facilities.to_follow_move,
                    own.PatientClosed: facilities.to_follow_closing,
                },
            },
            work=journeys,
        ),
        Subscription(
            group="f0-monitoring.beds",
            listens={
                transfers.TRANSFERS: {
                    transfers.TransferArrived: facilities.to_occupy,
                    transfers.BedGivenBack: facilities.to_release,
                },
            },
            work=beds,
        ),
        Subscription(
            group="f0-monitoring.transfer-care",
            listens={
                transfers.TRANSFERS: {
                    transfers.TransferStarted: facilities.to_follow_start,
                    transfers.TransferArrived: facilities.to_follow_arrival,
                    transfers.TransferCancelled: facilities.to_follow_cancel,
                },
            },
            work=care,
        ),
        Subscription(
            group="f0-monitoring.stock",
            listens={contract.SUPPLIES: {contract.SupplyReceived: facilities.to_deliver}},
            work=stock,
        ),
    ]
