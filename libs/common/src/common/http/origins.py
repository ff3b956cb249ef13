"""Pages of another origin, such as the citizens' one: what their browsers ask before they may read."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

from common.http.headers import header

_VARIES = (b"vary", b"Origin")


class OtherOrigins(CORSMiddleware):
    """The framework's rules for requests that name their origin; of the others only the answer is marked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or header(scope, b"origin") is not None:
            await super().__call__(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _VARIES]
            await send(message)

        await self.app(scope, receive, marked)
