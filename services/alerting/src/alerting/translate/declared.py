"""What people declared themselves and nobody answered."""

from typing import Any

from alerting.domain.commands import NoteOver, NoteOverdue
from alerting.domain.model import Kind
from common.contracts.event import Event
from common.contracts.f0_monitoring import self_declared
from common.kernel.areas import Area


def overdue_declaration(event: Event[self_declared.SelfDeclarationOverdue]) -> NoteOverdue:
    """Somebody who says that they tested positive waits: the next unit up must answer."""
    reach = event.data.reach
    return NoteOverdue(**_declared(event, _STEPS[reach]), at=event.time, reach=reach)


def settled_declaration(event: Event[self_declared.SelfDeclarationSettled]) -> NoteOver:
    """The declaration was answered or taken back."""
    return NoteOver(**_declared(event, len(_STEPS)), at=event.data.settled_at)


_STEPS = {reach: step for step, reach in enumerate(self_declared.Reach)}


def _declared(
    event: Event[self_declared.SelfDeclarationOverdue | self_declared.SelfDeclarationSettled], step: int
) -> dict[str, Any]:
    """One condition per declaration; who it is stays out of it: the station's queue says."""
    return {
        "kind": Kind.SELF_DECLARED,
        "subject_id": event.data.declaration_id,
        "area": Area(event.data.commune_code, event.data.district_code),
        "sequence": step,
    }
