"""What checkpoints tell beside the scans."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from permit.domain.gate_actions import GateAction
from permit.domain.shifts import Shift


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


class Shifts(Protocol):
    """Shifts at checkpoints."""

    async def find(
        self, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Shift]:
        """Return the shifts in an area, the newest first, after the (time, id) of *after*."""

    async def received(self, shift: Shift, until: datetime) -> int:
        """Return how many scans of the shift have arrived."""
