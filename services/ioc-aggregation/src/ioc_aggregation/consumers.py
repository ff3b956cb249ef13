"""What the figures listen to: every fact of every topic, in one group."""

from common.contracts import alerting, permit, quarantine
from common.contracts import f0_monitoring as f0
from common.contracts.quarantine import moves
from common.messaging.subscription import Door, Subscription
from ioc_aggregation import translate

GROUP = "ioc-aggregation.fold"
BATCH_MAX = 2_000
"""Larger than elsewhere: a batch costs one insert and one update per totals document, however long it is."""

REST_SECONDS = 0.25
"""The board is drawn about every second: facts that trickle in are folded four times in it."""


def subscriptions(fold: Door) -> list[Subscription]:
    """One group hears everything; order between topics does not matter to a sum."""
    return [
        Subscription(
            group=GROUP,
            listens={
                quarantine.CASES: {
                    quarantine.QuarantineOrdered: translate.ordered,
                    quarantine.QuarantineExtended: translate.extended,
                    quarantine.QuarantineBreached: translate.breached,
                    quarantine.ContactBecameF0: translate.positive,
                    quarantine.QuarantineEnded: translate.ended,
                    moves.QuarantineReclassified: translate.reclassified,
                    moves.QuarantineHandedOver: translate.handed_over,
                    moves.QuarantineTakenOver: translate.taken_over,
                },
                quarantine.REPORTS: {
                    quarantine.HealthReported: translate.contact_reported,
                    quarantine.DeclarationMissed: translate.missed,
                },
                f0.PATIENTS: {
                    f0.PatientDeclared: translate.declared,
                    f0.RiskEscalated: translate.escalated_risk,
                    f0.RiskLowered: translate.lowered_risk,
                    f0.DoctorAssigned: translate.assigned,
                    f0.PatientMoved: translate.moved,
                    f0.PatientClosed: translate.closed,
                },
                f0.REPORTS: {
                    f0.HealthReported: translate.patient_reported,
                    f0.DeclarationMissed: translate.missed,
                },
                permit.PERMITS: {
                    permit.PermitIssued: translate.issued,
                    permit.PermitSuspended: translate.permit_changed,
                    permit.PermitReinstated: translate.permit_changed,
                    permit.PermitRevoked: translate.permit_changed,
                    permit.PermitExpired: translate.permit_changed,
                },
                permit.SCANS: {permit.PermitScanned: translate.scanned},
                permit.DIRECTIVES: {
                    permit.DirectiveChanged: translate.directed,
                    permit.DirectiveWithdrawn: translate.directed,
                },
                alerting.ALERTS: {
                    alerting.AlertRaised: translate.raised,
                    alerting.AlertEscalated: translate.escalated,
                    alerting.AlertAcknowledged: translate.taken,
                    alerting.AlertResolved: translate.resolved,
                },
            },
            work=fold,
            batch_max=BATCH_MAX,
            rest_seconds=REST_SECONDS,
        )
    ]
