"""People and administrators of a running Keycloak: signing in as the pages do, changing what an operator changes."""

import base64
import hashlib
import re
import secrets
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from common.oidc_local.issuer import CLIENT
from deploy.local import compose
from tests.integration.keycloak import PASSWORD, Keycloak

_BEHIND_THE_DOOR = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "dang-nhap.localhost",
    "X-Forwarded-Port": "8443",
}
_PATIENCE = httpx.Timeout(60.0)


class Realm:
    """The realm of the system at a running Keycloak."""

    def __init__(self, keycloak: Keycloak) -> None:
        self._http = httpx.AsyncClient(
            base_url=keycloak.address, headers=_BEHIND_THE_DOOR, timeout=_PATIENCE, follow_redirects=False
        )
        self._path = f"/realms/{compose.REALM}/protocol/openid-connect"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def sign_in(self, username: str) -> dict[str, Any]:
        """Sign a sample person in on Keycloak's own page, as the pages do (code with PKCE); return the tokens."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        back = "https://ioc.localhost:8443/"
        asked = {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": back,
            "scope": "openid profile",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = await self._http.get(f"{self._path}/auth", params=asked)
        form = re.search(r'action="([^"]+)"', page.text)
        assert form, page.text
        address = urlsplit(unescape(form[1]))
        cookies = "; ".join(line.partition(";")[0] for line in page.headers.get_list("set-cookie"))
        self._http.cookies.clear()
        done = await self._http.post(
            f"{address.path}?{address.query}",
            data={"username": username, "password": compose.PASSWORD},
            headers={"Cookie": cookies},
        )
        self._http.cookies.clear()
        assert done.status_code == 302, done.text
        [code] = parse_qs(urlsplit(done.headers["location"]).query)["code"]
        return await self._tokens(
            grant_type="authorization_code",
            code=code,
            redirect_uri=back,
            client_id=CLIENT,
            code_verifier=verifier,
        )

    async def client_token(self, client_id: str, secret: str) -> httpx.Response:
        """Ask for a token as a partner does, with id and secret."""
        return await self._http.post(
            f"{self._path}/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret)
        )

    async def foreign_token(self) -> str:
        """Return a token of Keycloak's own administrators' realm."""
        answer = await self._http.post(
            "/realms/master/protocol/openid-connect/token",
            data={
                "grant_type": "password",
                "client_id": "admin-cli",
                "username": "admin",
                "password": PASSWORD,
            },
        )
        assert answer.is_success, answer.text
        return str(answer.json()["access_token"])

    async def keys(self) -> list[dict[str, Any]]:
        """Return the realm's providers of keys that sign tokens."""
        found = await self.manage("GET", "/components?type=org.keycloak.keys.KeyProvider")
        return [provider for provider in found.json() if provider["providerId"] == "rsa-generated"]

    async def manage(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Do what an administrator does, below the realm's own path."""
        headers = {"Authorization": f"Bearer {await self.foreign_token()}"}
        answer = await self._http.request(
            method, f"/admin/realms/{compose.REALM}{path}", json=body, headers=headers
        )
        assert answer.is_success, answer.text
        return answer

    async def _tokens(self, **form: str) -> dict[str, Any]:
        answer = await self._http.post(f"{self._path}/token", data=form)
        assert answer.is_success, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens
