"""Wake-ups across processes: a change stream that rings when another process wrote facts."""

import asyncio
from typing import Any

import structlog
from motor.motor_asyncio import AsyncIOMotorDatabase

from common.background import BackgroundTask
from common.work.relay import Bell

log = structlog.get_logger(__name__)

WAIT_MS = 1000
PAUSE_SECONDS = 0.01
"""How long further changes are gathered after a ring: the relay is busy with the first ones anyway."""
# With its kind named, mongod passes over a write in the log itself, before it makes an event of it.
WROTE_FACTS: list[dict[str, Any]] = [
    {
        "$match": {
            "$or": [
                {"operationType": "insert", "fullDocument.unsent": {"$exists": True}},
                {"operationType": "update", "updateDescription.updatedFields.unsent": {"$exists": True}},
            ]
        }
    },
    {"$project": {"ns.coll": 1}},
]


class ChangeBell(BackgroundTask):
    """
    Rings *bell* for facts written by other processes.

    Only a wake-up: the relay reads whole outboxes itself, so a lost resume token costs at most one sweep.
    """

    def __init__(self, database: AsyncIOMotorDatabase, bell: Bell) -> None:  # type: ignore[type-arg]
        self._database = database
        self._bell = bell

    async def start(self) -> None:
        """Begin listening."""
        self.begin(self._listen(), "change-bell")

    async def _listen(self) -> None:
        while True:
            try:
                async with await self._database.client.start_session() as session:
                    await self._follow(session)
            except Exception as fault:  # noqa: BLE001 - the sweep covers for the stream
                log.warning("change-bell-waiting", error=repr(fault))
                await asyncio.sleep(1)

    async def _follow(self, session: Any) -> None:
        """Ring once for all changes that arrived together: the driver's cursor hands them over one by one."""
        opened = {"aggregate": 1, "pipeline": [{"$changeStream": {}}, *WROTE_FACTS], "cursor": {}}
        cursor = (await self._database.command(opened, session=session))["cursor"]
        more = {"getMore": cursor["id"], "collection": cursor["ns"].split(".", 1)[1], "maxTimeMS": WAIT_MS}
        while True:
            reply = await self._database.command(more, session=session)
            written = {change["ns"]["coll"] for change in reply["cursor"]["nextBatch"]}
            for collection in written:
                self._bell.ring(collection)
            if written:
                await asyncio.sleep(PAUSE_SECONDS)
