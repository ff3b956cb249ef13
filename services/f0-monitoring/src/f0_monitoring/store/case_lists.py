"""Uploaded lists of F0 in MongoDB."""

from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo.uploads import MongoUploads


class MongoCaseLists(MongoUploads):
    """Lists of F0 and their pages."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        super().__init__(database, "case_list")
