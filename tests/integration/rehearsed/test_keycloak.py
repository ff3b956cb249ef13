"""Tokens of a real Keycloak, with the realm of deploy/compose.yaml, open exactly what they should."""

import base64
import hmac
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from common.clocks import FrozenClock
from common.http.app import create_app
from common.http.auth import SKEW_SECONDS, Doctor, SignedIn, Verifier
from common.http.jwks import RemoteJwks
from common.kernel.areas import Area
from deploy.local.checkout import ROOT, free_ports
from deploy.local.services import AUDIENCE
from tests.conftest import UNAVAILABLE, give_up
from tests.integration.keycloak import Keycloak, running
from tests.integration.rehearsed.realm import Realm
from tests.integration.services import eventually

pytestmark = pytest.mark.kafka  # needs a server: left to `make integration`, like all of this folder
PARTNER = "benh-vien-x"
router = APIRouter()


@router.get("/v1/me")
async def me(actor: SignedIn) -> dict[str, Any]:
    return {"roles": sorted(actor.roles), "areas": sorted(actor.area_codes), "person_id": actor.person_id}


@router.get("/v1/districts/{district}/communes/{commune}")
async def commune(district: str, commune: str, doctor: Doctor) -> dict[str, str]:
    doctor.require(Area(commune, district))
    return {}


@pytest.fixture(scope="module")
def keycloak() -> Iterator[Keycloak]:
    ports = free_ports()
    try:
        with running(ports.start, ports.smtp) as keycloak:
            yield keycloak
    except UNAVAILABLE as fault:
        give_up(fault)


@pytest.fixture
async def realm(keycloak: Keycloak) -> AsyncIterator[Realm]:
    realm = Realm(keycloak)
    yield realm
    await realm.aclose()


