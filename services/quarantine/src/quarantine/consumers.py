"""What quarantine listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit
from common.contracts import quarantine as own
from common.contracts.quarantine import supervision as watched
from common.messaging.subscription import Door, Subscription
from quarantine import translate
from quarantine.translate import supervision


def subscriptions(work: Door, watch: Door) -> list[Subscription]:
    """Everything ends as a command to the file of one person (*work*), or to their supervision (*watch*)."""
    return [
        Subscription(
            group="quarantine.note-report",
            listens={own.REPORTS: {own.HealthReported: translate.to_note_report}},
            work=work,
        ),
        Subscription(
            group="quarantine.patients",
            listens={
                f0.PATIENTS: {
                    f0.PatientDeclared: translate.to_note_declared,
                    f0.PatientClosed: translate.to_note_closed,
                }
            },
            work=work,
        ),
        Subscription(
            group="quarantine.breaches",
            listens={permit.SCANS: {permit.PermitScanned: translate.to_note_scan}},
            work=work,
        ),
        Subscription(
            group="quarantine.supervise",
            listens={
                own.CASES: {
                    own.QuarantineOrdered: supervision.to_note_stay,
                    own.QuarantineExtended: supervision.to_note_moved,
                    own.QuarantineEnded: supervision.to_note_over,
                    own.QuarantineBreached: supervision.to_note_breached,
                },
                own.REPORTS: {
                    own.HealthReported: supervision.to_note_declared,
                    own.DeclarationMissed: supervision.to_note_missed,
                },
            },
            work=watch,
        ),
        Subscription(
            group="quarantine.seen-outside",
            listens={
                watched.SUPERVISION: {
                    watched.CheckInAnswered: supervision.to_note_outside,
                    watched.BreachReported: supervision.to_note_reported,
                }
            },
            work=work,
        ),
    ]
