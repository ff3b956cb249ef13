"""
Foreign facts become our commands; our facts become events of the contract.

Those of checkpoints are in `gate`.
"""

from typing import Any, Final

from common.contracts import f0_monitoring as f0
from common.contracts import permit as contract
from common.contracts import quarantine
from common.contracts.base import Payload
from common.contracts.event import Event
from common.kernel.decision import Fact
from common.kernel.trail import Entry
from permit.domain import facts
from permit.domain.commands import NoteStanding
from permit.domain.filing import FileEntry
from permit.domain.flags import FlagChanged
from permit.domain.gate_actions import GateActionTaken
from permit.domain.model import Source, Status
from permit.domain.record import DecisionRecorded
from permit.domain.rollouts import PlanRollout, WithdrawRollout
from permit.domain.scans import PermitScanned
from permit.translate import gate

_STATUS: Final = {
    Status.ISSUED: contract.Status.ACTIVE,
    Status.SUSPENDED: contract.Status.SUSPENDED,
    Status.REVOKED: contract.Status.REVOKED,
    Status.EXPIRED: contract.Status.EXPIRED,
}
"""Other services see a permit only from the moment it is in force."""
_REASON: Final = {facts.Why.HOLDER: contract.ChangeReason.OFFICER}
"""This major of the contract has no word for a holder who gives a permit back; readers count from and to."""
_OVER: Final = frozenset((f0.CareState.RECOVERED, f0.CareState.DIED, f0.CareState.WRONGLY_DECLARED))


_CHANGES: Final[dict[type[facts.PermitChanged], type[Payload]]] = {
    facts.PermitSuspended: contract.PermitSuspended,
    facts.PermitReinstated: contract.PermitReinstated,
    facts.PermitRevoked: contract.PermitRevoked,
    facts.PermitExpired: contract.PermitExpired,
}


def declared_patient(event: Event[f0.PatientDeclared]) -> NoteStanding:
    """An F0 does not travel."""
    return NoteStanding(event.data.person_id, Source.F0, is_barred=True, sequence=event.sequence)


def moved_patient(event: Event[f0.PatientMoved]) -> NoteStanding:
    """Wherever care goes on, an F0 does not travel; a reopened record bars again."""
    is_barred = event.data.to_state not in _OVER
    return NoteStanding(event.data.person_id, Source.F0, is_barred=is_barred, sequence=event.sequence)


def closed_patient(event: Event[f0.PatientClosed]) -> NoteStanding:
    """Recovered, or never an F0."""
    return NoteStanding(event.data.person_id, Source.F0, is_barred=False, sequence=event.sequence)


def ordered_quarantine(event: Event[quarantine.QuarantineOrdered]) -> NoteStanding:
    """Somebody in quarantine does not travel."""
    return NoteStanding(event.data.person_id, Source.QUARANTINE, is_barred=True, sequence=event.sequence)


def ended_quarantine(event: Event[quarantine.QuarantineEnded]) -> NoteStanding:
    """Quarantine is over; a contact who became F0 stays barred until F0 care was heard of."""
    return NoteStanding(
        event.data.person_id,
        Source.QUARANTINE,
        is_barred=False,
        sequence=event.sequence,
        is_handed_over=event.data.outcome is quarantine.Outcome.BECAME_F0,
    )


def changed_directive(event: Event[contract.DirectiveChanged]) -> PlanRollout:
    """Another directive reaches the permits of its area at its minute."""
    data = event.data
    return PlanRollout(data.area_code, data.effective_at, data.document)


def withdrawn_directive(event: Event[contract.DirectiveWithdrawn]) -> WithdrawRollout:
    """An order that was taken back reaches nobody."""
    data = event.data
    return WithdrawRollout(data.area_code, data.effective_at, data.document)


_HEAD: Final = ("chain_id", "entry_number", "recorded_at", "previous", "digest")


def recorded_decision(event: Event[contract.DecisionRecorded]) -> FileEntry:
    """An entry of the record goes to the file."""
    data = event.data
    said = data.model_dump(mode="json", exclude=set(_HEAD), exclude_none=True)
    entry = Entry(data.chain_id, data.entry_number, data.recorded_at, said, data.previous or "", data.digest)
    return FileEntry(entry)


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    match fact:
        case DecisionRecorded():
            return _recorded(fact.entry)
        case facts.Said():
            return _said(fact)
        case facts.PermitIssued():
            return _issued(fact)
        case facts.PermitChanged():
            return _CHANGES[type(fact)](**_changed(fact))
        case PermitScanned():
            return gate.scanned(fact)
        case FlagChanged():
            return gate.flagged(fact)
        case facts.DirectiveChanged():
            return _directive(fact)
        case GateActionTaken():
            return gate.acted(fact)
    raise TypeError(f"no event for {type(fact).__name__}")


def _said(fact: facts.Said) -> Payload:
    """Return what officers and applicants said to each other; never the words."""
    match fact:
        case facts.PermitAppealed():
            return contract.PermitAppealed(
                **_of(fact), appeal_id=fact.appeal_id, status=str(fact.status), answer_due_at=fact.answer_by
            )
        case facts.AppealAnswered():
            verdict = contract.AppealVerdict(fact.verdict.value)
            return contract.AppealAnswered(
                **_of(fact), appeal_id=fact.appeal_id, verdict=verdict, is_late=fact.is_late
            )
        case facts.ApplicantAsked():
            return contract.ApplicantAsked(**_of(fact), question_id=fact.question_id)
        case facts.ApplicantAnswered():
            return contract.ApplicantAnswered(
                **_of(fact), question_id=fact.question_id, answer_due_at=fact.answer_by
            )
    raise TypeError(f"no event for {type(fact).__name__}")


def _of(fact: facts.AboutPermit) -> dict[str, Any]:
    return {
        "permit_id": fact.permit_id,
        "person_id": fact.person_id,
        "commune_code": fact.area.commune_code,
        "district_code": fact.area.district_code,
    }


def _changed(fact: facts.PermitChanged) -> dict[str, Any]:
    return {
        **_of(fact),
        "from_status": _STATUS[fact.from_status],
        "to_status": _STATUS[fact.to_status],
        "reason": _REASON.get(fact.why) or contract.ChangeReason(fact.why.value),
    }


def _issued(fact: facts.PermitIssued) -> Payload:
    return contract.PermitIssued(
        **_of(fact),
        category=fact.terms.category,
        policy=fact.policy,
        areas=fact.terms.areas,
        valid_from=fact.terms.valid_from,
        valid_until=fact.terms.valid_until,
        status=contract.Status.ACTIVE,
    )


def _recorded(entry: Entry) -> Payload:
    return contract.DecisionRecorded.model_validate(
        {
            **entry.body,
            "chain_id": entry.chain_id,
            "entry_number": entry.position,
            "recorded_at": entry.recorded_at,
            "previous": entry.previous or None,
            "digest": entry.digest,
        }
    )


def _directive(fact: facts.DirectiveChanged) -> Payload:
    is_withdrawn = isinstance(fact, facts.DirectiveWithdrawn)
    kind = contract.DirectiveWithdrawn if is_withdrawn else contract.DirectiveChanged
    return kind(
        area_code=fact.area_code,
        from_directive=contract.Directive(str(fact.from_directive)),
        to_directive=contract.Directive(str(fact.to_directive)),
        effective_at=fact.effective_at,
        document=fact.document,
    )
