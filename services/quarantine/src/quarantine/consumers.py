"""What quarantine listens to."""

from common.contracts import f0_monitoring as f0
from common.contracts import permit
from common.contracts import quarantine as own
from common.contracts.quarantine import moves as own_moves
from common.contracts.quarantine import supervision as watched
from common.messaging.subscription import Door, Subscription
from quarantine import translate
from quarantine.translate import figures as as_rows
from quarantine.translate import moves, supervision
from quarantine.translate.messages import to_queue

FIGURES_BATCH_MAX = 2_000
FIGURES_REST_SECONDS = 0.25
"""Somebody who reads statistics is in no hurry, and a batch costs one count of its cells."""


def subscriptions(
    work: Door, watch: Door, household: Door, facilities: Door, fold: Door, messages: Door
) -> list[Subscription]:
    """Everything ends as a command to a file, its supervision, household or messages, or to beds."""
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
        *_supervision(work, watch),
        *_moves(work, household, facilities),
        _figures(fold),
        Subscription(
            group="quarantine.messages",
            listens={watched.SUPERVISION: {watched.CheckInReminded: to_queue}},
            work=messages,
        ),
    ]


def _supervision(work: Door, watch: Door) -> list[Subscription]:
    """What supervision hears of the file, and the file of supervision."""
    return [
        Subscription(
            group="quarantine.supervise",
            listens={
                own.CASES: {
                    own.QuarantineOrdered: supervision.to_note_stay,
                    own.QuarantineExtended: supervision.to_note_moved,
                    own.QuarantineEnded: supervision.to_note_over,
                    own_moves.QuarantineTakenOver: supervision.to_note_taken_over,
                    own_moves.QuarantineReclassified: supervision.to_note_reclassified,
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


def _moves(work: Door, household: Door, facilities: Door) -> list[Subscription]:
    """What one F0 means for a household; and beds, given by facilities and given back by files."""
    return [
        Subscription(
            group="quarantine.households",
            listens={
                own.CASES: {
                    own.ContactBecameF0: moves.to_look_at_home,
                    own.QuarantineOrdered: moves.to_look_at_home,
                },
                f0.PATIENTS: {
                    f0.PatientDeclared: translate.to_note_declared,
                    f0.PatientClosed: translate.to_note_closed,
                },
            },
            work=household,
        ),
        Subscription(
            group="quarantine.beds",
            listens={own_moves.FACILITIES: {own_moves.BedAssigned: moves.to_note_bed}},
            work=work,
        ),
        Subscription(
            group="quarantine.vacated",
            listens={own.CASES: {own_moves.BedVacated: moves.to_free_bed}},
            work=facilities,
        ),
    ]


def _figures(fold: Door) -> Subscription:
    """The statistics listen to our own facts."""
    return Subscription(
        group="quarantine.figures",
        listens={
            own.CASES: {
                own.QuarantineOrdered: as_rows.ordered,
                own.QuarantineBreached: as_rows.breached,
                own.ContactBecameF0: as_rows.positive,
                own.QuarantineEnded: as_rows.ended,
                own_moves.QuarantineReclassified: as_rows.reclassified,
                own_moves.QuarantineHandedOver: as_rows.handed_over,
                own_moves.QuarantineTakenOver: as_rows.taken_over,
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
