"""Only tokens of our issuer, made for us, at the right time, let anybody in; roles open routes."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from common.clocks import FrozenClock
from common.http.app import create_app
from common.http.auth import Doctor, SignedIn, Verifier
from common.http.idempotency import IdempotencyCause
from common.http.jwks import NoSuchKey, RemoteJwks, StaticJwks
from common.kernel.areas import Area
from common.oidc_local.minting import Minter, NotForProduction

NOW = datetime.now(UTC)
router = APIRouter()


@router.get("/v1/me")
async def me(actor: SignedIn) -> dict[str, Any]:
    return {"subject": actor.subject, "roles": sorted(actor.roles), "person_id": actor.person_id}


@router.get("/v1/areas/{commune_code}")
async def area(commune_code: str, doctor: Doctor) -> dict[str, str]:
    doctor.require(Area(commune_code, commune_code[:3]))
    return {}


@router.post("/v1/things")
async def things(cause: IdempotencyCause) -> dict[str, str]:
    return {"id": cause.id, "correlation_id": cause.correlation_id, "traceparent": cause.traceparent}


@pytest.fixture(scope="module")
def minter() -> Minter:
    key = ECKey.generate_key("P-256", {"kid": "k1"})
    return Minter(key)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime.now(UTC))


@pytest.fixture
async def client(minter: Minter, clock: FrozenClock) -> AsyncIterator[httpx.AsyncClient]:
    verifier = Verifier(minter.issuer, minter.audience, StaticJwks(minter.jwks()), clock=clock)
    app = create_app("Thử", [router], verifier=verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as ready:
        yield ready


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_good_token_becomes_an_actor(client: httpx.AsyncClient, minter: Minter) -> None:
    token = minter.token(["citizen"], person_id="p123")
    response = await client.get("/v1/me", headers=bearer(token))
    assert response.json() == {"subject": "p123", "roles": ["citizen"], "person_id": "p123"}


async def test_without_a_token_the_answer_says_to_sign_in(client: httpx.AsyncClient) -> None:
    for headers in ({}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}):
        response = await client.get("/v1/me", headers=headers)
        assert response.status_code == 401
        assert response.json()["type"] == "urn:la-chan:problem:not-signed-in"
        assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_remembered_token_still_expires(
    client: httpx.AsyncClient, minter: Minter, clock: FrozenClock
) -> None:
    clock.set(datetime.now(UTC))  # the minter reads the machine's clock
    headers = bearer(minter.token(["doctor"], ["164"], seconds=600))
    assert (await client.get("/v1/me", headers=headers)).status_code == 200
    clock.move(timedelta(seconds=650))
    assert (await client.get("/v1/me", headers=headers)).status_code == 200  # within the skew of a minute
    clock.move(timedelta(seconds=30))
    response = await client.get("/v1/me", headers=headers)
    assert response.status_code == 401
    assert response.json()["type"] == "urn:la-chan:problem:token-expired"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "http://127.0.0.1:9999/other"},
        {"aud": "another-system"},
        {"aud": ["a", "b"]},
        {"aud": None},
        {"exp": None},
        {"exp": "2030"},
        {"exp": True},
        {"nbf": NOW.timestamp() + 3600},
        {"sub": ""},
        {"sub": None},
    ],
)
async def test_a_token_for_others_or_without_times_is_refused(
    client: httpx.AsyncClient, minter: Minter, change: dict[str, Any]
) -> None:
    claims = {
        "iss": minter.issuer,
        "aud": minter.audience,
        "sub": "x",
        "exp": NOW.timestamp() + 600,
        "roles": ["doctor"],
        **change,
    }
    token = minter.sign({name: value for name, value in claims.items() if value is not None})
    assert (await client.get("/v1/me", headers=bearer(token))).status_code == 401


async def test_signatures_by_others_and_weak_algorithms_are_refused(
    client: httpx.AsyncClient, minter: Minter
) -> None:
    good = minter.token(["administrator"], ["19"])
    head, body, signature = good.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    foreign = Minter(ECKey.generate_key("P-256", {"kid": "k1"})).token(["administrator"], ["19"])
    public = json.dumps(minter.jwks()["keys"][0]).encode()
    confused = jwt.encode({"alg": "HS256", "kid": "k1"}, {"sub": "x"}, OctKey.import_key(public))
    changed = base64.urlsafe_b64encode(b'{"sub":"boss"}').decode().rstrip("=")
    for token in (
        f"{none}.{body}.",
        f"{head}.{changed}.{signature}",
        f"{head}.{body}.{signature[:-6]}AAAAAA",
        foreign,
        confused,
        "abc",
        "a.b.c",
        "ế.ế.ế".encode().decode("latin-1"),
        "x" * 9_000,
    ):
        response = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}".encode("latin-1")})
        assert response.status_code == 401, token


async def test_a_role_opens_a_route_and_an_area_limits_it(client: httpx.AsyncClient, minter: Minter) -> None:
    doctor = bearer(minter.token(["doctor"], ["164"]))
    officer = bearer(minter.token(["health_officer"], ["164"]))
    assert (await client.get("/v1/areas/16401", headers=doctor)).status_code == 200
    response = await client.get("/v1/areas/16501", headers=doctor)
    assert response.json()["type"] == "urn:la-chan:problem:outside-your-area"
    response = await client.get("/v1/areas/16401", headers=officer)
    assert (response.status_code, response.json()["type"]) == (403, "urn:la-chan:problem:role-required")


async def test_the_same_key_is_the_same_cause_only_for_the_same_person_and_address(
    client: httpx.AsyncClient, minter: Minter
) -> None:
    first = bearer(minter.token(["doctor"], subject="d1")) | {"Idempotency-Key": "aaaaaaaa-1"}
    second = bearer(minter.token(["doctor"], subject="d2")) | {"Idempotency-Key": "aaaaaaaa-1"}
    ids = [(await client.post("/v1/things", headers=who)).json()["id"] for who in (first, first, second)]
    assert ids[0] == ids[1] != ids[2]
    del first["Idempotency-Key"]
    fresh = [(await client.post("/v1/things", headers=first)).json()["id"] for _ in range(2)]
    assert fresh[0] != fresh[1]


@pytest.mark.parametrize("key", ["", "short", "has space in it", "x" * 129])
async def test_a_key_that_cannot_tell_requests_apart_is_refused(
    client: httpx.AsyncClient, minter: Minter, key: str
) -> None:
    headers = bearer(minter.token(["doctor"])) | {"Idempotency-Key": key}
    response = await client.post("/v1/things", headers=headers)
    assert (response.status_code, response.json()["type"]) == (422, "urn:la-chan:problem:bad-idempotency-key")


async def test_a_traceparent_continues_into_the_cause(client: httpx.AsyncClient, minter: Minter) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = bearer(minter.token(["doctor"])) | {"traceparent": parent, "X-Correlation-ID": "my-own-id-1"}
    response = await client.post("/v1/things", headers=headers)
    assert response.json()["traceparent"][:36] == parent[:36]
    assert response.json()["correlation_id"] == "my-own-id-1" == response.headers["x-correlation-id"]


async def test_the_local_issuer_serves_loopback_addresses_only() -> None:
    with pytest.raises(NotForProduction):
        Minter(ECKey.generate_key("P-256"), issuer="https://lachan.example.vn/oidc")


async def test_the_key_file_is_private_and_used_again(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "key.json"
    first, second = Minter.from_file(file), Minter.from_file(file)
    assert first.jwks() == second.jwks()
    assert file.stat().st_mode & 0o077 == 0
    assert "d" not in first.jwks()["keys"][0]


class _Issuer:
    """An issuer that rotates its key and can go away."""

    def __init__(self, minter: Minter) -> None:
        self.minter = minter
        self.asked = 0
        self.is_away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": self.minter.issuer, "jwks_uri": "http://127.0.0.1/k"})
        return httpx.Response(200, json=self.minter.jwks())


async def test_remote_keys_are_kept_while_the_issuer_is_away_and_not_asked_for_every_token(
    minter: Minter,
) -> None:
    issuer = _Issuer(minter)
    transport = httpx.AsyncClient(transport=httpx.MockTransport(issuer))
    jwks = RemoteJwks(minter.issuer, client=transport)
    await jwks.key("k1")
    asked = issuer.asked
    issuer.is_away = True
    for number in range(50):
        with pytest.raises(NoSuchKey):
            await jwks.key(f"guess-{number}")
    assert issuer.asked == asked
    assert await jwks.key("k1")
    await jwks.aclose()


async def test_requests_that_arrive_while_the_keys_are_fetched_wait_for_them(minter: Minter) -> None:
    issuer = _Issuer(minter)
    jwks = RemoteJwks(minter.issuer, client=httpx.AsyncClient(transport=httpx.MockTransport(issuer)))
    keys = await asyncio.gather(*(jwks.key("k1") for _ in range(20)))
    assert len(set(map(id, keys))) == 1
    await jwks.aclose()


async def test_an_issuer_that_never_answered_is_a_passing_fault(minter: Minter) -> None:
    issuer = _Issuer(minter)
    issuer.is_away = True
    jwks = RemoteJwks(minter.issuer, client=httpx.AsyncClient(transport=httpx.MockTransport(issuer)))
    verifier = Verifier(minter.issuer, minter.audience, jwks)
    app = create_app("Thử", [router], verifier=verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        response = await client.get("/v1/me", headers=bearer(minter.token(["doctor"])))
    assert response.status_code == 503
    await jwks.aclose()
