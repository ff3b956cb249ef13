"""What the permit service listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit as own
from common.contracts import quarantine
from common.messaging.subscription import Door, Subscription
from permit import translate


def subscriptions(work: Door, watch: Door) -> list[Subscription]:
    """
    Who may not travel for now: every such news ends in the file of one person.

    Our own scans come back to *watch*, once they are stored.
    """
    return [
        Subscription(
            group="permit.standing",
            listens={
                f0.PATIENTS: {
                    f0.PatientDeclared: translate.declared_patient,
                    f0.PatientMoved: translate.moved_patient,
                    f0.PatientClosed: translate.closed_patient,
                },
                quarantine.CASES: {
                    quarantine.QuarantineOrdered: translate.ordered_quarantine,
                    quarantine.QuarantineEnded: translate.ended_quarantine,
                },
            },
            work=work,
        ),
        Subscription(
            group="permit.watch",
            listens={own.SCANS: {own.PermitScanned: translate.recorded_scan}},
            work=watch,
        ),
    ]
