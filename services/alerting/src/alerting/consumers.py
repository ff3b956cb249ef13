"""What alerting listens to."""

from alerting import translate
from alerting.translate import answers, beds, care, declared, sources, stations, supervised
from common.contracts import alerting as told
from common.contracts import f0_monitoring as f0
from common.contracts import ioc, permit, quarantine
from common.contracts.f0_monitoring import facilities, followup, self_declared, transfers
from common.contracts.quarantine import supervision as watched
from common.messaging.subscription import Door, Subscription


def subscriptions(work: Door, ledger: Door, numbers: Door) -> list[Subscription]:
    """
    One group hears everything, so that one reader keeps the order of each person's facts.

    Our own acknowledgements come back to be kept as rows: an alert only knows its latest round.
    """
    return [
        Subscription(
            group="alerting.watch",
            listens={
                f0.PATIENTS: {
                    f0.PatientDeclared: translate.declared_patient,
                    f0.RiskEscalated: translate.changed_risk,
                    f0.RiskLowered: translate.changed_risk,
                    f0.DoctorAssigned: translate.assigned_doctor,
                    f0.PatientMoved: translate.moved_patient,
                    f0.PatientClosed: translate.closed_patient,
                    followup.KnockAsked: care.asked_to_knock,
                    followup.KnockAnswered: care.answered_knock,
                    self_declared.SelfDeclarationOverdue: declared.overdue_declaration,
                    self_declared.SelfDeclarationSettled: declared.settled_declaration,
                },
                followup.COVER: {
                    followup.CareUncovered: care.uncovered_commune,
                    followup.CareCovered: care.covered_commune,
                },
                facilities.STOCK: {
                    facilities.StockLow: beds.low_stock,
                    facilities.StockRestored: beds.restored_stock,
                },
                transfers.TRANSFERS: {
                    transfers.TransferOverdue: beds.stuck_transfer,
                    transfers.TransferAccepted: beds.moved_transfer,
                    transfers.TransferArrived: beds.moved_transfer,
                    transfers.TransferCancelled: beds.moved_transfer,
                },
                f0.REPORTS: {
                    f0.HealthReported: translate.reported_patient,
                    f0.DeclarationMissed: translate.silent_patient,
                },
                quarantine.CASES: {
                    quarantine.QuarantineBreached: translate.breached_quarantine,
                    quarantine.QuarantineEnded: translate.ended_quarantine,
                },
                quarantine.REPORTS: {
                    quarantine.HealthReported: translate.reported_contact,
                    quarantine.DeclarationMissed: translate.silent_contact,
                },
                watched.SUPERVISION: {
                    watched.SupervisionClimbed: supervised.climbed_rung,
                    watched.SupervisionSettled: supervised.settled_supervision,
                },
                permit.SCANS: {
                    permit.PermitScanned: translate.scanned_permit,
                    permit.PermitFlagged: translate.flagged_permit,
                    permit.PermitFlagCleared: translate.cleared_permit,
                },
                ioc.SOURCES: {
                    ioc.SourceWentSilent: sources.silent_source,
                    ioc.SourceCameBack: sources.heard_source,
                },
            },
            work=work,
        ),
        Subscription(
            group="alerting.answers",
            listens={told.ALERTS: {told.AlertAcknowledged: answers.acknowledged}},
            work=ledger,
        ),
        Subscription(
            group="alerting.units",
            listens={
                facilities.FACILITIES: {
                    facilities.FacilityOpened: stations.opened_station,
                    facilities.FacilityChanged: stations.changed_station,
                }
            },
            work=numbers,
        ),
    ]
