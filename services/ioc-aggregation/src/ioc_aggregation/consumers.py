"""What is listened to: every fact for the figures, and for each panel that keeps its own what it needs."""

from common.contracts import alerting, permit, quarantine
from common.contracts import f0_monitoring as f0
from common.contracts.f0_monitoring import facilities
from common.contracts.quarantine import moves, supervision
from common.messaging.subscription import Door, Subscription
from ioc_aggregation import translate
from ioc_aggregation.translate import resources as resource
from ioc_aggregation.translate import rollout as rolled
from ioc_aggregation.translate.apps import to_used

GROUP = "ioc-aggregation.fold"
RESOURCES = "ioc-aggregation.resources"
ROLLOUT = "ioc-aggregation.rollout"
APPS = "ioc-aggregation.apps"
BATCH_MAX = 2_000
"""Larger than elsewhere: a batch costs one insert and one update per totals document, however long it is."""

REST_SECONDS = 0.25
"""The board is drawn about every second: facts that trickle in are folded four times in it."""

SCORE_REST_SECONDS = 1.0
"""A score of the roll-out may be a second old."""


def subscriptions(fold: Door, resources: Door, rollout: Door, apps: Door) -> list[Subscription]:
    """One group hears everything for the figures, where order between topics does not matter to a sum."""
    return [figures_from(fold), _of_resources(resources), _of_rollout(rollout), _of_apps(apps)]


def figures_from(fold: Door) -> Subscription:
    """Hear every fact of every topic."""
    return Subscription(
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


def _of_resources(door: Door) -> Subscription:
    return Subscription(
        group=RESOURCES,
        listens={
            facilities.FACILITIES: {
                facilities.FacilityOpened: resource.to_opened,
                facilities.FacilityChanged: resource.to_changed,
                facilities.BedReserved: resource.to_facility,
                facilities.BedOccupied: resource.to_facility,
                facilities.BedReleased: resource.to_facility,
            },
            facilities.STOCK: {facilities.StockReported: resource.to_stock},
            facilities.SUPPLIES: {
                facilities.SupplyAsked: resource.to_asked,
                facilities.SupplyApproved: resource.to_approved,
                facilities.SupplySent: resource.to_sent,
                facilities.SupplyReceived: resource.to_received,
                facilities.SupplyClosed: resource.to_closed,
            },
        },
        work=door,
    )


def _of_rollout(door: Door) -> Subscription:
    return Subscription(
        group=ROLLOUT,
        listens={
            quarantine.CASES: {quarantine.QuarantineOrdered: rolled.to_ordered},
            quarantine.REPORTS: {quarantine.HealthReported: rolled.to_heard},
            supervision.SUPERVISION: {supervision.CheckInAnswered: rolled.to_answered},
        },
        work=door,
        rest_seconds=SCORE_REST_SECONDS,
    )


def _of_apps(door: Door) -> Subscription:
    return Subscription(
        group=APPS,
        listens={
            quarantine.REPORTS: {quarantine.HealthReported: to_used},
            f0.REPORTS: {f0.HealthReported: to_used},
        },
        work=door,
        rest_seconds=SCORE_REST_SECONDS,
    )
