"""What partners were last told of each area, with the outbox of what they have yet to be told."""

from dataclasses import asdict, fields
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo.aggregates import MongoAggregates
from ioc_aggregation.domain.model import Published


class PublishedAreas(MongoAggregates[Published]):
    """One aggregate per area."""

    def __init__(self, database: AsyncIOMotorDatabase) -> None:  # type: ignore[type-arg]
        super().__init__(database["published"], asdict, _published)


def _published(document: dict[str, Any]) -> Published:
    # A newer version beside this one may have written fields that this one does not know.
    return Published(
        **{field.name: document[field.name] for field in fields(Published) if field.name in document}
    )
