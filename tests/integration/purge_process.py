"""
A worker that is killed while it purges: `python -m tests.integration.purge_process <mongo> <database> <when>`.

It makes two batches of F0 records nameless, says so, and waits for its end.
"""

import asyncio
import sys
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from common.clocks import FrozenClock
from common.retention import Forgetting
from common.work.engine import Work
from common.work.model import Heart
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.model import CareState
from f0_monitoring.domain.retention import ForgetPatient
from f0_monitoring.store.aging import aged_patients
from f0_monitoring.store.mongo import MongoPatients, MongoReports
from f0_monitoring.translate import to_event

BATCH, BATCHES = 7, 2


class Halfway:
    """Finds the files of a small batch each time; after some batches it says so and never answers again."""

    def __init__(self, database: Any) -> None:
        self._files, self._asked = aged_patients(database, CareState.RECOVERED), 0

    async def over(self, before: datetime, *, limit: int, after: str) -> list[str]:
        """Return the next ids."""
        self._asked += 1
        if self._asked > BATCHES:
            print("halfway", flush=True)
            await asyncio.Event().wait()
        return await self._files.over(before, limit=BATCH, after=after)


async def main(mongo: str, name: str, when: str) -> None:
    """Purge until the process is killed."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo, tz_aware=True)
    database, now = client[name], datetime.fromisoformat(when)
    store = MongoPatients(database, MongoReports(database))
    work: Work[Any, Any] = Work(Heart("patient", decide, to_event, lambda: None), store, FrozenClock(now))

    def forget(one: str, before: datetime) -> ForgetPatient:
        return ForgetPatient(one, CareState.RECOVERED, before.date())

    await Forgetting(work, Halfway(database), forget).purge(now)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
