"""
Carries merges out: one file, then the other, then the record; and goes on where somebody stopped.

Every step may be carried out twice or by two at once (`domain/merging.py` says why), so a process that is
killed anywhere leaves nothing behind but a record that says what is still to be done.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, Protocol

from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.logs import logger
from common.work.engine import Work
from common.work.model import Cause
from quarantine.domain.joining import AbsorbFile, MergeStep, RestoreFile, ReturnFile, YieldFile
from quarantine.domain.merge_errors import MergeNotFound
from quarantine.domain.merges import PENDING, MarkMerge, Merge, Stage
from quarantine.ports.files import Merges

PAUSE_SECONDS: Final = 2.0
PATIENCE: Final = timedelta(seconds=10)
"""How long whoever began a merge may take before somebody else goes on with it."""
AT_ONCE: Final = 50
log = logger(__name__)


class Lease(Protocol):
    """One holder at a time."""

    async def hold(self) -> bool:
        """Take or renew it."""


class MergeRunner(BackgroundTask):
    """Brings every merge to its end."""

    def __init__(
        self,
        files: Work[Any, Any],
        records: Work[Merge, None],
        merges: Merges,
        clock: Clock,
        lease: Lease | None = None,
    ) -> None:
        self._files = files
        self._records = records
        self._merges = merges
        self._clock = clock
        self._lease = lease

    async def start(self) -> None:
        """Begin to look for merges that were left in the middle."""
        self.begin(self._loop(), "merges")

    async def _loop(self) -> None:
        while True:
            try:
                if self._lease is None or await self._lease.hold():
                    await self.sweep()
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("merges-waiting", fault=repr(fault))
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Go on with those that were left; return how many there were."""
        left = await self._merges.pending(self._clock.now() - PATIENCE, limit=AT_ONCE)
        for merge_id in left:
            await self.advance(merge_id)
        if left:
            log.info("merges-finished", merges=len(left))
        return len(left)

    async def advance(self, merge_id: str) -> Merge:
        """Bring one merge to its end, forwards or back, and return its record."""
        steps: dict[Stage, Callable[[Merge], Awaitable[None]]] = {
            Stage.STARTED: self._join,
            Stage.FAILING: self._take_back,
            Stage.UNDOING: self._undo,
        }
        merge = await self._read(merge_id)
        while merge.stage in PENDING:
            await steps[merge.stage](merge)
            merge = await self._read(merge_id)
        return merge

    async def _read(self, merge_id: str) -> Merge:
        merge = await self._records.read(merge_id)
        if merge is None:
            raise MergeNotFound("Không có lần gộp này trong địa bàn của bạn.")
        return merge

    async def _join(self, merge: Merge) -> None:
        joining, by = merge.joining, merge.by
        try:
            await self._step(YieldFile(joining.other.person_id, joining, by))
            await self._step(AbsorbFile(joining.survivor.person_id, joining, by))
        except DomainError as refusal:
            await self._mark(merge, Stage.FAILING, refusal.detail)
        else:
            await self._mark(merge, Stage.DONE)

    async def _take_back(self, merge: Merge) -> None:
        await self._step(RestoreFile(merge.joining.survivor.person_id, merge.joining, is_strict=False))
        await self._step(ReturnFile(merge.joining.other.person_id, merge.joining))
        await self._mark(merge, Stage.FAILED)

    async def _undo(self, merge: Merge) -> None:
        try:
            await self._step(RestoreFile(merge.joining.survivor.person_id, merge.joining))
        except DomainError as refusal:
            await self._mark(merge, Stage.DONE, refusal.detail)
            return
        await self._step(ReturnFile(merge.joining.other.person_id, merge.joining))
        await self._mark(merge, Stage.UNDONE)

    async def _step(self, command: MergeStep) -> None:
        cause = derived_id(command.joining.merge_id, type(command).__name__, command.person_id)
        await self._files.run(command, Cause(cause))

    async def _mark(self, merge: Merge, stage: Stage, refusal: str = "") -> None:
        cause = derived_id(merge.merge_id, "mark", stage.value, str(merge.turns))
        await self._records.run(MarkMerge(merge.merge_id, stage, refusal), Cause(cause))
