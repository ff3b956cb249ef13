"""
What officers do at a checkpoint beside scanning (xử lý tại chốt): append-only, each with its reason.

The paper matches the person or not; the officer decides otherwise than the verdict; somebody passes in an
emergency without a permit. Ids come from the device, so late and repeated uploads are one record each.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision, Fact
from permit.domain import authority
from permit.domain.checkpoints import Checkpoint
from permit.domain.errors import UnknownCheckpoint


class Act(StrEnum):
    """What was done."""

    MATCHED = "matched"
    """The person and the vehicle are those on the paper."""
    DIFFERED = "differed"
    LET_PASS = "let-pass"
    """Although the verdict was not to."""
    TURNED_BACK = "turned-back"
    """Although the verdict was to let pass."""
    EMERGENCY = "emergency"
    """Without a permit."""


LOGGED = frozenset((Act.DIFFERED, Act.LET_PASS, Act.TURNED_BACK, Act.EMERGENCY))
"""What a supervisor looks at; a match is only counted."""


@dataclass(frozen=True, slots=True)
class GateAction:
    """The record. *note* is sealed: what the officer wrote may name somebody."""

    action_id: str
    act: Act
    checkpoint: Checkpoint
    officer: str
    reason_code: str
    note: str
    scan_id: str | None
    permit_id: str | None
    told: str
    """Reason code of the verdict that was on the screen; empty without one."""
    acted_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RecordAction:
    """Record what an officer did."""

    action_id: str
    by: Actor
    act: Act
    checkpoint_id: str
    reason_code: str
    note: str
    scan_id: str | None
    permit_id: str | None
    told: str
    acted_at: datetime

    @property
    def aggregate_id(self) -> str:
        """One record per act."""
        return self.action_id


@dataclass(frozen=True, slots=True)
class GateActionTaken:
    """An officer decided otherwise than the scanner, or the paper was somebody else's."""

    action: GateAction

    @property
    def subject(self) -> str:
        """Acts at one checkpoint stay together."""
        return self.action.checkpoint.checkpoint_id


def decide(
    checkpoint: Checkpoint | None, command: RecordAction, _rules: None, now: datetime
) -> Decision[GateAction]:
    """Record an act of the officers of the checkpoint's area; it cannot be later than its arrival."""
    if checkpoint is None:
        raise UnknownCheckpoint(
            "Không có chốt này trong danh sách. Hãy chọn lại chốt.", field="checkpoint_id"
        )
    authority.may_scan(command.by, checkpoint.area)
    action = GateAction(
        action_id=command.action_id,
        act=command.act,
        checkpoint=checkpoint,
        officer=command.by.subject,
        reason_code=command.reason_code,
        note=command.note,
        scan_id=command.scan_id,
        permit_id=command.permit_id,
        told=command.told,
        acted_at=min(command.acted_at, now),
        received_at=now,
    )
    facts: tuple[Fact, ...] = (GateActionTaken(action),) if action.act in LOGGED else ()
    return Decision(action, facts, answer=_answer(action))


def _answer(action: GateAction) -> dict[str, Any]:
    return {"action_id": action.action_id, "act": str(action.act)}
