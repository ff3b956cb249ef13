"""
The loop that takes waiting text messages to the gateway, in every worker at once: claims keep them apart.

Number and words are written once, sealed and kept before the first attempt: every attempt sends the same.
See docs/decisions/0016.
"""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from common.background import BackgroundTask
from common.kernel.ids import derived_id
from common.kernel.messages import (
    ClaimMessage,
    DropMessage,
    Message,
    MessageCommand,
    NoteSent,
    NoteUnsent,
    WriteMessage,
)
from common.logs import logger
from common.service import Runtime
from common.sms import Sms, SmsGateway, Unsent
from common.work.engine import Work
from common.work.model import Cause

PAUSE_SECONDS: Final = 1.0
TROUBLE_PAUSE_SECONDS: Final = 3.0
ROUND_MAX: Final = 50
AT_ONCE: Final = 8
MESSAGE: Final = "message"
"""Data class of numbers and words of text messages."""
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom a message goes to (+84 and digits) and what it says."""

    to: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoLetter:
    """Why there is nothing to send; *is_failure*: somebody should call instead."""

    fault: str
    is_failure: bool = False


class Waiting(Protocol):
    """Messages that wait."""

    async def to_send(self, now: datetime, *, limit: int) -> list[Message]:
        """Return messages that somebody may claim now, the longest waiting first."""


class Writer(Protocol):
    """Who knows what a message says, when its time has come."""

    async def write(self, message: Message) -> Letter | NoLetter:
        """Return number and words, or why there are none."""


class Courier(BackgroundTask):
    """Writes what waits, once, and sends it until it is taken or of no use."""

    def __init__(
        self,
        runtime: Runtime,
        messages: Waiting,
        work: Work[Message, None],
        writer: Writer,
        gateway: SmsGateway,
        *,
        new_name: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._runtime = runtime
        self._messages = messages
        self._work = work
        self._writer = writer
        self._gateway = gateway
        self._name = new_name()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Begin the rounds."""
        self.begin(self._rounds(), "messages")

    async def round(self) -> int:
        """Try what waits now; return how many messages there were."""
        waiting = await self._messages.to_send(self._runtime.clock.now(), limit=ROUND_MAX)
        await asyncio.gather(*(self._one(message) for message in waiting))
        return len(waiting)

    async def _one(self, message: Message) -> None:
        async with self._room:
            turn = str(message.attempts + 1)
            answer = await self._run(ClaimMessage(message.message_id, self._name), "claim", turn, self._name)
            if not answer.get("claimed"):
                return
            attempt, sealed = int(answer["attempt"]), str(answer["sealed"])
            fields = self._opened(message, sealed) if sealed else await self._written(message, attempt)
            if fields:
                await self._send(message, attempt, fields)

    async def _send(self, message: Message, attempt: int, fields: dict[str, Any]) -> None:
        sms = Sms(message.message_id, str(fields["to"]), str(fields["text"]))
        try:
            gateway_id = await self._gateway.send(sms)
        except Unsent as fault:
            log.warning("message not sent", message_id=message.message_id, fault=fault.fault)
            failed = NoteUnsent(message.message_id, attempt, fault.fault, fault.is_final, fault.after_seconds)
            await self._run(failed, "unsent", str(attempt))
        else:
            await self._run(NoteSent(message.message_id, gateway_id), "sent")

    async def _written(self, message: Message, attempt: int) -> dict[str, Any]:
        """Write number and words, the same for every attempt; nothing when there is no more use in it."""
        letter = await self._writer.write(message)
        if isinstance(letter, NoLetter):
            drop = DropMessage(message.message_id, letter.fault, letter.is_failure)
            await self._run(drop, "drop", str(attempt))
            return {}
        fields = {"to": letter.to, "text": letter.text}
        sealed = self._runtime.vault.seal(fields, data_class=MESSAGE, person_id=message.person_id)
        write = WriteMessage(message.message_id, self._name, sealed)
        answer = await self._run(write, "write", str(attempt), self._name)
        # Too slow, and somebody else has the claim by now: theirs are the words that count.
        return fields if answer.get("written") else {}

    def _opened(self, message: Message, sealed: str) -> dict[str, Any]:
        return self._runtime.vault.open(sealed, data_class=MESSAGE, person_id=message.person_id)

    async def _run(self, command: MessageCommand, *what: str) -> Any:
        return await self._work.run(command, Cause(derived_id("message", command.message_id, *what)))

    async def _rounds(self) -> None:
        while True:
            try:
                tried = await self.round()
            except Exception as fault:  # noqa: BLE001 - the database may be away; claims run out and are made again
                log.warning("messages are waiting", fault=repr(fault))
                await asyncio.sleep(TROUBLE_PAUSE_SECONDS)
                continue
            if tried < ROUND_MAX:
                await asyncio.sleep(PAUSE_SECONDS)
