"""What quarantine listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit
from common.contracts import quarantine as own
from common.messaging.subscription import Door, Subscription
from quarantine import translate


def subscriptions(work: Door) -> list[Subscription]:
    """Everything ends as a command to the file of one person."""
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
    ]
