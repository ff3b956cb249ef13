"""Wake-ups across processes: a change stream that rings when another process wrote facts."""

import asyncio
import contextlib
from typing import Any

import structlog
from motor.motor_asyncio import AsyncIOMotorDatabase

from common.work.relay import Bell

log = structlog.get_logger(__name__)

WROTE_FACTS: list[dict[str, Any]] = [
    {
        "$match": {
            "$or": [
                {"fullDocument.unsent": {"$exists": True}},
                {"updateDescription.updatedFields.unsent": {"$exists": True}},
            ]
        }
    },
    {"$project": {"_id": 1}},
]


class ChangeBell:
    """
    Rings *bell* for facts written by other processes.

    Only a wake-up: the relay reads whole outboxes itself, so a lost resume token costs at most one sweep.
    """

    def __init__(self, database: AsyncIOMotorDatabase, bell: Bell) -> None:  # type: ignore[type-arg]
        self._database = database
        self._bell = bell
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin listening."""
        self._task = asyncio.create_task(self._listen(), name="change-bell")

    async def stop(self) -> None:
        """Stop listening."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            try:
                async with self._database.watch(WROTE_FACTS, max_await_time_ms=1000) as stream:
                    async for _ in stream:
                        self._bell.ring()
            except Exception as fault:  # noqa: BLE001 - the sweep covers for the stream
                log.warning("change-bell-waiting", error=repr(fault))
                await asyncio.sleep(1)
