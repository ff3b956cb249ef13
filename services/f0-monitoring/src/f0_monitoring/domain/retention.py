"""
What is left when the time of a file is over: the pseudonym, the course, the figures; no name and no words.

An open file is never touched, whatever the days say. Somebody who falls ill again gets a new record with a
new name under the same pseudonym.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from common.kernel.clock import local_day
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten
from f0_monitoring.domain.consultation import Consultation
from f0_monitoring.domain.model import CareState, Patient
from f0_monitoring.domain.self_declared import SelfDeclaration, Status


@dataclass(frozen=True, slots=True)
class ForgetPatient:
    """Xóa danh tính: the record ended with *outcome*, and on a day before *before*."""

    person_id: str
    outcome: CareState
    before: date

    @property
    def aggregate_id(self) -> str:
        """Id of the record that this changes."""
        return self.person_id


def patient(state: Patient | None, command: ForgetPatient, now: datetime) -> Decision[Patient]:
    """Forget who a closed record is about; risk, readings and steps stay under the pseudonym."""
    if state is None or not state.is_closed or state.forgotten_on is not None:
        return Decision(state)
    if state.care is not command.outcome or state.closed_on is None or state.closed_on >= command.before:
        return Decision(state)
    after = replace(
        state,
        sealed="",
        blind=(),
        guardian_ids=(),
        history=tuple(replace(step, note="") for step in state.history),
        forgotten_on=local_day(now),
    )
    return forgotten(after)


def self_declaration(state: SelfDeclaration | None, command: Forget) -> Decision[SelfDeclaration]:
    """Forget the form that somebody sent, and what the station answered."""
    if state is None or state.status is Status.WAITING or not state.sealed:
        return Decision(state)
    if state.settled_at is None or state.settled_at >= command.before:
        return Decision(state)
    return forgotten(replace(state, sealed="", note="", photo=""))


def consultation(state: Consultation | None, command: Forget, now: datetime) -> Decision[Consultation]:
    """Forget what was asked for and noted."""
    if state is None or not state.is_over or state.forgotten_on is not None:
        return Decision(state)
    if (state.noted_at or state.starts_at or state.requested_at) >= command.before:
        return Decision(state)
    return forgotten(replace(state, wish="", note="", prescription_ref="", forgotten_on=local_day(now)))
