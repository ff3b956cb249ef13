"""
The workshop: heavy and untrusted work in processes of its own, so that requests are answered meanwhile.

Reading a sheet of 10,000 rows or drawing 400 pages keeps an interpreter busy for seconds, and a file made to
harm can only harm a process that holds no keys, has bounded memory, yields to the service and ends with it.
"""

import asyncio
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Any, Final, ParamSpec, TypeVar

from common.logs import logger

P = ParamSpec("P")
T = TypeVar("T")
log = logger(__name__)
WORKERS: Final = 2
MEMORY_MAX_BYTES: Final = 1_500_000_000
JOBS_PER_PROCESS: Final = 50
"""Then a fresh process takes over: what a library kept does not pile up."""


class Workshop:
    """Runs plain functions of picklable values elsewhere; *is_apart* false is for unit tests, in a thread."""

    def __init__(self, *, is_apart: bool = True) -> None:
        self._is_apart = is_apart
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *work* returns; what it raises is raised here. A process that died is replaced once."""
        if not self._is_apart:
            return await asyncio.to_thread(work, *args, **kwargs)
        try:
            return await self._sent(work, *args, **kwargs)
        except BrokenProcessPool:
            log.warning("a workshop process died", work=getattr(work, "__name__", "?"))
            self._pool = None
            return await self._sent(work, *args, **kwargs)

    async def start(self) -> None:
        """Nothing to begin: processes start when they are needed."""

    async def stop(self) -> None:
        """Let the processes go."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def _sent(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                WORKERS,
                mp_context=get_context("spawn"),
                initializer=_settle_in,
                max_tasks_per_child=JOBS_PER_PROCESS,
            )
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))


def _settle_in() -> None:
    """Be a process that yields to the service, has bounded memory and does not outlive it."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    threading.Thread(target=_end_with_the_service, daemon=True).start()


def _end_with_the_service() -> None:
    parent: Any = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
