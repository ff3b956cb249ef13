"""
The one door of the domain: a file, a command, the dated rules and the time give the next file and its facts.

No branch asks what arrived first. See `standing.py` for why every order of arrival ends the same.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import Decision, Fact, TimerFired
from quarantine.domain import beds, deed, duties, home, orders, outlook, positives
from quarantine.domain.acts import Act
from quarantine.domain.commands import (
    ApplyProtocol,
    DeadlinePassed,
    ExtendQuarantine,
    NoteClosedF0,
    NoteDeclaredF0,
    NoteLeftHome,
    NoteReport,
    NoteScan,
    OrderQuarantine,
    RecordPositive,
    ReleaseFromQuarantine,
)
from quarantine.domain.facts import QuarantineBreached
from quarantine.domain.filing import decide_filing
from quarantine.domain.infection import ClosedF0, DeclaredF0
from quarantine.domain.model import BreachKind, Case
from quarantine.domain.retention import Anonymise, anonymise
from quarantine.domain.rules import QuarantineRules
from quarantine.domain.standing import changes, is_breached_by

SCANS_KEPT = 16


def decide(case: Case | None, command: Any, rules: QuarantineRules, now: datetime) -> Decision[Case]:
    """Decide *command* on *case*; raises a refusal, or TypeError for a command that is not ours."""
    return _act(case, command, rules, now) if isinstance(command, Act) else _decide(case, command, rules, now)


def _decide(case: Case | None, command: Any, rules: QuarantineRules, now: datetime) -> Decision[Case]:
    match command:
        case OrderQuarantine():
            ordered, moved = home.settled(orders.order(case, command, rules, now), rules, now)
            return _settled(case, ordered, rules, *moved, answer=orders.outline(ordered))
        case ExtendQuarantine():
            extended, fact = orders.extend(case, command, rules, now)
            return _settled(case, extended, rules, fact, answer=orders.outline(extended))
        case ApplyProtocol():
            return _apply(case, command, rules, now)
        case ReleaseFromQuarantine():
            released = orders.release(case, command, rules, now)
            return _settled(case, released, rules, answer=orders.outline(released))
        case RecordPositive():
            return _settled(case, positives.record(case, command, now), rules, answer={"status": "ended"})
        case NoteReport():
            return _note_report(case, command, rules)
        case NoteDeclaredF0() | NoteClosedF0():
            return _note_f0(case or Case(command.person_id), command, rules, now, before=case)
        case NoteScan() | NoteLeftHome():
            return _note_breach(case, command)
        case TimerFired() | Anonymise():
            return _in_time(case, command, rules)
    return decide_filing(case, command, rules, now)


def _act(case: Case | None, act: Act, rules: QuarantineRules, now: datetime) -> Decision[Case]:
    after, told, answer = deed.done(case, act, rules, now)
    if after is case and not told:
        return Decision(case, answer=answer)
    return _settled(case, after, rules, *told, answer=answer)


def _settled(
    before: Case | None,
    after: Case,
    rules: QuarantineRules,
    *facts: Fact,
    answer: dict[str, Any] | None = None,
) -> Decision[Case]:
    """Finish a decision: tell what changed in the standing, and set the timers that the file now has."""
    after, vacated = beds.left(after)
    told = (*facts, *changes(before, after), *vacated)
    return Decision(after, told, duties.timers(after, rules), answer or {})


def _apply(
    case: Case | None, command: ApplyProtocol, rules: QuarantineRules, now: datetime
) -> Decision[Case]:
    applied, seen, facts = outlook.apply(case, command, rules, now)
    answer = {"effect": seen.effect.value, **orders.outline(applied)}
    return _settled(case, applied, rules, *facts, answer=answer) if facts else Decision(case, answer=answer)


def _note_report(case: Case | None, command: NoteReport, rules: QuarantineRules) -> Decision[Case]:
    if case is None or case.stay is None:
        return Decision(case)
    noted = duties.note(case, case.stay, command)
    return Decision(case) if noted is case else _settled(case, noted, rules)


def _note_f0(
    case: Case,
    command: NoteDeclaredF0 | NoteClosedF0,
    rules: QuarantineRules,
    now: datetime,
    *,
    before: Case | None,
) -> Decision[Case]:
    """Keep the latest word of F0 care, also about people without a stay: the order may come after it."""
    known = case.infection
    if isinstance(command, NoteDeclaredF0):
        declared = DeclaredF0(command.sequence, command.declared_at, command.area)
        if known.declared and known.declared.sequence >= declared.sequence:
            return Decision(before)
        infection = replace(known, declared=declared)
    else:
        closed = ClosedF0(command.sequence, command.outcome, command.closed_on)
        if known.closed and known.closed.sequence >= closed.sequence:
            return Decision(before)
        infection = replace(known, closed=closed)
    after, moved = home.settled(replace(case, infection=infection), rules, now)
    return _settled(before, after, rules, *moved)


def _note_breach(case: Case | None, command: NoteScan | NoteLeftHome) -> Decision[Case]:
    """Whoever must stay at home and was elsewhere broke it, once per scan or other evidence."""
    if isinstance(command, NoteScan):
        evidence_id, at, checkpoint_id = command.scan_id, command.scanned_at, command.checkpoint_id
        how = BreachKind.SCANNED
    else:
        evidence_id, at, checkpoint_id = command.evidence_id, command.at, ""
        how = BreachKind.REPORTED if command.is_reported else BreachKind.LEFT_HOME
    if case is None or case.person is None or evidence_id in case.scans or not is_breached_by(case, at):
        return Decision(case)
    breach = QuarantineBreached(case.person_id, case.person.area, at, checkpoint_id, evidence_id, how)
    return Decision(replace(case, scans=(*case.scans, evidence_id)[-SCANS_KEPT:]), (breach,))


def _in_time(case: Case | None, command: TimerFired | Anonymise, rules: QuarantineRules) -> Decision[Case]:
    """What time alone brings: a day to be judged, or the end of keeping somebody's name."""
    return anonymise(case, command) if isinstance(command, Anonymise) else _judge(case, command, rules)


def _judge(case: Case | None, fired: TimerFired, rules: QuarantineRules) -> Decision[Case]:
    if case is None or case.stay is None or case.stay.duty.next_on > case.stay.ends_on:
        return Decision(case)
    passed = (
        fired
        if isinstance(fired, DeadlinePassed)
        else DeadlinePassed(fired.aggregate_id, fired.name, fired.due_at)
    )
    judged, missed = duties.judge(case, case.stay, passed, rules)
    return _settled(case, judged, rules, *([missed] if missed else []))
