"""
Shifts at checkpoints (ca trực): who stood where and when, what was counted, what the next must know.

A device tells its shift as a whole, once when it begins and once when it is handed over; without a network
both may arrive late or in the wrong order, and a shift that was handed over stays so.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten
from permit.domain import authority
from permit.domain.checkpoints import Checkpoint


@dataclass(frozen=True, slots=True)
class Counts:
    """What the device counted in the shift."""

    allowed: int = 0
    refused: int = 0
    check: int = 0
    overridden: int = 0
    emergencies: int = 0

    @property
    def scans(self) -> int:
        """Scans of the shift."""
        return self.allowed + self.refused + self.check


@dataclass(frozen=True, slots=True)
class Shift:
    """One officer's duty at one checkpoint; *note* is the sealed word to the next one."""

    shift_id: str
    officer: str
    checkpoint: Checkpoint
    opened_at: datetime
    closed_at: datetime | None = None
    counts: Counts = Counts()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TellShift:
    """Tell a shift that began, or that was handed over if *closed_at* is given."""

    shift_id: str
    by: Actor
    checkpoint: Checkpoint
    opened_at: datetime
    closed_at: datetime | None
    counts: Counts
    note: str

    @property
    def aggregate_id(self) -> str:
        """One record per shift."""
        return self.shift_id


def decide(known: Shift | None, command: Any, _rules: None, now: datetime) -> Decision[Shift]:
    """Note a shift; what was handed over is not changed any more."""
    if isinstance(command, Forget):
        return _forget(known, command)
    if not isinstance(command, TellShift):
        raise TypeError(f"no decision for {type(command).__name__}")
    authority.may_scan(command.by, command.checkpoint.area)
    answer = {"shift_id": command.shift_id}
    if known is not None and (known.closed_at is not None or command.closed_at is None):
        return Decision(known, answer=answer)
    opened_at = min(command.opened_at, now)
    told = Shift(
        shift_id=command.shift_id,
        officer=command.by.subject,
        checkpoint=command.checkpoint,
        opened_at=opened_at,
        closed_at=None if command.closed_at is None else max(opened_at, min(command.closed_at, now)),
        counts=command.counts,
        note=command.note,
    )
    return Decision(told, answer=answer)


def _forget(shift: Shift | None, command: Forget) -> Decision[Shift]:
    """Forget the word to the next officer; who stood where, and the counts, stay."""
    if shift is None or not shift.note or shift.closed_at is None or shift.closed_at >= command.before:
        return Decision(shift)
    return forgotten(replace(shift, note=""))
