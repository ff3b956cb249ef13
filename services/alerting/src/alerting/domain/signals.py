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
    NoteStuck,
    NoteUncovered,
)
from alerting.domain.model import NO_EVIDENCE, Condition, Evidence, Severity
from alerting.domain.rules import AlertRules
from common.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class Signal:
    """A note weighed by the rules: what it asks for, and whether things got worse by it."""

    severity: Severity | None
    is_worse: bool
    evidence: Evidence = NO_EVIDENCE
    carer_id: str | None = None


def weigh(note: Note, rules: AlertRules) -> Signal:
    """Return what *note* asks for under *rules*."""
    match note:
        case NoteRisk():
            return Signal(rules.risk.get(note.level), note.is_worse, note.evidence, note.carer_id)
        case NoteSilence():
            severity = rules.silence(note.risk_level, note.missed_in_a_row)
            evidence = Evidence(
                level=note.risk_level,
                missed_in_a_row=note.missed_in_a_row,
                last_report_at=note.last_report_at,
            )
            return Signal(severity, severity is not None, evidence, note.carer_id)
        case NoteBreach():
            evidence = Evidence(breach=note.breach, checkpoint_id=note.checkpoint_id)
            return Signal(rules.breach.get(note.breach, Severity.WARNING), True, evidence)
        case NoteForgery():
            evidence = Evidence(
                checkpoint_id=note.subject_id,
                checkpoint_name=note.checkpoint_name,
                reason_code=note.reason_code,
            )
            severity = rules.forgery.get(note.reason_code)
            return Signal(severity, severity is not None, evidence)
        case NoteFlag():
            severity = rules.flag(note.signals)
            return Signal(severity, severity is not None, note.evidence)
        case NoteUncovered():
            evidence = Evidence(level=note.level, patients=note.patients, reason_code=note.reason)
            return Signal(rules.cover.get(note.level, Severity.WARNING), True, evidence)
        case NoteKnock() | NoteOverdue() | NoteLow() | NoteStuck() | NoteRung():
            return _weigh_waiting(note, rules)
        case NoteChannel():
            severity = rules.channels.get(note.channel, Severity.WARNING)
            return Signal(severity, True, Evidence(reason_code=note.channel))
        case NoteOver():
            return Signal(None, False)
    raise TypeError(f"no weight for {type(note).__name__}")


def _weigh_waiting(
    note: NoteKnock | NoteOverdue | NoteLow | NoteStuck | NoteRung, rules: AlertRules
) -> Signal:
    """Weigh what waits for somebody to do something."""
    match note:
        case NoteKnock():
            severity = rules.knock.get(note.level, Severity.WARNING)
            return Signal(severity, True, Evidence(level=note.level))
        case NoteOverdue():
            asked = rules.overdue.get(note.reach)
            return Signal(asked, asked is not None, Evidence(reason_code=note.reach))
        case NoteLow():
            severity = rules.stock.get(note.level, Severity.WARNING)
            return Signal(severity, True, Evidence(level=note.level, reason_code=note.item))
        case NoteStuck():
            severity = rules.transfer.get("emergency" if note.is_emergency else "ordinary", Severity.WARNING)
            return Signal(severity, True, Evidence(reason_code=note.stage))
        case NoteRung():
            asked = rules.rungs.get(note.rung)
            evidence = Evidence(reason_code=note.rung, missed_in_a_row=note.missed)
            return Signal(asked, asked is not None, evidence)


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
    return Decision(after) if after.wanted else episodes.heal(after, now)


def change_carer(condition: Condition | None, note: NoteCarer) -> Decision[Condition]:
    """Let the new doctor see the alert; where nothing is wrong there is nothing to see."""
    if condition is None:
        return Decision(None)
    return Decision(_with_carer(condition, note.carer_id, note.sequence))


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
