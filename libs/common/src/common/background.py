"""Work that a process does beside what it is asked, from its start to its stop."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any


class BackgroundTask:
    """
    One task of its own: what `common.service.Background` asks for.

    A subclass says in `start` what it does; `stop` ends it wherever it is. Whatever is
    in hand at that moment must be safe to do again: a killed process stops the same way.
    """

    _task: "asyncio.Task[None] | None" = None

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run *work* as the task *name*."""
        self._task = asyncio.create_task(work, name=name)

    async def stop(self) -> None:
        """End the task, if it was begun, and wait until it has ended."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
