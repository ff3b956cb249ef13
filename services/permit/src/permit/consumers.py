"""What the permit service listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit as own
from common.contracts import quarantine
from common.messaging.subscription import Door, Subscription
from permit import translate
from permit.translate.gate import recorded_scan


def subscriptions(holders: Door, rollouts: Door, record: Door, watch: Door) -> list[Subscription]:
    """
    Who may not travel for now: every such news ends in the file of one person.

    Our own facts come back once they are stored: a directive to *rollouts*, what was decided to *record*, a
    scan to *watch*.
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
            work=holders,
        ),
        Subscription(
            group="permit.rollout",
            listens={
                own.DIRECTIVES: {
                    own.DirectiveChanged: translate.changed_directive,
                    own.DirectiveWithdrawn: translate.withdrawn_directive,
                }
            },
            work=rollouts,
        ),
        Subscription(
            group="permit.record",
            listens={own.DECISIONS: {own.DecisionRecorded: translate.recorded_decision}},
            work=record,
        ),
        Subscription(
            group="permit.watch",
            listens={own.SCANS: {own.PermitScanned: recorded_scan}},
            work=watch,
        ),
    ]
