"""Facts about the ladder of supervision: an officer has to act, or nobody has to any more."""

from collections.abc import Sequence

from alerting.domain.commands import Note, NoteOver, NoteReport, NoteRung
from alerting.domain.model import Kind
from alerting.translate import fields_of
from common.contracts.event import Event
from common.contracts.quarantine import supervision as watched


def climbed_rung(event: Event[watched.SupervisionClimbed]) -> NoteRung:
    """A rung was reached; turns tell later news from earlier."""
    data = event.data
    about = fields_of(Kind.SUPERVISION_CLIMBED, event) | {"sequence": data.turn}
    return NoteRung(**about, at=data.opened_at, rung=data.rung.value, missed=data.missed)


def settled_supervision(event: Event[watched.SupervisionSettled]) -> Sequence[Note]:
    """
    Nobody has to act, and whoever was visited does not ring again for the same silence that day.

    An officer who reached the person is as good as a declaration until the end of the quiet.
    """
    data = event.data
    over = fields_of(Kind.SUPERVISION_CLIMBED, event) | {"sequence": data.turn}
    silent = fields_of(Kind.CONTACT_SILENT, event) | {"sequence": 0}
    return [NoteOver(**over, at=data.settled_at), NoteReport(**silent, at=data.rings_again_at)]
