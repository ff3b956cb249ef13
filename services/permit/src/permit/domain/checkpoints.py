"""Checkpoints (chốt kiểm soát): where they stand and what they are called."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from permit.domain import authority


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A post on a road or at a gate; degrees are WGS 84, unknown for a post nobody has measured."""

    checkpoint_id: str
    name: str
    area: Area
    latitude: float | None = None
    longitude: float | None = None
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class PlaceCheckpoint:
    """Set up a checkpoint, or move, rename, open or close it."""

    checkpoint: Checkpoint
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """One record per checkpoint."""
        return self.checkpoint.checkpoint_id


def decide(known: Checkpoint | None, command: Any, _rules: None, _now: datetime) -> Decision[Checkpoint]:
    """Put a checkpoint on the list."""
    if not isinstance(command, PlaceCheckpoint):
        raise TypeError(f"no decision for {type(command).__name__}")
    authority.require_role(command.by, authority.ADMINISTRATOR, authority.LEADER)
    command.by.require(command.checkpoint.area)
    placed = known if known == command.checkpoint else command.checkpoint
    return Decision(placed, answer={"checkpoint_id": command.checkpoint.checkpoint_id})
