"""
Other systems: a signed webhook for programs (docs/partners/alert-webhook.md), and chat rooms.

A chat room is the incoming webhook of Mattermost, Slack or Rocket.Chat, `{"text": ...}`; a Zalo Official
Account is put behind the same shape by a small adapter.
"""

import json
from typing import Final

import httpx

from alerting.channels.post import client, is_allowed, post
from alerting.domain.channels import CHAT, WEBHOOK
from alerting.ports import Message, Taken, Undelivered
from common.kernel.clock import Clock
from common.keys import derived_key
from common.signatures import HEADER, signature

_JSON: Final = {"content-type": "application/json"}


class WebhookChannel:
    """Posts a signed JSON body; the address is `url`, the secret is the one of this receiver."""

    name = WEBHOOK

    def __init__(
        self, key: bytes, hosts: tuple[str, ...], clock: Clock, http: httpx.AsyncClient | None = None
    ) -> None:
        self._key, self._hosts, self._clock = key, hosts, clock
        self._http = http or client()

    async def send(self, message: Message) -> Taken:
        """Post it, signed with the time of this attempt; raises `Undelivered`."""
        url = _allowed(message.to["url"], self._hosts)
        said = {"message_id": message.key, "text": message.brief, "link": message.link, **message.about}
        body = json.dumps(said, ensure_ascii=False).encode()
        now = self._clock.now().timestamp()
        signed = signature(secret_for(self._key, message.to["subject"], url), body, now)
        await post(self._http, url, body, {**_JSON, HEADER: signed, "idempotency-key": message.key})
        return Taken()

    async def probe(self) -> bool:
        """A receiver is only asked with a message."""
        return False

    def rest(self) -> None:
        """Connections close by themselves."""


class ChatChannel:
    """Posts a line into a chat room; the address is `url`."""

    name = CHAT

    def __init__(self, hosts: tuple[str, ...], http: httpx.AsyncClient | None = None) -> None:
        self._hosts = hosts
        self._http = http or client()

    async def send(self, message: Message) -> Taken:
        """Post it; raises `Undelivered`."""
        url = _allowed(message.to["url"], self._hosts)
        body = json.dumps({"text": f"{message.brief}\n{message.link}"}, ensure_ascii=False).encode()
        await post(self._http, url, body, {**_JSON, "idempotency-key": message.key})
        return Taken()

    async def probe(self) -> bool:
        """A room is only asked with a message."""
        return False

    def rest(self) -> None:
        """Connections close by themselves."""


def secret_for(key: bytes, subject: str, url: str) -> bytes:
    """Return the secret that only this receiver has: whoever knows one can forge no other."""
    return derived_key(key, f"webhook:{subject}:{url}")


def _allowed(url: str, hosts: tuple[str, ...]) -> str:
    if not is_allowed(url, hosts):
        raise Undelivered("address is not allowed", is_final=True, is_gone=True)
    return url
