"""The five services over HTTP, signed in as whoever acts."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

from deploy.local.stack import Stack

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
"""How long a story waits for what must happen; it usually takes a fraction of a second."""


class Refused(AssertionError):
    """A service said no where the story expected yes."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(
            f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}"
        )
        self.answer = answer


class Services:
    """Sends requests to the services of one stack; keeps one token per role, area and person."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._client = httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=60))
        self._tokens: dict[tuple[str, str, str], str] = {}

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    def token(self, role: str, area: str = "", person_id: str = "") -> str:
        """Return a token; the same one for the same bearer."""
        bearer = (role, area, person_id)
        if bearer not in self._tokens:
            areas = (area,) if area else ()
            self._tokens[bearer] = self.stack.token(role, areas=areas, person_id=person_id or None)
        return self._tokens[bearer]

    async def ask(
        self,
        method: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str,
        area: str = "",
        person_id: str = "",
        key: str = "",
        **more: Any,
    ) -> httpx.Response:
        """Send one request and return whatever the service answers."""
        headers = {"Authorization": f"Bearer {self.token(role, area, person_id)}"}
        if key:
            headers["Idempotency-Key"] = key
        return await self._client.request(
            method, f"{self.stack.address(service)}{path}", json=body, headers=headers, **more
        )

    async def get(self, service: str, path: str, **who: Any) -> Any:
        """Read something; raises `Refused` unless it is answered."""
        return self._taken(await self.ask("GET", service, path, **who))

    async def post(self, service: str, path: str, body: Any, **who: Any) -> Any:
        """Post something; raises `Refused` unless it is taken."""
        return self._taken(await self.ask("POST", service, path, body, **who))

    async def put(self, service: str, path: str, body: Any, **who: Any) -> Any:
        """Put something; raises `Refused` unless it is taken."""
        return self._taken(await self.ask("PUT", service, path, body, **who))

    async def insist(self, service: str, path: str, body: Any, *, seconds: float = 180, **who: Any) -> Any:
        """Post as a phone does: the same key again and again until the service has it."""
        key, deadline, pause = who.pop("key", "") or str(uuid.uuid4()), time.monotonic() + seconds, 0.1
        while True:
            try:
                answer = await self.ask("POST", service, path, body, key=key, **who)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            else:
                if answer.status_code < 500 or time.monotonic() > deadline:
                    return self._taken(answer)
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 1.0)

    def raw(self) -> httpx.AsyncClient:
        """Return the client, for requests that no honest page would send."""
        return self._client

    @staticmethod
    def _taken(answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise Refused(answer)
        return answer.json() if answer.content else {}


async def eventually(
    look: Callable[[], Awaitable[T]],
    is_right: Callable[[T], bool] = bool,
    *,
    seconds: float = PATIENCE_SECONDS,
) -> T:
    """Look again and again until what is seen is right; the last thing seen is in the failure."""
    deadline = time.monotonic() + seconds
    while True:
        seen = await look()
        if is_right(seen):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s; last seen: {str(seen)[:1500]}")
        await asyncio.sleep(0.1)
