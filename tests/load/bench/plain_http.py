"""The plain side of the declaration benchmark: a FastAPI route, one MongoDB transaction per request."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel, Field

from common.http.auth import Verifier
from common.http.jwks import RemoteJwks
from common.kernel.ids import derived_id


class Report(BaseModel):
    """The same body as the real route's."""

    reported_at: datetime
    declared_by: str
    spo2_percent: int = Field(ge=50, le=100)
    temperature_celsius: float = Field(ge=30, le=45)
    pulse_per_minute: int = Field(ge=20, le=250)
    breaths_per_minute: int = Field(ge=4, le=90)
    on_oxygen: bool
    consciousness: str
    symptoms: list[str]


def make_app(mongo_uri: str, issuer: str) -> FastAPI:
    """Return the application on the patients of the real service, with its own outbox collection."""
    client: Any = AsyncIOMotorClient(mongo_uri, tz_aware=True, w="majority", journal=True)
    db, patients = client["plain_http"], client["f0_monitoring"]["patients"]
    verifier = Verifier(issuer, "la-chan", RemoteJwks(issuer))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for name in ("reports", "outbox"):
            await db[name].insert_one({"_id": "first"})
        yield

    app = FastAPI(lifespan=lifespan)

    async def signed_in(authorization: Annotated[str, Header()]) -> Any:
        return await verifier.session(authorization.removeprefix("Bearer "))

    @app.post("/v1/patients/{person_id}/reports", status_code=201)
    async def declare(
        person_id: str,
        body: Report,
        idempotency_key: Annotated[str, Header()],
        actor: Annotated[Any, Depends(signed_in)],
    ) -> dict[str, Any]:
        patient = await patients.find_one({"_id": person_id}, {"state": 1})
        if patient is None:
            raise HTTPException(404)
        report_id = derived_id(person_id, idempotency_key)
        row = {
            "_id": report_id,
            "person_id": person_id,
            "received_at": datetime.now(UTC),
            **body.model_dump(),
        }
        async with await client.start_session() as session, session.start_transaction():
            await db["reports"].insert_one(row, session=session)
            await db["outbox"].insert_one({"_id": report_id, "data": body.model_dump_json()}, session=session)
        return {"receipt": report_id[:8].upper(), "report_id": report_id, "is_late": False}

    return app


if __name__ == "__main__":
    uvicorn.run(
        make_app(sys.argv[1], sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        log_level="warning",
        loop="uvloop",
    )
