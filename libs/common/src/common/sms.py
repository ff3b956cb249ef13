"""
Text messages (tin nhắn SMS) through a gateway over HTTP: docs/sms-gateway.md holds the contract.

A message has an idempotency key. Whoever sends it again with the same key and gets through twice has still
sent it once: the gateway answers what it answered the first time.
"""

import unicodedata
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Protocol

import httpx
from pydantic import SecretStr

TIMEOUT_SECONDS: Final = 10.0
_REFUSED_FOR_GOOD: Final = frozenset(
    (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY)
)
_LATER: Final = frozenset((HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE))
_LONGEST_WAIT: Final = 600


@dataclass(frozen=True, slots=True)
class Sms:
    """One message; *to* is +84 and digits. Neither number nor text appears in its representation."""

    key: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    receipt_to: str = ""
    """Where the gateway says what became of it; empty: it is not asked to."""


class Unsent(Exception):
    """
    The gateway has not taken a message. *fault* is a word for staff and logs, without number or text.

    *is_final*: trying again would not help. *after_seconds*: how long the gateway asks to wait, if it does.
    """

    def __init__(self, fault: str, *, is_final: bool = False, after_seconds: int | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.is_final = is_final
        self.after_seconds = after_seconds


class SmsGateway(Protocol):
    """Whatever sends text messages."""

    async def send(self, sms: Sms) -> str:
        """Hand a message over; return the gateway's own id of it. Raises `Unsent`."""


class NoGateway:
    """No gateway has been set up: nothing can be sent, and staff are told so at once."""

    async def send(self, sms: Sms) -> str:  # noqa: ARG002
        """Refuse every message for good."""
        raise Unsent("no-gateway", is_final=True)


class HttpSmsGateway:
    """A gateway that speaks docs/sms-gateway.md."""

    def __init__(
        self, url: str, token: str, *, sender: str = "", client: httpx.AsyncClient | None = None
    ) -> None:
        self._address = f"{url.rstrip('/')}/v1/messages"
        self._health = f"{url.rstrip('/')}/healthz"
        self._token = token
        self._sender = sender
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    async def send(self, sms: Sms) -> str:
        """Hand a message over; raises `Unsent` with the status or the kind of fault, never its content."""
        headers = {"idempotency-key": sms.key}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        body = {"to": sms.to, "text": sms.text, "sender": self._sender}
        if sms.receipt_to:
            body["receipt_to"] = sms.receipt_to
        try:
            reply = await self._client.post(self._address, json=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise Unsent(type(fault).__name__) from None
        return _taken(reply)

    async def is_there(self) -> None:
        """Ask the gateway whether it works, without a message; raises `Unsent`."""
        try:
            reply = await self._client.get(self._health)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise Unsent(type(fault).__name__) from None
        # A gateway that has no such address is there all the same.
        if reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unsent(f"refused {reply.status_code}")


def _taken(reply: httpx.Response) -> str:
    if reply.status_code in (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED):
        try:
            return str(reply.json()["id"])[:100]
        except (ValueError, KeyError, TypeError):
            raise Unsent("answer without id") from None
    wait = reply.headers.get("retry-after", "")
    is_told = reply.status_code in _LATER and wait.isdigit()
    raise Unsent(
        f"refused {reply.status_code}",
        is_final=reply.status_code in _REFUSED_FOR_GOOD,
        after_seconds=min(int(wait), _LONGEST_WAIT) if is_told else None,
    )


def gateway_at(url: str, token: SecretStr | None, *, sender: str = "") -> SmsGateway:
    """Return the gateway that is set up at *url*; without one nothing is sent, and that is said."""
    if not url:
        return NoGateway()
    return HttpSmsGateway(url, token.get_secret_value() if token else "", sender=sender)


def bare(text: str) -> str:
    """Return *text* without Vietnamese accents: cheaper, and every phone shows it (160 characters a part)."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
