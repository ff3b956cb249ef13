"""What channels over HTTP share: one request, and what its answer means for the message."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httpx

from alerting.ports import Undelivered

TIMEOUT_SECONDS: Final = 10.0
LONGEST_WAIT: Final = timedelta(minutes=10)
_GONE: Final = frozenset((HTTPStatus.NOT_FOUND, HTTPStatus.GONE))
_LATER: Final = frozenset((HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS))


def client() -> httpx.AsyncClient:
    """Return a client that follows nobody elsewhere: the address is the one that was allowed."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)


async def post(
    http: httpx.AsyncClient, address: str, content: bytes, headers: Mapping[str, str]
) -> httpx.Response:
    """
    Post *content*; raises `Undelivered` with the status or the kind of fault, never with the address.

    404 and 410 mean that the address is gone, other 4xx that this message will never be taken; 408, 429, 5xx
    and silence that it may be later.
    """
    try:
        reply = await http.post(address, content=content, headers=dict(headers))
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise Undelivered(type(fault).__name__) from None
    if reply.is_success:
        return reply
    status = reply.status_code
    is_later = status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    raise Undelivered(
        f"refused {status}", is_final=not is_later, is_gone=status in _GONE, after=_asked_wait(reply)
    )


def is_allowed(address: str, hosts: tuple[str, ...]) -> bool:
    """
    Tell whether messages may go to *address*: over TLS, to a host of the list (`*.`: any name before it).

    People type these addresses, and the list keeps them from reaching into the network of the data centre.
    Only 127.0.0.1, where it is listed, is reached without TLS.
    """
    try:
        place = urlsplit(address)
        host, port = place.hostname or "", place.port
    except ValueError:
        return False
    if place.username or place.password or not host:
        return False
    is_local = place.scheme == "http" and host == "127.0.0.1"
    if not is_local and (place.scheme != "https" or port not in (None, 443)):
        return False
    return any(_matches(host, pattern) for pattern in hosts)


def _matches(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _asked_wait(reply: httpx.Response) -> timedelta:
    text = reply.headers.get("retry-after", "")
    return min(timedelta(seconds=int(text[:6])), LONGEST_WAIT) if text.isdigit() else timedelta(0)
