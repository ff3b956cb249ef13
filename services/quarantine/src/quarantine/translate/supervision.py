"""Facts of the file become commands to supervision, and facts of supervision events of the contract."""

from collections.abc import Callable
from typing import Any

from common.contracts import quarantine as file
from common.contracts.base import Payload, PersonFact
from common.contracts.event import Event
from common.contracts.quarantine import moves
from common.contracts.quarantine import supervision as contract
from common.kernel.areas import Area
from common.kernel.decision import Fact
from quarantine.domain.commands import NoteLeftHome
from quarantine.domain.model import Place
from quarantine.domain.supervision import commands, facts


def to_note_stay(event: Event[file.QuarantineOrdered]) -> commands.NoteStay:
    """Somebody is in quarantine: supervision begins, or begins again."""
    data = event.data
    place = Place(data.place.value)
    return commands.NoteStay(
        *_about(data), event.sequence, event.time, place, starts_on=data.starts_on, ends_on=data.ends_on
    )


def to_note_moved(event: Event[file.QuarantineExtended]) -> commands.NoteEndMoved:
    """The last day moved."""
    return commands.NoteEndMoved(*_about(event.data), event.sequence, event.data.to_ends_on)


def to_note_taken_over(event: Event[moves.QuarantineTakenOver]) -> commands.NoteElsewhere:
    """Another commune is responsible from now on."""
    return commands.NoteElsewhere(*_about(event.data), event.sequence, Place(event.data.place.value))


def to_note_reclassified(event: Event[moves.QuarantineReclassified]) -> commands.NoteElsewhere:
    """Supervision is for those at home."""
    return commands.NoteElsewhere(*_about(event.data), event.sequence, Place(event.data.to_place.value))


def to_note_over(event: Event[file.QuarantineEnded]) -> commands.NoteStayOver:
    """The quarantine is over, and with it all tasks."""
    return commands.NoteStayOver(*_about(event.data), event.sequence)


def to_note_missed(event: Event[file.DeclarationMissed]) -> commands.NoteMissed:
    """A day was not declared."""
    return commands.NoteMissed(*_about(event.data), event.data.due_at)


def to_note_declared(event: Event[file.HealthReported]) -> commands.NoteDeclared:
    """A declaration answers what was missed until then."""
    return commands.NoteDeclared(*_about(event.data), event.data.reported_at)


def to_note_breached(event: Event[file.QuarantineBreached]) -> commands.NoteBreached:
    """A breach has to be followed up."""
    data = event.data
    evidence_id = data.evidence_id or event.id
    return commands.NoteBreached(
        *_about(data), evidence_id, data.breach.value, data.at, data.checkpoint_id or ""
    )


def to_note_outside(event: Event[contract.CheckInAnswered]) -> NoteLeftHome | None:
    """An answer from outside the fence is a breach of the file."""
    data = event.data
    if data.verdict is not contract.Verdict.OUTSIDE:
        return None
    return NoteLeftHome(data.person_id, data.request_id, data.answered_at)


def to_note_reported(event: Event[contract.BreachReported]) -> NoteLeftHome:
    """An officer saw somebody elsewhere: a breach of the file."""
    return NoteLeftHome(event.data.person_id, event.data.evidence_id, event.data.at, is_reported=True)


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    return _TO_EVENT[type(fact)](fact)


def _about(data: PersonFact) -> tuple[str, Area]:
    return data.person_id, Area(data.commune_code, data.district_code)


def _of(fact: Any, *fields: str) -> dict[str, Any]:
    return {
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
        **{name: getattr(fact, name) for name in fields},
    }


def _answered(fact: facts.CheckInAnswered) -> Payload:
    return contract.CheckInAnswered(
        **_of(fact, "request_id", "answered_at", "is_late"),
        verdict=contract.Verdict(fact.verdict.value),
        is_mock_location=fact.is_mock,
    )


def _climbed(fact: facts.SupervisionClimbed) -> Payload:
    rung = contract.Rung(fact.rung.value)
    return contract.SupervisionClimbed(**_of(fact, "task_id", "opened_at", "missed", "turn"), rung=rung)


_TO_EVENT: dict[type[Any], Callable[[Any], Payload]] = {
    facts.CheckInRequested: lambda f: contract.CheckInRequested(
        **_of(f, "request_id", "asked_at"), due_at=f.answer_by
    ),
    facts.CheckInAnswered: _answered,
    facts.CheckInMissed: lambda f: contract.CheckInMissed(**_of(f, "request_id", "due_at")),
    facts.CheckInReminded: lambda f: contract.CheckInReminded(**_of(f, "request_id"), due_at=f.answer_by),
    facts.SupervisionClimbed: _climbed,
    facts.SupervisionSettled: lambda f: contract.SupervisionSettled(
        **_of(f, "task_id", "settled_at", "turn"), rings_again_at=f.quiet_until
    ),
    facts.BreachReported: lambda f: contract.BreachReported(**_of(f, "evidence_id", "at")),
}
