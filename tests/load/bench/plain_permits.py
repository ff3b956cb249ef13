"""
The plain side of the permit benchmark: FastAPI routes that do one thing at a time.

An application is one MongoDB transaction per request; an upload of scans is one durable insert per scan.
Token, validation, pseudonym, look-up tokens, sealing, the access log, signing and strict verification are the
same on both sides.
"""

import os
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Header
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import DuplicateKeyError

from common.credential import serial, travel_permit
from common.credential.keys import LocalSigner, VerificationKey
from common.credential.travel_permit import TravelPermit
from common.credential.trust_list import TrustList
from common.http.auth import Verifier
from common.http.jwks import RemoteJwks
from common.kernel.ids import derived_id
from common.mongo.blind import BlindIndex
from common.mongo.pseudonyms import Pseudonyms
from common.mongo.sealing import Vault
from permit.views.requests import ApplicationBody, UploadBody

DAY = timedelta(days=1)


def make_app(mongo_uri: str, issuer: str) -> FastAPI:
    """Return the application with collections and a key of its own."""
    client: Any = AsyncIOMotorClient(mongo_uri, tz_aware=True, w="majority", journal=True)
    db, now = client["plain_permits"], datetime.now(UTC)
    verifier = Verifier(issuer, "la-chan", RemoteJwks(issuer))
    tokens = BlindIndex(os.urandom(32))
    vault, pseudonyms = Vault({"k": os.urandom(32)}), Pseudonyms(os.urandom(32))
    signer = LocalSigner.generate()
    trusted = TrustList(
        1, now, now + DAY, (VerificationKey(signer.spki, now - DAY, now + DAY, now + 60 * DAY),)
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for name in ("holders", "permits", "outbox", "scans", "access_log"):
            await db[name].insert_one({"_id": "first"})
        yield

    app = FastAPI(lifespan=lifespan)

    async def signed_in(authorization: Annotated[str, Header()]) -> Any:
        return await verifier.session(authorization.removeprefix("Bearer "))

    @app.post("/v1/permits", status_code=201)
    async def apply(
        body: ApplicationBody,
        idempotency_key: Annotated[str, Header()],
        _: Annotated[Any, Depends(signed_in)],
    ) -> dict[str, Any]:
        identity = body.person.to_seal()
        person_id = str(pseudonyms.person_id(identity["cccd"]))
        permit_id = serial.serial_of(derived_id("permit", idempotency_key).encode()[:10])
        sealed = vault.seal(identity, person_id=person_id)
        await db["directives"].find({"_id": {"$in": ["19", body.commune_code]}}).to_list(None)
        blind = body.person.blind_tokens(tokens)
        row = {"_id": permit_id, "person_id": person_id, "areas": body.areas, "until": body.valid_until}
        async with await client.start_session() as session, session.start_transaction():
            await db["holders"].find_one({"_id": person_id}, session=session)
            await db["holders"].update_one(
                {"_id": person_id}, {"$set": {"sealed": sealed, "blind": blind}}, upsert=True, session=session
            )
            await db["permits"].insert_one(row, session=session)
            await db["outbox"].insert_one({"_id": permit_id, "data": person_id}, session=session)
        claims = TravelPermit(
            issuer="VN-19",
            cti=serial.cti_of(permit_id),
            issued_at=datetime.now(UTC).replace(microsecond=0),
            valid_from=body.valid_from.replace(microsecond=0),
            valid_until=body.valid_until.replace(microsecond=0),
            holder=bytes(8),
            name=identity["full_name"],
            id_tail=identity["cccd"][-4:],
            birth_year=identity["birth_year"],
            category=4,
            areas=tuple(body.areas),
        )
        await db["access_log"].insert_one({"person_id": person_id, "at": datetime.now(UTC)})
        return {"permit_id": permit_id, "qr": travel_permit.sign(claims, signer)}

    @app.post("/v1/scans")
    async def upload(body: UploadBody, _: Annotated[Any, Depends(signed_in)]) -> dict[str, Any]:
        outcomes = []
        for item in body.items:
            shown = travel_permit.verify(item.qr or "", trusted, datetime.now(UTC))
            holder = await db["holders"].find_one({"_id": shown.cti.hex()})
            row = {
                "_id": item.scan_id,
                "permit_id": serial.serial_of(shown.cti),
                "known": holder is not None,
                "checkpoint_id": item.checkpoint_id,
                "verdict": item.verdict,
                "scanned_at": item.scanned_at,
                "outbox": [item.model_dump_json()],
            }
            try:
                await db["scans"].insert_one(row)
                outcomes.append("recorded")
            except DuplicateKeyError:
                outcomes.append("duplicate")
        return {"items": outcomes, "at": b64encode(bytes(2)).decode()}

    return app


if __name__ == "__main__":
    uvicorn.run(
        make_app(sys.argv[1], sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        log_level="warning",
        loop="uvloop",
    )