@asynccontextmanager
async def service(
    keycloak: Keycloak, *, issuer: str = "", audience: str = AUDIENCE, clock: FrozenClock | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A service that believes this Keycloak, as one in a container does: keys from inside, the issuer's name outside."""
    keys = RemoteJwks(keycloak.issuer, jwks_uri=keycloak.jwks_uri)
    verifier = Verifier(issuer or keycloak.issuer, audience, keys, clock=clock)
    app = create_app("Thử", [router], verifier=verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client
    await keys.aclose()


async def answer(client: httpx.AsyncClient, token: str, path: str = "/v1/me") -> tuple[int, str]:
    """How a service answers: the code, and the kind of problem if there is one."""
    response = await client.get(path, headers={"Authorization": f"Bearer {token}"})
    return response.status_code, response.json().get("type", "").rpartition(":")[2]


async def test_people_have_the_roles_and_areas_that_they_were_given(keycloak: Keycloak, realm: Realm):
    access: dict[str, str] = {
        name: (await realm.sign_in(name))["access_token"]
        for name in ("doctor-164", "health-05431", "leader", a_citizen(keycloak))
    }
    async with service(keycloak) as client:
        said = {
            name: (await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).json()
            for name, token in access.items()
        }
        there = await answer(client, access["doctor-164"], "/v1/districts/164/communes/05458")
        elsewhere = await answer(client, access["doctor-164"], "/v1/districts/165/communes/05506")
        others = await answer(client, access["health-05431"], "/v1/districts/164/communes/05431")

    assert said["doctor-164"] == {"roles": ["doctor"], "areas": ["164"], "person_id": None}
    assert said["health-05431"] == {"roles": ["health_officer"], "areas": ["05431"], "person_id": None}
    assert said["leader"] == {"roles": ["leader"], "areas": ["19"], "person_id": None}
    citizen = said[a_citizen(keycloak)]
    assert citizen["roles"] == ["citizen"]
    assert a_citizen(keycloak).removeprefix("citizen-") in citizen["person_id"]
    assert there == (200, "")
    assert elsewhere == (403, "outside-your-area")
    assert others == (403, "role-required")


async def test_a_token_for_another_purpose_opens_nothing(keycloak: Keycloak, realm: Realm):
    tokens = await realm.sign_in("leader")
    unaddressed = await a_client(realm, "bao-cao", mappers=[])
    async with service(keycloak) as client:
        assert await answer(client, tokens["id_token"]) == (401, "token-refused")
        assert await answer(client, tokens["refresh_token"]) == (401, "token-refused")
        assert await answer(client, await realm.foreign_token()) == (401, "token-refused")
        token = (await realm.client_token("bao-cao", unaddressed)).json()["access_token"]
        assert await answer(client, token) == (401, "token-refused")
    async with service(keycloak, audience="he-thong-khac") as client:
        assert await answer(client, tokens["access_token"]) == (401, "token-refused")
    async with service(keycloak, issuer="https://dang-nhap.example/realms/la-chan") as client:
        assert await answer(client, tokens["access_token"]) == (401, "token-refused")


async def test_who_forges_a_signature_is_not_believed(keycloak: Keycloak, realm: Realm):
    good = (await realm.sign_in("leader"))["access_token"]
    head, body, signature = good.split(".")
    kid = part(head)["kid"]
    raised = written({**part(body), "roles": ["administrator"]})
    async with httpx.AsyncClient() as http:
        [public] = [key for key in (await http.get(keycloak.jwks_uri)).json()["keys"] if key["kid"] == kid]
    certificate = f"-----BEGIN CERTIFICATE-----\n{public['x5c'][0]}\n-----END CERTIFICATE-----\n"
    secrets = (json.dumps(public), public["n"], certificate)
    confused = [confusion(kid, raised, secret) for secret in secrets]
    async with service(keycloak) as client:
        assert await answer(client, good) == (200, "")
        for token in (
            f"{written({'alg': 'none', 'kid': kid})}.{raised}.",
            f"{written({'alg': 'None', 'kid': kid})}.{raised}.{signature}",
            f"{head}.{raised}.{signature}",
            *confused,
        ):
            assert await answer(client, token) == (401, "token-refused"), token


async def test_clocks_may_differ_by_a_minute(keycloak: Keycloak, realm: Realm):
    token = (await realm.sign_in("leader"))["access_token"]
    ends = datetime.fromtimestamp(part(token.split(".")[1])["exp"], UTC)
    clock = FrozenClock(ends - timedelta(seconds=1))
    async with service(keycloak, clock=clock) as client:
        assert await answer(client, token) == (200, "")
        clock.set(ends + timedelta(seconds=SKEW_SECONDS - 1))
        assert await answer(client, token) == (200, "")
        clock.set(ends + timedelta(seconds=SKEW_SECONDS + 1))
        assert await answer(client, token) == (401, "token-expired")
    behind = FrozenClock(datetime.now(UTC) - timedelta(seconds=SKEW_SECONDS - 5))
    async with service(
        keycloak, clock=behind
    ) as client:  # a service whose clock is late sees a token of the future
        assert await answer(client, token) == (200, "")


async def test_a_partner_fetches_tokens_until_its_client_is_disabled(keycloak: Keycloak, realm: Realm):
    document = json.loads(block("docs/operations/partners.md", "json"))
    secret = await created(realm, document)
    token = (await realm.client_token(PARTNER, secret)).json()["access_token"]
    async with service(keycloak) as client:
        response = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert response.json() == {"roles": ["partner"], "areas": ["19"], "person_id": None}

        [found] = (await realm.manage("GET", f"/clients?clientId={PARTNER}")).json()
        await realm.manage("PUT", f"/clients/{found['id']}", {**found, "enabled": False})
        refused = await realm.client_token(PARTNER, secret)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        # what it holds ends by itself, after ten minutes
        claims = part(token.split(".")[1])
        assert claims["exp"] - claims["iat"] == 600


async def test_keys_are_changed_without_anybody_being_signed_out(keycloak: Keycloak, realm: Realm):
    old = (await realm.sign_in("leader"))["access_token"]
    async with service(keycloak) as client:
        assert await answer(client, old) == (200, "")
        [before] = await realm.keys()
        await realm.manage("POST", "/components", new_key(before["parentId"]))
        new = (await realm.sign_in("leader"))["access_token"]
        assert part(new.split(".")[0])["kid"] != part(old.split(".")[0])["kid"]

        # found without a restart; the issuer is asked at most every ten seconds
        await eventually(lambda: answer(client, new), lambda said: said == (200, ""), seconds=60)
        passive = {**before["config"], "active": ["false"]}
        await realm.manage("PUT", f"/components/{before['id']}", {**before, "config": passive})
    async with service(keycloak) as fresh:  # which has not seen the old token yet
        assert await answer(fresh, old) == (200, "")
        assert await answer(fresh, new) == (200, "")
    await realm.manage("DELETE", f"/components/{before['id']}")
    async with service(keycloak) as fresh:
        assert await answer(fresh, old) == (401, "token-refused")
        assert await answer(fresh, new) == (200, "")


def confusion(kid: str, body: str, secret: str) -> str:
    """A token signed with the public key as if it were a shared secret (a library would refuse to make it)."""
    signed = f"{written({'alg': 'HS256', 'kid': kid, 'typ': 'JWT'})}.{body}"
    digest = hmac.digest(secret.encode(), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def a_citizen(keycloak: Keycloak) -> str:
    """The first sample citizen."""
    document = json.loads((keycloak.folder / "data/import/realm-la-chan.json").read_text("utf-8"))
    return next(str(user["username"]) for user in document["users"] if "citizen" in user["realmRoles"])


async def a_client(realm: Realm, client_id: str, mappers: list[dict[str, Any]]) -> str:
    """Make a client with a service account; return its secret."""
    kind = {"publicClient": False, "serviceAccountsEnabled": True, "standardFlowEnabled": False}
    return await created(realm, {"clientId": client_id, **kind, "protocolMappers": mappers})


async def created(realm: Realm, document: dict[str, Any]) -> str:
    await realm.manage("POST", "/clients", document)
    [found] = (await realm.manage("GET", f"/clients?clientId={document['clientId']}")).json()
    return str((await realm.manage("GET", f"/clients/{found['id']}/client-secret")).json()["value"])


def new_key(realm_id: str) -> dict[str, Any]:
    """A signing key of higher priority, as an operator adds it."""
    config = {"priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}
    kind = {"providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider"}
    return {"name": "rsa-new", **kind, "parentId": realm_id, "config": {**config, "keySize": ["2048"]}}


def block(page: str, language: str) -> str:
    """The one block of *language* on a page of the documentation."""
    [text] = re.findall(
        rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(text)


def part(text: str) -> dict[str, Any]:
    """Read one part of a token."""
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return content


def written(content: dict[str, Any]) -> str:
    """Write one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
