"""Old rows go, young ones and those whose facts wait stay; a second round finds nothing."""

from datetime import UTC, datetime, timedelta

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo.aging import AgingRows

NOW = datetime(2022, 1, 20, tzinfo=UTC)


async def test_rows_are_deleted_when_their_time_is_over(database: AsyncIOMotorDatabase) -> None:
    scans = database["scans"]
    rows = AgingRows(scans, "received_at")
    await rows.ensure_indexes()
    await scans.insert_many(
        [
            {"_id": "old", "received_at": NOW - timedelta(days=181)},
            {"_id": "unsent", "received_at": NOW - timedelta(days=181), "unsent": NOW},
            {"_id": "young", "received_at": NOW - timedelta(days=179)},
        ]
    )

    assert await rows.purge(NOW - timedelta(days=180)) == 1
    assert await rows.purge(NOW - timedelta(days=180)) == 0

    assert await scans.distinct("_id") == ["unsent", "young"]
