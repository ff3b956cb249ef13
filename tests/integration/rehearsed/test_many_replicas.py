"""Many replicas of a service start at once on an empty database: indexes are built once, keys are noted once."""

import asyncio
import base64

import pytest
from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo import key_marks
from common.testing.sign_in import sample_settings
from deploy.local.services import PACKAGES
from tests.stored.aggregates import service

REPLICAS = 8


async def indexes(database: AsyncIOMotorDatabase) -> dict[str, dict]:
    names = sorted(await database.list_collection_names())
    return {name: await database[name].index_information() for name in names}


@pytest.mark.parametrize("package", PACKAGES)
async def test_many_replicas_may_prepare_the_same_database_at_once(
    package: str, database: AsyncIOMotorDatabase, mongo_uri: str
) -> None:
    replica = service(package, mongo_uri=mongo_uri, mongo_database=database.name)

    await asyncio.gather(*(replica._prepare_mongo() for _ in range(REPLICAS)))
    first = await indexes(database)
    await asyncio.gather(*(replica._prepare_mongo() for _ in range(REPLICAS)))

    assert len(first) > 2
    assert await indexes(database) == first
    assert await database[key_marks.COLLECTION].count_documents({}) == 2
    replica.runtime.client.close()


async def test_a_replica_with_another_key_is_refused_and_notes_nothing(
    database: AsyncIOMotorDatabase,
) -> None:
    from permit.settings import PermitSettings

    right, other = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))
    await key_marks.check(database, key_marks.marks_of(sample_settings(PermitSettings, person_key=right)))
    wrong = sample_settings(PermitSettings, person_key=other, vault_keys=f"t9:{right}")

    with pytest.raises(key_marks.ForeignKeys, match="person"):
        await key_marks.check(database, key_marks.marks_of(wrong))

    assert await database[key_marks.COLLECTION].distinct("_id") == ["person", "vault:t1"]
