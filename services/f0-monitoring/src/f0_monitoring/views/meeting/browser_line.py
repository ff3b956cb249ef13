"""A WebSocket as the line of a guest."""

import json
from contextlib import suppress
from urllib.parse import urlsplit

from fastapi import WebSocket, WebSocketDisconnect

from f0_monitoring.views.meeting.guest import LineClosed, Message

LONGEST = 60_000
"""Characters of one message."""


class BrowserLine:
    """Carries JSON objects; whatever else arrives ends the line."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def receive(self) -> Message:
        """Return the next message; raises `LineClosed`."""
        try:
            text = await self._websocket.receive_text()
            message = json.loads(text) if len(text) <= LONGEST else None
        except (WebSocketDisconnect, KeyError, RuntimeError, ValueError, RecursionError):
            raise LineClosed from None
        if not isinstance(message, dict):
            raise LineClosed
        return message

    async def send(self, message: Message) -> None:
        """Send a message; raises `LineClosed`."""
        try:
            await self._websocket.send_text(json.dumps(message, ensure_ascii=False))
        except (WebSocketDisconnect, RuntimeError):
            raise LineClosed from None

    async def close(self, code: int) -> None:
        """Hang up; nothing happens if the browser was faster."""
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._websocket.close(code)


def is_from_our_page(websocket: WebSocket) -> bool:
    """Tell whether a browser connects from a page of ours; other programs send no origin."""
    origin = websocket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == websocket.headers.get("host")
