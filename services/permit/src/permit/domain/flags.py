"""
Flags (cảnh báo gian lận): what is known against one permit, or against the traffic of one checkpoint.

Evidence is a set that only grows, bounded to the newest; a flag follows from it, so late, shuffled and
repeated uploads end in the same flag. An officer clears what was seen, with a reason; new evidence
raises it again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten
from permit.domain import authority
from permit.domain.errors import FlagNotFound, NothingToClear
from permit.domain.scans import UNREADABLE
from permit.domain.signals import Evidence, Signal, SignalRules

KEPT = 24
"""Pieces of evidence kept per flag, the newest; one officer reads no more."""


class Kind(StrEnum):
    """What a flag is about."""

    PERMIT = "permit"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Clearing:
    """An officer looked into it; *note* is the reason, sealed."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Flag:
    """
    The flag of one subject (permit or checkpoint id).

    *signals* are those that stand now, *since* when the oldest of them was seen; none: not flagged.
    *revision* counts the changes that were told.
    """

    subject: str
    kind: Kind
    area: Area
    person_id: str | None = None
    place_name: str = ""
    evidence: tuple[Evidence, ...] = ()
    cleared: tuple[str, ...] = ()
    clearing: Clearing | None = None
    signals: tuple[Signal, ...] = ()
    since: datetime | None = None
    latest_at: datetime | None = None
    revision: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to look at it."""
        return bool(self.signals)

    @property
    def standing(self) -> tuple[Evidence, ...]:
        """The evidence that nobody cleared yet, the newest first."""
        return tuple(piece for piece in self.evidence if piece.evidence_id not in self.cleared)


@dataclass(frozen=True, slots=True)
class WatchScan:
    """Look at a scan that was recorded: compare it with its neighbours."""

    scan_id: str

    @property
    def aggregate_id(self) -> str:
        """The scan; what it shows is noted at other subjects."""
        return self.scan_id


@dataclass(frozen=True, slots=True)
class NoteEvidence:
    """Scans contradict each other, or bad codes were shown."""

    subject: str
    kind: Kind
    area: Area
    evidence: tuple[Evidence, ...]
    person_id: str | None = None
    place_name: str = ""

    @property
    def aggregate_id(self) -> str:
        """One flag per subject."""
        return self.subject


@dataclass(frozen=True, slots=True)
class ClearFlag:
    """An officer looked into all that stands; *note* is the sealed reason."""

    subject: str
    by: Actor
    note: str

    @property
    def aggregate_id(self) -> str:
        """One flag per subject."""
        return self.subject


@dataclass(frozen=True, slots=True)
class FlagChanged:
    """Other signs stand against a subject than before."""

    flag: Flag
    from_signals: tuple[Signal, ...]
    at: datetime

    @property
    def subject(self) -> str:
        """Facts of one permit stay together; those of checkpoints go with unreadable codes."""
        return self.flag.subject if self.flag.kind is Kind.PERMIT else UNREADABLE


@dataclass(frozen=True, slots=True)
class PermitFlagged(FlagChanged):
    """Something new stands against it."""


@dataclass(frozen=True, slots=True)
class PermitFlagCleared(FlagChanged):
    """Nothing stands against it any more."""


def decide(flag: Flag | None, command: Any, rules: SignalRules, now: datetime) -> Decision[Flag]:
    """Take evidence into a flag, or clear it."""
    match command:
        case NoteEvidence():
            return note(flag, command, rules, now)
        case ClearFlag():
            return clear(flag, command, rules, now)
        case Forget():
            return _forget(flag, command)
    raise TypeError(f"no decision for {type(command).__name__}")


def note(flag: Flag | None, command: NoteEvidence, rules: SignalRules, now: datetime) -> Decision[Flag]:
    """Add what is new; evidence that is known, or older than all that is kept, changes nothing."""
    before = flag or Flag(command.subject, command.kind, command.area)
    known = {piece.evidence_id for piece in before.evidence}
    pieces = {piece.evidence_id: piece for piece in (*before.evidence, *command.evidence)}
    kept = tuple(sorted(pieces.values(), key=_newest_first)[:KEPT])
    fresh = [piece for piece in kept if piece.evidence_id not in known]
    if not fresh:
        return Decision(flag)
    after = replace(before, evidence=kept, person_id=command.person_id or before.person_id)
    if kept[0] in fresh:  # where it is dealt with follows the newest evidence, whatever came last
        after = replace(after, area=command.area, place_name=command.place_name)
    weighed = _weighed(after, rules)
    return _told(before, after, rules, now, is_news=any(piece.signal in weighed for piece in fresh))


def clear(flag: Flag | None, command: ClearFlag, rules: SignalRules, now: datetime) -> Decision[Flag]:
    """
    Clear a flag (gỡ cảnh báo): everything that stands was looked into.

    It is an act of the permit officers of the area, or of its leaders.
    """
    authority.require_role(command.by, authority.OFFICER, authority.LEADER, authority.ADMINISTRATOR)
    if flag is None:
        raise FlagNotFound("Không có cảnh báo nào cho giấy hoặc chốt này. Hãy tải lại danh sách.")
    command.by.require(flag.area)
    if not flag.is_open:
        raise NothingToClear("Cảnh báo này đã được gỡ rồi. Hãy tải lại danh sách.")
    after = replace(
        flag,
        cleared=tuple(piece.evidence_id for piece in flag.evidence),
        clearing=Clearing(command.by.subject, now, command.note),
    )
    decision = _told(flag, after, rules, now, is_news=True)
    return replace(decision, answer={"subject": flag.subject})


def _told(before: Flag, after: Flag, rules: SignalRules, now: datetime, *, is_news: bool) -> Decision[Flag]:
    """Return the flag as it follows from its evidence, and tell what changed."""
    standing = [piece for piece in after.standing if piece.signal in _weighed(after, rules)]
    settled = replace(
        after,
        signals=tuple(sorted({piece.signal for piece in standing})),
        since=min((piece.at for piece in standing), default=None),
        latest_at=max((piece.at for piece in standing), default=None),
    )
    if not is_news or (not settled.signals and not before.signals):
        return Decision(settled)
    settled = replace(settled, revision=before.revision + 1)
    change = PermitFlagged if settled.signals else PermitFlagCleared
    return Decision(settled, (change(settled, before.signals, now),))


def _weighed(flag: Flag, rules: SignalRules) -> frozenset[Signal]:
    """Which signs are enough: all, but tampering only when it is repeated within the hour or so."""
    found = {piece.signal for piece in flag.standing}
    if Signal.REPEATED_TAMPERING in found and not _is_repeated(flag, rules):
        found.discard(Signal.REPEATED_TAMPERING)
    return frozenset(found)


def _is_repeated(flag: Flag, rules: SignalRules) -> bool:
    times = sorted(piece.at for piece in flag.standing if piece.signal is Signal.REPEATED_TAMPERING)
    last = rules.attempts - 1
    return any(
        later - first <= rules.attempts_within for first, later in zip(times, times[last:], strict=False)
    )


def _newest_first(piece: Evidence) -> tuple[float, str]:
    return -piece.at.timestamp(), piece.evidence_id


def _forget(flag: Flag | None, command: Forget) -> Decision[Flag]:
    """Forget why an officer cleared it; that it was cleared, when and by whom stays."""
    clearing = flag.clearing if flag else None
    if flag is None or flag.is_open or clearing is None or not clearing.note:
        return Decision(flag)
    if clearing.at >= command.before:
        return Decision(flag)
    return forgotten(replace(flag, clearing=replace(clearing, note="")))
