"""
What was heard becomes an alert, a fold, a healing, or nothing.

Every order of arrival must end the same: the ordered source is a register that the highest sequence
wins, a sign of life is a maximum, and a worsening that arrives late only speaks when nothing that came
after it has healed the condition.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from alerting.domain import episodes
from alerting.domain.commands import (
    Note,
    NoteBreach,
    NoteCarer,
    NoteChannel,
    NoteFlag,
    NoteForgery,
    NoteKnock,
    NoteLow,
    NoteOver,
    NoteOverdue,
    NoteReport,
    NoteRisk,
    NoteRung,
    NoteSilence,
    NoteSilentSource,
    NoteStuck,
    NoteTrouble,
    NoteUncovered,
)
from alerting.domain.course import SILENT, Moment, Turn, Word, with_moment
from alerting.domain.evidence import NO_EVIDENCE, Evidence
from alerting.domain.model import (
    Condition,
    Severity,
)
from alerting.domain.rules import AlertRules
from alerting.domain.weight import asked_by
from common.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class Signal:
    """
    A note weighed by the rules: what it asks for, and whether things got worse by it.

    *turn* is what it changes whatever the rules make of it.
    """

    severity: Severity | None
    is_worse: bool
    word: Word
    turn: Turn
    evidence: Evidence = NO_EVIDENCE
    carer_id: str | None = None


def weigh(note: Note, rules: AlertRules) -> Signal:
    """Return what *note* asks for under *rules*."""
    word, evidence = said_by(note)
    if word == SILENT:
        return Signal(None, False, word, Turn.CALM)
    severity = asked_by(note.kind, word, rules)
    carer_id = note.carer_id if isinstance(note, NoteRisk | NoteSilence) else None
    if isinstance(note, NoteRisk):
        turn = Turn.WORSE if note.is_worse else Turn.LESS
        return Signal(severity, note.is_worse, word, turn, evidence, carer_id)
    return Signal(severity, severity is not None, word, Turn.WORSE, evidence, carer_id)


def said_by(note: Note) -> tuple[Word, Evidence]:
    """Return what the rules look at in *note*, and what its reader is shown."""
    match note:
        case NoteRisk():
            return Word(note.level), note.evidence
        case NoteSilence():
            evidence = Evidence(
                level=note.risk_level,
                missed_in_a_row=note.missed_in_a_row,
                last_report_at=note.last_report_at,
            )
            return Word(note.risk_level, note.missed_in_a_row), evidence
        case NoteBreach():
            return Word(note.breach), Evidence(breach=note.breach, checkpoint_id=note.checkpoint_id)
        case NoteForgery():
            evidence = Evidence(
                checkpoint_id=note.subject_id,
                checkpoint_name=note.checkpoint_name,
                reason_code=note.reason_code,
            )
            return Word(note.reason_code), evidence
        case NoteFlag():
            return Word("flag", signals=note.signals), note.evidence
        case NoteUncovered():
            evidence = Evidence(level=note.level, patients=note.patients, reason_code=note.reason)
            return Word(note.level), evidence
        case NoteChannel():
            return Word(note.channel), Evidence(reason_code=note.channel)
        case NoteOver():
            return SILENT, NO_EVIDENCE
    return _what_waits(note)


def _what_waits(note: Note) -> tuple[Word, Evidence]:
    """Say what waits for somebody to do something."""
    match note:
        case NoteKnock():
            return Word(note.level), Evidence(level=note.level)
        case NoteOverdue():
            return Word(note.reach), Evidence(reason_code=note.reach)
        case NoteLow():
            return Word(note.level), Evidence(level=note.level, reason_code=note.item)
        case NoteStuck():
            return Word("emergency" if note.is_emergency else "ordinary"), Evidence(reason_code=note.stage)
        case NoteRung():
            return Word(note.rung), Evidence(reason_code=note.rung, missed_in_a_row=note.missed)
        case NoteTrouble():
            return Word(note.code), Evidence(reason_code=note.code, part=note.part, count=note.count)
        case NoteSilentSource():
            evidence = Evidence(reason_code=note.code, part=note.part, last_report_at=note.last_fact_at)
            return Word(note.code), evidence
    raise TypeError(f"no weight for {type(note).__name__}")


def hear(condition: Condition | None, note: Note, rules: AlertRules, now: datetime) -> Decision[Condition]:
    """Apply a weighed note, stale or fresh."""
    signal = weigh(note, rules)
    before = condition or _new(note)
    if note.sequence and note.sequence <= before.sequence:
        return _hear_late(before, note, signal, rules, now)
    if not note.sequence and signal.severity is None:
        return Decision(condition)
    after = replace(
        before,
        area=note.area,
        person_id=note.person_id or before.person_id,
        sequence=note.sequence or before.sequence,
        demand=signal.severity,
        demand_at=note.at,
        evidence=signal.evidence if signal.severity else before.evidence,
        course=_course(before, signal, now),
    )
    after = _with_carer(after, signal.carer_id, note.sequence)
    wanted = after.wanted
    if wanted is None:
        return episodes.heal(after, now)
    if not signal.is_worse:
        return episodes.ease(after, now)
    return episodes.demand(replace(after, announced=note.sequence), wanted, rules, now)


def _hear_late(
    condition: Condition, note: Note, signal: Signal, rules: AlertRules, now: datetime
) -> Decision[Condition]:
    """
    A note older than what is already known.

    It never wins, but a worsening that nobody was told of must be told while the condition, as it is
    known now, still asks for it.
    """
    if not signal.is_worse or note.sequence <= condition.announced:
        return Decision(condition)
    told = replace(condition, announced=note.sequence)
    wanted = condition.wanted
    if wanted is None or condition.open_alert:
        return Decision(told)
    return episodes.demand(told, wanted, rules, now)


def hear_report(condition: Condition | None, note: NoteReport, now: datetime) -> Decision[Condition]:
    """Remember the latest sign of life; silence that is older is healed."""
    before = condition or _new(note)
    if before.spoke_at is not None and note.at <= before.spoke_at:
        return Decision(condition)
    after = replace(before, spoke_at=note.at)
    if after.wanted:
        return Decision(after)
    if before.course and before.course[-1].turn is not Turn.CALM:
        after = replace(after, course=with_moment(before.course, Turn.CALM, now))
    return episodes.heal(after, now)


def change_carer(condition: Condition | None, note: NoteCarer) -> Decision[Condition]:
    """Let the new doctor see the alert; where nothing is wrong there is nothing to see."""
    if condition is None:
        return Decision(None)
    return Decision(_with_carer(condition, note.carer_id, note.sequence))


def _course(before: Condition, signal: Signal, now: datetime) -> tuple[Moment, ...]:
    if signal.turn is Turn.CALM and not before.course:
        return ()
    return with_moment(before.course, signal.turn, now, signal.word)


def _with_carer(condition: Condition, carer_id: str | None, sequence: int) -> Condition:
    if not carer_id or sequence < condition.carer_sequence:
        return condition
    if carer_id == condition.carer_id and sequence == condition.carer_sequence:
        return condition
    return replace(condition, carer_id=carer_id, carer_sequence=sequence)


def _new(note: Note) -> Condition:
    return Condition(
        key=note.aggregate_id,
        kind=note.kind,
        subject_id=note.subject_id,
        area=note.area,
        person_id=note.person_id,
    )
