"""What F0 monitoring listens to."""

from common.contracts import f0_monitoring as own
from common.contracts import quarantine
from common.contracts.f0_monitoring import facilities, followup, self_declared, transfers
from common.messaging.subscription import Door, Subscription
from f0_monitoring import translate
from f0_monitoring.translate import facilities as places
from f0_monitoring.translate import timeline


def subscriptions(
    work: Door, story: Door, intake: Door, beds: Door, journeys: Door, stock: Door
) -> list[Subscription]:
    """Our own declarations are judged, what happens to a patient is filed, facts of new F0 open records."""
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
        *_of_places(beds, journeys, stock, work),
    ]


def _of_places(beds: Door, journeys: Door, stock: Door, care: Door) -> list[Subscription]:
    """A bed accepts its transfer, a transfer takes and frees beds, the course of care follows and leads."""
    return [
        Subscription(
            group="f0-monitoring.transfer",
            listens={
                facilities.FACILITIES: {facilities.BedReserved: places.to_accept},
                own.PATIENTS: {
                    own.PatientMoved: places.to_follow_move,
                    own.PatientClosed: places.to_follow_closing,
                },
            },
            work=journeys,
        ),
        Subscription(
            group="f0-monitoring.beds",
            listens={
                transfers.TRANSFERS: {
                    transfers.TransferArrived: places.to_occupy,
                    transfers.BedGivenBack: places.to_release,
                },
            },
            work=beds,
        ),
        Subscription(
            group="f0-monitoring.transfer-care",
            listens={
                transfers.TRANSFERS: {
                    transfers.TransferStarted: places.to_follow_start,
                    transfers.TransferArrived: places.to_follow_arrival,
                    transfers.TransferCancelled: places.to_follow_cancel,
                },
            },
            work=care,
        ),
        Subscription(
            group="f0-monitoring.stock",
            listens={facilities.SUPPLIES: {facilities.SupplyReceived: places.to_deliver}},
            work=stock,
        ),
    ]
