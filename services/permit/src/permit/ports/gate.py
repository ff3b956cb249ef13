"""What checkpoints tell beside the scans."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from permit.domain.gate_actions import GateAction
from permit.domain.shifts import Shift


@dataclass(frozen=True, slots=True)
class ActCount:
    """How often one act was done for one reason at one checkpoint."""

    checkpoint_id: str
    checkpoint_name: str
    act: str
    reason_code: str
    count: int


class GateActions(Protocol):
    """What officers did at checkpoints."""

    async def find(
        self,
        codes: Collection[str],
        acts: Collection[str],
        *,
        officer: str | None = None,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[GateAction]:
        """Return the acts in an area, the newest first, after the (time, id) of *after*."""

    async def tally(self, codes: Collection[str], acts: Collection[str], since: datetime) -> list[ActCount]:
        """Count the acts in an area since an instant, by checkpoint and reason; in no order."""


class Shifts(Protocol):
    """Shifts at checkpoints."""

    async def find(
        self, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Shift]:
        """Return the shifts in an area, the newest first, after the (time, id) of *after*."""

    async def received(self, shift: Shift, until: datetime) -> int:
        """Return how many scans of the shift have arrived."""
