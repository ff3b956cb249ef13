"""Web push to the browsers that somebody registered: encrypted for each, and nothing personal inside."""

import json
from typing import Final

import httpx

from alerting.channels.post import client, is_allowed, post
from alerting.domain.channels import PUSH
from alerting.ports import Message, Taken, Undelivered
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.webpush import NotASubscription, Sender, Subscription, encrypted

TTL_SECONDS: Final = 3600
"""A push service keeps it so long for a phone that is off; later the ladder has long called others."""
_TOPIC_CHARS: Final = 32


class PushChannel:
    """Posts to push services; the address is `endpoint`, `p256dh`, `auth`."""

    name = PUSH

    def __init__(
        self, sender: Sender, hosts: tuple[str, ...], clock: Clock, http: httpx.AsyncClient | None = None
    ) -> None:
        self._sender, self._hosts, self._clock = sender, hosts, clock
        self._http = http or client()

    async def send(self, message: Message) -> Taken:
        """Hand one message to the push service of a browser; raises `Undelivered`."""
        to = Subscription(message.to["endpoint"], message.to["p256dh"], message.to["auth"])
        if not is_allowed(to.endpoint, self._hosts):
            raise Undelivered("push service is not allowed", is_final=True, is_gone=True)
        try:
            content = encrypted(to, payload_of(message))
        except NotASubscription:
            raise Undelivered("keys of the browser", is_final=True, is_gone=True) from None
        # Whatever comes again for the same alert takes the place of what the phone has not fetched yet.
        topic = derived_id("push-topic", message.key).replace("-", "")[:_TOPIC_CHARS]
        headers = {
            "authorization": self._sender.authorization(to.endpoint, self._clock.now().timestamp()),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(TTL_SECONDS),
            "urgency": "high" if message.is_urgent else "normal",
            "topic": topic,
        }
        await post(self._http, to.endpoint, content, headers)
        return Taken()

    async def probe(self) -> bool:
        """Push services are many: only messages tell."""
        return False

    def rest(self) -> None:
        """Connections close by themselves."""


def payload_of(message: Message) -> bytes:
    """Return what the service worker gets: two lines and a link."""
    said = {
        "title": "Lá Chắn",
        "body": message.brief,
        "url": message.link,
        "tag": str(message.about.get("alert_id") or "test"),
        "urgent": message.is_urgent,
    }
    return json.dumps(said, ensure_ascii=False).encode()
