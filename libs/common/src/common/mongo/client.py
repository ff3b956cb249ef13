"""The only place that makes a Mongo client, so that its guarantees are the same everywhere."""

import uuid
from typing import Any

from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NotPrimaryError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]

TRANSIENT: tuple[type[Exception], ...] = (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NotPrimaryError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
"""Faults that pass by themselves (election, restart, network): try the same thing again."""

WRITE_TIMEOUT_MS = 10_000


def open_client(uri: str, *, app_name: str) -> Client:
    """
    Return a client of *uri*; it connects at first use.

    Writes are acknowledged by a majority with the journal, reads see only what a majority has, both
    are retried once by the driver; instants come back aware; UUIDs are the standard binary kind.
    """
    return AsyncIOMotorClient(
        uri,
        appname=f"{app_name}-{uuid.uuid4().hex[:6]}",
        w="majority",
        journal=True,
        wtimeoutms=WRITE_TIMEOUT_MS,
        retryWrites=True,
        retryReads=True,
        readConcernLevel="majority",
        tz_aware=True,
        uuidRepresentation="standard",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=20_000,
        maxPoolSize=50,
    )


def open_database(client: Client, name: str) -> Database:
    """Return database *name*, with the same guarantees even if the URI asked for less."""
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True, uuid_representation=UuidRepresentation.STANDARD),
        write_concern=WriteConcern(w="majority", j=True, wtimeout=WRITE_TIMEOUT_MS),
        read_concern=ReadConcern("majority"),
    )


async def answers(client: Client) -> None:
    """Raise unless the primary answers a ping: the readiness check of a service."""
    await client.admin.command("ping")
