"""
Servers through which two browsers find each other, with credentials that end.

The relay (coturn with `use-auth-secret`) shares a secret with us and no list of users: the user name is
`<Unix second at which it ends>:<who>`, the password its HMAC-SHA1 under the secret, in base64 (the REST
scheme of draft-uberti-behave-turn-rest-00, which coturn implements).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from f0_monitoring.views.consultation_bodies import IceServersView, IceServerView

CREDENTIALS_LIFE = timedelta(hours=1)
"""As long as the longest appointment; the page asks again before it builds another connection."""


@dataclass(frozen=True, slots=True)
class Relays:
    """The servers of an installation. Without any, browsers of one network still reach each other."""

    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""

    def servers_for(self, who: str, now: datetime) -> IceServersView:
        """Return the servers for *who*, a name that says nothing of the person."""
        until = now + CREDENTIALS_LIFE
        servers = [IceServerView(urls=list(self.stun_urls))] if self.stun_urls else []
        if self.turn_urls and self.turn_secret:
            username, credential = credentials(self.turn_secret, who, until)
            servers.append(IceServerView(urls=list(self.turn_urls), username=username, credential=credential))
        return IceServersView(ice_servers=servers, expires_at=until)


def credentials(secret: str, who: str, until: datetime) -> tuple[str, str]:
    """Return user name and password that the relay takes until *until*."""
    username = f"{int(until.timestamp())}:{who}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()
