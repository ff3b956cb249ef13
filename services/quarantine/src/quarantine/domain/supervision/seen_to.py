"""What officers see to: the place of quarantine, help that is needed, breaches and what became of them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Fact
from quarantine.domain.supervision import commands
from quarantine.domain.supervision.errors import BreachNotFound, BreachSettled, NeedNotFound
from quarantine.domain.supervision.facts import BreachReported
from quarantine.domain.supervision.model import Breach, BreachState, Need, Supervision

KEPT = 10
REPORTED = "reported"


def changed(state: Supervision, command: Any, now: datetime) -> Supervision:
    """Return what is known after *command*; TypeError for one that is not ours."""
    match command:
        case commands.SetHome():
            return replace(state, home=command.home, unclear_in_a_row=0)
        case commands.AskForHelp():
            need = Need(command.need_id, command.kind, now, command.by.subject, command.words)
            return replace(state, needs=_kept_needs((*state.needs, need)))
        case commands.AnswerHelp():
            return _helped(state, command, now)
        case commands.NoteBreached():
            return _noted(state, command)
        case commands.FollowUpBreach():
            return _followed_up(state, command, now)
    raise TypeError(f"not a command of supervision: {type(command).__name__}")


def report_breach(
    state: Supervision, command: commands.ReportBreach, now: datetime
) -> tuple[Supervision, tuple[Fact, ...]]:
    """An officer's own breach: open from now on; the file tells it to everybody else."""
    breach = Breach(
        command.evidence_id,
        REPORTED,
        command.at,
        words=command.words,
        changed_at=now,
        changed_by=command.by.subject,
    )
    fact = BreachReported(state.person_id, state.area, command.evidence_id, command.at)
    return replace(state, breaches=_kept_breaches((*state.breaches, breach))), (fact,)


def _helped(state: Supervision, command: commands.AnswerHelp, now: datetime) -> Supervision:
    found = next((need for need in state.needs if need.need_id == command.need_id), None)
    if found is None:
        raise NeedNotFound("Không thấy yêu cầu này, có thể đã được xử lý. Hãy mở lại hồ sơ.")
    if found.answered_at is not None:
        return state
    done = replace(found, answered_at=now, answered_by=command.by.subject, answer=command.words)
    return replace(state, needs=tuple(done if need is found else need for need in state.needs))


def _noted(state: Supervision, command: commands.NoteBreached) -> Supervision:
    if any(one.evidence_id == command.evidence_id for one in state.breaches):
        return state
    breach = Breach(command.evidence_id, command.how, command.at, command.checkpoint_id)
    return replace(state, breaches=_kept_breaches((*state.breaches, breach)))


def _followed_up(state: Supervision, command: commands.FollowUpBreach, now: datetime) -> Supervision:
    found = next((one for one in state.breaches if one.evidence_id == command.evidence_id), None)
    if found is None:
        raise BreachNotFound("Không thấy vi phạm này trong hồ sơ. Hãy mở lại hồ sơ.")
    if found.state is BreachState.CLOSED:
        raise BreachSettled("Vi phạm đã khép lại, không sửa được nữa. Nếu có việc mới, hãy ghi vi phạm mới.")
    dealt = replace(
        found, state=command.state, words=command.words, changed_at=now, changed_by=command.by.subject
    )
    return replace(state, breaches=tuple(dealt if one is found else one for one in state.breaches))


def _kept_needs(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Keep all that is open and the latest of what is done."""
    done = [need for need in needs if need.answered_at is not None][-KEPT:]
    return tuple(need for need in needs if need.answered_at is None or need in done)


def _kept_breaches(breaches: tuple[Breach, ...]) -> tuple[Breach, ...]:
    closed = [one for one in breaches if one.state is BreachState.CLOSED][-KEPT:]
    kept = (one for one in breaches if one.state is not BreachState.CLOSED or one in closed)
    return tuple(sorted(kept, key=lambda one: (one.at, one.evidence_id)))
