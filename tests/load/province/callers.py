"""The people's hands: HTTP calls to the public APIs, signed in as whoever acts."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from common.oidc_local.minting import TOKEN_SECONDS, Minter
from tests.load.bench.wire import request
from tests.load.province.lines import LineLost, Lines

TRIES = 8
TIMEOUT_SECONDS = 20.0


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

    def __init__(self, addresses: Addresses, minter: Minter, *, lines: Lines | None = None) -> None:
        self.at = addresses
        self.retried = 0
        self._minter = minter
        self._tokens: dict[Who, tuple[float, str]] = {}
        self._lines = lines or Lines(TIMEOUT_SECONDS)

    async def close(self) -> None:
        """Hang up."""
        self._lines.close()

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

    async def put(
        self,
        url: str,
        body: dict[str, Any],
        *,
        role: str,
        area: str = "",
        subject: str = "",
        key: str = "",
    ) -> dict[str, Any]:
        """PUT as *role*."""
        return await self._call("PUT", url, body, Who(role, area, "", subject), key)

    async def get(self, url: str, *, role: str, area: str = "", person: str = "") -> dict[str, Any]:
        """GET as *role*."""
        return await self._call("GET", url, None, Who(role, area, person))

    async def _call(
        self, method: str, url: str, body: dict[str, Any] | None, who: "Who", key: str = ""
    ) -> dict[str, Any]:
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        sent, pause = request(method, path, body, self._token(who), key), 0.2
        for attempt in range(TRIES):
            is_last = attempt == TRIES - 1
            try:
                status, content = await self._lines.send(url, sent)
            except LineLost:
                if is_last:
                    raise
            else:
                if is_last or (status < 500 and status != 429):
                    return _read(status, content)
            self.retried += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)
        raise AssertionError("unreachable")

    def _token(self, who: "Who") -> str:
        """Return a token that is still good for a while: a simulation may go on for days."""
        made_at, token = self._tokens.get(who, (0.0, ""))
        if not token or time.monotonic() - made_at > TOKEN_SECONDS / 2:
            areas = [who.area] if who.area else []
            token = self._minter.token([who.role], areas, subject=who.subject, person_id=who.person or None)
            self._tokens[who] = (time.monotonic(), token)
        return token


def _read(status: int, content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content or b"{}")
    except ValueError:
        answer = {"detail": content[:200].decode(errors="replace")}
    if status >= 400:
        raise Refusal(status, answer if isinstance(answer, dict) else {})
    return answer if isinstance(answer, dict) else {"items": answer}


class Who(NamedTuple):
    """Who signs in: a role, where it serves, and which person or account it is."""

    role: str
    area: str = ""
    person: str = ""
    subject: str = ""
