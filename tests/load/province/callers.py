"""The people's hands: HTTP calls to the public APIs, signed in as whoever acts."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from common.oidc_local.minting import TOKEN_SECONDS, Minter

TRIES = 8


class Refusal(Exception):
    """The system said no: status and problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(
            f"{status} {problem.get('type')}: {problem.get('detail')} {problem.get('errors', '')}"
        )
        self.status = status
        self.problem = problem

    @property
    def slug(self) -> str:
        """The stable word for what was refused."""
        return str(self.problem.get("type", self.status)).rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the five services listen."""

    quarantine: str = "http://127.0.0.1:8101"
    f0: str = "http://127.0.0.1:8102"
    permit: str = "http://127.0.0.1:8103"
    alerting: str = "http://127.0.0.1:8104"
    ioc: str = "http://127.0.0.1:8105"


class Caller:
    """Calls the services as anybody; keeps one token per role, area and person."""

    def __init__(self, addresses: Addresses, minter: Minter, *, timeout_seconds: float = 20.0) -> None:
        self.at = addresses
        self.retried = 0
        self._minter = minter
        self._tokens: dict[Who, tuple[float, str]] = {}
        limits = httpx.Limits(max_connections=40, max_keepalive_connections=40)
        self._client = httpx.AsyncClient(timeout=timeout_seconds, limits=limits)

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def post(
        self,
        url: str,
        body: dict[str, Any],
        *,
        role: str,
        area: str = "",
        person: str = "",
        subject: str = "",
        key: str = "",
    ) -> dict[str, Any]:
        """POST as *role*; repeats with the same idempotency key when the network or server fails."""
        return await self._call("POST", url, body, Who(role, area, person, subject), key)

    async def put(self, url: str, body: dict[str, Any], *, role: str, area: str = "") -> dict[str, Any]:
        """PUT as *role*."""
        return await self._call("PUT", url, body, Who(role, area))

    async def get(self, url: str, *, role: str, area: str = "", person: str = "") -> dict[str, Any]:
        """GET as *role*."""
        return await self._call("GET", url, None, Who(role, area, person))

    async def _call(
        self, method: str, url: str, body: dict[str, Any] | None, who: "Who", key: str = ""
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token(who)}"}
        if key:
            headers["Idempotency-Key"] = key
        pause = 0.2
        for attempt in range(TRIES):
            try:
                answer = await self._client.request(method, url, json=body, headers=headers)
            except httpx.TransportError:
                if attempt == TRIES - 1:
                    raise
            else:
                if answer.status_code < 500 and answer.status_code != 429:
                    return self._answer(answer)
                if attempt == TRIES - 1:
                    raise Refusal(answer.status_code, {"detail": answer.text[:200]})
            self.retried += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)
        raise AssertionError("unreachable")

    @staticmethod
    def _answer(answer: httpx.Response) -> dict[str, Any]:
        content = answer.json() if answer.content else {}
        if answer.status_code >= 400:
            raise Refusal(answer.status_code, content)
        return content if isinstance(content, dict) else {"items": content}

    def _token(self, who: "Who") -> str:
        """Return a token that is still good for a while: a simulation may go on for days."""
        made_at, token = self._tokens.get(who, (0.0, ""))
        if not token or time.monotonic() - made_at > TOKEN_SECONDS / 2:
            areas = [who.area] if who.area else []
            token = self._minter.token([who.role], areas, subject=who.subject, person_id=who.person or None)
            self._tokens[who] = (time.monotonic(), token)
        return token


class Who(NamedTuple):
    """Who signs in: a role, where it serves, and which person or account it is."""

    role: str
    area: str = ""
    person: str = ""
    subject: str = ""
