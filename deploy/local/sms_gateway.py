"""
A gateway for text messages on a laptop: speaks docs/sms-gateway.md, sends nothing, shows what it was given.

`python -m deploy.local.sms_gateway <port>`, then look at http://127.0.0.1:<port>/. Kept in memory only.
Receipts are signed with LACHAN_SMS_RECEIPT_KEY; numbers that end with 0000 are never reached.
"""

import asyncio
import html
import json
import os
import sys
from datetime import datetime
from typing import Annotated

import httpx
import uvicorn
from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from common.clocks import SystemClock
from common.kernel.clock import VIETNAM
from common.keys import secret_key
from common.signatures import HEADER, signature
from deploy.local.checkout import HOST

MOST_KEPT = 1000
UNREACHABLE = "0000"
"""Last digits of the numbers that never get anything: for trying what happens then."""
PAUSES = (1, 2, 5, 15, 60, 300)
"""Seconds before each attempt to hand in a receipt."""
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>Cổng tin nhắn cục bộ</title>
<h1>Cổng tin nhắn cục bộ</h1><p><b>Chỉ để thử trên máy này: không tin nào được gửi đi.</b></p>{rows}</html>"""


class MessageBody(BaseModel):
    """One message as the contract has it."""

    to: str = Field(pattern=r"^\+84\d{9,10}$")
    text: str = Field(min_length=1, max_length=1000)
    sender: str = Field(default="", max_length=20)
    receipt_to: str = Field(default="", max_length=500, pattern="^(|https?://.+)$")


class Taken(BaseModel):
    """What the gateway answers."""

    id: str
    status: str = "accepted"


class Shown(BaseModel):
    """One message as it was taken."""

    id: str
    at: datetime
    to: str
    text: str
    sender: str
    parts: int
    receipt: str = ""


class Gateway:
    """Takes messages and keeps them for a look, each key once; *key* signs receipts."""

    def __init__(self, key: bytes | None = None, pauses: tuple[float, ...] = PAUSES) -> None:
        self._kept: dict[str, Shown] = {}
        self._key, self._pauses = key, pauses
        self._telling: set[asyncio.Task[None]] = set()

    async def alive(self) -> dict[str, str]:
        """Say that it is there."""
        return {"status": "ok"}

    async def take(
        self,
        body: MessageBody,
        idempotency_key: Annotated[str, Header(min_length=8, max_length=100)],
        authorization: Annotated[str, Header()] = "",
    ) -> Taken:
        """Take a message; one that comes again with its key is answered as the first time."""
        if not authorization.startswith("Bearer "):
            raise HTTPException(401, "Bearer token missing")
        if idempotency_key not in self._kept:
            name, at = f"local-{len(self._kept) + 1}", SystemClock().now()
            said = body.model_dump(exclude={"receipt_to"})
            shown = Shown(id=name, at=at, parts=parts_of(body.text), **said)
            self._kept[idempotency_key] = shown
            if body.receipt_to and self._key:
                task = asyncio.create_task(self._tell(idempotency_key, body.receipt_to, self._key))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)
        while len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        return Taken(id=self._kept[idempotency_key].id)

    async def show(self) -> list[Shown]:
        """Return what was taken, the latest first. Only this local gateway has it."""
        return list(reversed(self._kept.values()))

    async def _tell(self, key: str, address: str, secret: bytes) -> None:
        """Say what became of a message until somebody takes it."""
        kept = self._kept[key]
        kept.receipt = "failed" if kept.to.endswith(UNREACHABLE) else "delivered"
        said = {"key": key, "id": kept.id, "status": kept.receipt, "at": SystemClock().now().isoformat()}
        body = json.dumps(said).encode()
        async with httpx.AsyncClient(timeout=10) as http:
            for pause in self._pauses:
                await asyncio.sleep(pause)
                signed = signature(secret, body, SystemClock().now().timestamp())
                headers = {"content-type": "application/json", HEADER: signed}
                try:
                    reply = await http.post(address, content=body, headers=headers)
                except httpx.HTTPError:
                    continue
                if reply.status_code < 500 and reply.status_code != 401:
                    return

    async def page(self) -> str:
        """Show it to people."""
        rows = "".join(_row(one) for one in reversed(self._kept.values()))
        return _PAGE.format(rows=rows or "<p>Chưa có tin nào.</p>")


def application(key: str = "", pauses: tuple[float, ...] = PAUSES) -> FastAPI:
    """Make the gateway; *key* (base64) signs its receipts, without one it sends none."""
    app = FastAPI(title="Cổng tin nhắn cục bộ", docs_url=None, redoc_url=None)
    gateway = Gateway(secret_key(key, name="key") if key else None, pauses)
    app.get("/healthz")(gateway.alive)
    app.post("/v1/messages", status_code=202)(gateway.take)
    app.get("/v1/messages")(gateway.show)
    app.get("/", response_class=HTMLResponse)(gateway.page)
    return app


def parts_of(text: str) -> int:
    """Return in how many parts a text is sent: 160 plain characters, or 153 each; with accents 70, 67."""
    one, each = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= one else -(-len(text) // each)


def _row(one: Shown) -> str:
    at = one.at.astimezone(VIETNAM)
    words = [f"{at:%H:%M:%S %d/%m}", one.to, one.sender or "không tên", f"{one.parts} phần", one.receipt]
    head = " · ".join(word for word in words if word)
    return f"<article><h2>{html.escape(head)}</h2><p>{html.escape(one.text)}</p></article>"


if __name__ == "__main__":
    key = os.environ.get("LACHAN_SMS_RECEIPT_KEY", "")
    uvicorn.run(application(key), host=HOST, port=int(sys.argv[1]), log_level="warning", access_log=False)
