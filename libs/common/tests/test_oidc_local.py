"""The local issuer speaks the code flow with PKCE, to this machine only."""

import base64
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey

from common.geo import Units
from common.http.app import create_app
from common.http.auth import ROLES, Verifier
from common.http.jwks import StaticJwks
from common.oidc_local.__main__ import main
from common.oidc_local.issuer import CLIENT, LocalIssuer
from common.oidc_local.minting import Minter
from common.oidc_local.staff import demo_citizen, demo_users

VERIFIER_TEXT = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER_TEXT.encode()).digest()).decode().rstrip("=")
BACK = "http://127.0.0.1:8102/doctor"
ASKED = {
    "response_type": "code",
    "client_id": CLIENT,
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "s1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def minter() -> Minter:
    return Minter(ECKey.generate_key("P-256", {"kid": "k1"}))


@pytest.fixture
async def client(minter: Minter) -> AsyncIterator[httpx.AsyncClient]:
    users = demo_users(Units.load(), (demo_citizen("pabcdefgh"),))
    app = create_app("Bắt đầu", [LocalIssuer(minter, users, ports=range(8100, 8106)).router()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as ready:
        yield ready


async def _code(client: httpx.AsyncClient) -> str:
    response = await client.get("/oidc/authorize", params={**ASKED, "login": "doctor-164"})
    assert response.status_code == 303
    answer = parse_qs(urlsplit(response.headers["location"]).query)
    assert answer["state"] == ["s1"]
    return answer["code"][0]


def _grant(code: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER_TEXT,
    }


async def test_a_visitor_chooses_a_role_and_gets_a_token_that_the_services_believe(
    client: httpx.AsyncClient, minter: Minter
) -> None:
    page = await client.get("/oidc/authorize", params=ASKED)
    assert "Bác sĩ, Thành phố Thái Nguyên" in page.text
    response = await client.post(
        "/oidc/token", data=_grant(await _code(client)), headers={"Origin": "http://127.0.0.1:8102"}
    )
    assert response.headers["access-control-allow-origin"] == "http://127.0.0.1:8102"
    verifier = Verifier(minter.issuer, "la-chan", StaticJwks(minter.jwks()))
    session = await verifier.session(response.json()["access_token"])
    assert session.actor.roles == {"doctor"}
    assert session.actor.area_codes == {"164"}
    again = {"grant_type": "refresh_token", "refresh_token": response.json()["refresh_token"]}
    assert (await client.post("/oidc/token", data=again)).status_code == 200
    assert (await client.post("/oidc/token", data=again)).status_code == 400


async def test_a_code_works_once_and_only_with_its_verifier(client: httpx.AsyncClient) -> None:
    code = await _code(client)
    assert (await client.post("/oidc/token", data=_grant(code))).status_code == 200
    assert (await client.post("/oidc/token", data=_grant(code))).status_code == 400
    stolen = _grant(await _code(client)) | {"code_verifier": "w" * 50}
    assert (await client.post("/oidc/token", data=stolen)).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1:9999/"},
        {"redirect_uri": "http://127.0.0.1:8102@evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"client_id": "other"},
    ],
)
async def test_a_request_that_could_leak_a_code_is_refused(
    client: httpx.AsyncClient, change: dict[str, str]
) -> None:
    response = await client.get("/oidc/authorize", params={**ASKED, **change, "login": "admin"})
    assert response.status_code == 400


def test_there_is_somebody_for_every_role() -> None:
    users = demo_users(Units.load(), (demo_citizen("pabcdefgh"),))
    assert {role for user in users for role in user.roles} == set(ROLES)
    assert len({user.username for user in users}) == len(users)
    assert sum("checkpoint_officer" in user.roles for user in users) == 5
    assert all("Mẫu" in user.name for user in users)


def test_the_command_prints_a_token_and_explains_a_citizen_without_person(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    file = f"{tmp_path}/key.json"
    assert main(["token", "--role", "doctor", "--area", "164", "--key-file", file]) == 0
    assert capsys.readouterr().out.count(".") == 2
    assert main(["token", "--role", "citizen", "--key-file", file]) == 2
    assert "person_id" in capsys.readouterr().err
