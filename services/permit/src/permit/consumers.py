"""What the permit service listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit as contract
from common.contracts import quarantine
from common.messaging.subscription import Door, Subscription
from permit import translate


def subscriptions(work: Door, rollouts: Door, record: Door) -> list[Subscription]:
    """Who may not travel for now; which directive reaches issued permits; what was decided, to be filed."""
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
            group="permit.rollout",
            listens={contract.DIRECTIVES: {contract.DirectiveChanged: translate.changed_directive}},
            work=rollouts,
        ),
        Subscription(
            group="permit.record",
            listens={contract.DECISIONS: {contract.DecisionRecorded: translate.recorded_decision}},
            work=record,
        ),
    ]
