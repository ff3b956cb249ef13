"""The one door of supervision: what is known, a command, the rules and the time give what is known next."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision, Fact, TimerFired
from quarantine.domain.supervision import check_ins, commands, ladder, reminding, seen_to
from quarantine.domain.supervision.model import Miss, StayKnown, Supervision
from quarantine.domain.supervision.rules import WatchBook

Outcome = tuple[Supervision, tuple[Fact, ...], dict[str, Any]]


def decide(state: Supervision | None, command: Any, book: WatchBook, now: datetime) -> Decision[Supervision]:
    """Decide *command*; raises a refusal, or TypeError for a command that is not ours."""
    if isinstance(command, TimerFired):
        if state is None:
            return Decision(None)
        after, facts = _fired(state, command, book, now)
        return Decision(after, facts, check_ins.timers(after, book))
    if not isinstance(command, commands.Watching):
        raise TypeError(f"not a command of supervision: {type(command).__name__}")
    if by := getattr(command, "by", None):
        _require(command, by)
    before = state or Supervision(command.person_id, command.area)
    changed, facts, answer = _changed(before, command, book, now)
    after, told = ladder.stand(changed, book, now)
    if after == state and not (facts or told):
        return Decision(state, answer=answer)
    return Decision(after, (*facts, *told), check_ins.timers(after, book), answer)


def _require(command: commands.Watching, by: Any) -> None:
    """Officers act within their areas; people ask for help for themselves and their family."""
    if not isinstance(command, commands.AskForHelp):
        by.require(command.area)


def _fired(
    state: Supervision, fired: TimerFired, book: WatchBook, now: datetime
) -> tuple[Supervision, tuple[Fact, ...]]:
    match fired.name:
        case check_ins.ASK:
            changed, facts = check_ins.ask_at_random(state, fired.due_at, book, now)
        case reminding.REMIND:
            return reminding.remind(state, book, now)
        case check_ins.ANSWER:
            changed, facts = check_ins.not_answered(state)
        case check_ins.CLIMB:
            return ladder.stand(state, book, now, climbs=True)
        case _:
            return state, ()
    after, told = ladder.stand(changed, book, now)
    return after, (*facts, *told)


def _changed(state: Supervision, command: Any, book: WatchBook, now: datetime) -> Outcome:
    match command:
        case commands.AnswerCheckIn():
            return check_ins.answer(state, command, book, now)
        case commands.NoteSeen():
            return reminding.seen(state, command.request_id, now), (), {}
        case commands.AttachPhoto():
            return check_ins.attach(state, command), (), {}
        case commands.AskForCheckIn():
            return *check_ins.ask_now(state, command, book, now), {"request_id": command.request_id}
        case commands.LogContact():
            return *ladder.contacted(state, command, book, now), {}
        case commands.ReportBreach():
            return *seen_to.report_breach(state, command, now), {}
        case (
            commands.NoteStay() | commands.NoteEndMoved() | commands.NoteElsewhere() | commands.NoteStayOver()
        ):
            return _note_stay(state, command), (), {}
        case commands.NoteMissed():
            return ladder.missed(state, Miss(command.due_at, command.duty)), (), {}
        case commands.NoteDeclared():
            known = state.declared_at
            latest = max(known, command.at) if known else command.at
            return replace(state, declared_at=latest), (), {}
    return seen_to.changed(state, command, now), (), {}


def _note_stay(state: Supervision, command: Any) -> Supervision:
    """Keep the latest word of the file; what was asked of a stay that is over is asked no more."""
    known = state.stay
    if known is not None and command.sequence <= known.sequence:
        return state
    if isinstance(command, commands.NoteStay):
        stay = StayKnown(
            command.sequence, True, command.at, command.place, command.starts_on, command.ends_on
        )
        asked = max(state.asked_until, command.at) if state.asked_until else command.at
        return replace(state, area=command.area, stay=stay, asked_until=asked)
    if known is None:
        return state
    if isinstance(command, commands.NoteEndMoved):
        stay = replace(known, sequence=command.sequence, ends_on=command.ends_on)
        return replace(state, area=command.area, stay=stay)
    if isinstance(command, commands.NoteElsewhere):
        stay = replace(known, sequence=command.sequence, place=command.place)
        return replace(state, area=command.area, stay=stay)
    stay = replace(known, sequence=command.sequence, is_open=False)
    return replace(state, area=command.area, stay=stay, open=None)
