"""What quarantine listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit
from common.contracts import quarantine as own
from common.messaging.subscription import Door, Subscription
from quarantine import translate
from quarantine.translate import figures as as_rows

FIGURES_BATCH_MAX = 2_000
FIGURES_REST_SECONDS = 0.25
"""Somebody who reads statistics is in no hurry, and a batch costs one count of its cells."""


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


def figures(fold: Door) -> Subscription:
    """The statistics listen to our own facts."""
    return Subscription(
        group="quarantine.figures",
        listens={
            own.CASES: {
                own.QuarantineOrdered: as_rows.ordered,
                own.QuarantineBreached: as_rows.breached,
                own.ContactBecameF0: as_rows.positive,
                own.QuarantineEnded: as_rows.ended,
            },
            own.REPORTS: {
                own.HealthReported: as_rows.reported,
                own.DeclarationMissed: as_rows.missed,
            },
        },
        work=fold,
        batch_max=FIGURES_BATCH_MAX,
        rest_seconds=FIGURES_REST_SECONDS,
    )
