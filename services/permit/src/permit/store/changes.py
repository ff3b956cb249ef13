"""Changes going through their areas, and the record of what was decided."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import TypeAdapter

from common.mongo.aggregates import MongoAggregates
from common.mongo.trails import MongoHeads, MongoTrail
from permit.domain.filing import Filed
from permit.domain.rollouts import Rollout

Database = AsyncIOMotorDatabase[dict[str, Any]]
ROLLOUT: Final = TypeAdapter(Rollout)
_STATE: Final = {"state": 1}


class MongoRollouts(MongoAggregates[Rollout]):
    """Changes going through their areas; few."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database["rollouts"],
            lambda rollout: ROLLOUT.dump_python(rollout, mode="json"),
            ROLLOUT.validate_python,
        )

    async def running(self) -> list[Rollout]:
        """Return those whose minute has come and that are not finished, the longest running first."""
        asked = {"state.started_at": {"$ne": None}, "state.finished_at": None}
        rows = await self.collection.find(asked, _STATE).sort("state.started_at", 1).to_list(None)
        return [self.from_document(row["state"]) for row in rows]

    async def latest(self, limit: int) -> list[Rollout]:
        """Return the newest ones by their minute, planned ones first."""
        rows = await self.collection.find({}, _STATE).sort("state.due_at", -1).limit(limit).to_list(None)
        return [self.from_document(row["state"]) for row in rows]


def record_of(database: Database) -> MongoTrail[Filed]:
    """Return the record of decisions on file."""
    return MongoTrail(database["decisions"])


def heads_of(database: Database) -> tuple[MongoHeads, MongoHeads]:
    """Return where the heads of the chains are: the files of people, and the directives of areas."""
    return MongoHeads(database["holders"]), MongoHeads(database["directives"], "area-")
