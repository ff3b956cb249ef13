"""The loop that takes waiting messages to the gateway, in every worker at once: claims keep them apart."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.background import BackgroundTask
from common.kernel.ids import derived_id
from common.logs import logger
from common.people.phones import normal_phone
from common.service import Runtime
from common.sms import Sms, SmsGateway, Unsent
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.consultation import Consultation, Way
from f0_monitoring.domain.messages import (
    ClaimMessage,
    DropMessage,
    Message,
    MessageCommand,
    NoteSent,
    NoteUnsent,
    WriteMessage,
)
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Patients
from f0_monitoring.ports.consultations import Consultations
from f0_monitoring.ports.messages import Messages
from f0_monitoring.views.consultation_view import NOBODY, Reader
from f0_monitoring.views.meeting.keys import Keys
from f0_monitoring.views.messages.wording import Reminder, words_of

PAUSE_SECONDS: Final = 1.0
TROUBLE_PAUSE_SECONDS: Final = 3.0
ROUND_MAX: Final = 50
AT_ONCE: Final = 8
MESSAGE: Final = "message"
"""Data class of numbers and words of text messages."""
SENDER: Final = "machine:reminder"
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """How messages are written: where links lead, and whether words have accents."""

    room_url: str
    has_accents: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a message is written from."""

    patients: Patients
    consultations: Consultations
    reader: Reader
    keys: Keys


class Courier(BackgroundTask):
    """Writes what waits, once, and sends it until it is taken or of no use."""

    def __init__(
        self,
        runtime: Runtime,
        messages: Messages,
        work: Work[Message, None],
        around: Around,
        gateway: SmsGateway,
        head: Letterhead,
        *,
        new_name: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._runtime = runtime
        self._messages = messages
        self._work = work
        self._around = around
        self._gateway = gateway
        self._head = head
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
        kept = await self._around.consultations.one(message.consultation_id)
        patient = (await self._around.patients.many([message.person_id])).get(message.person_id)
        if kept is None or patient is None or not _is_ahead(kept, patient, message.starts_at):
            await self._run(DropMessage(message.message_id, "not-ahead"), "drop", str(attempt))
            return {}
        to = await self._number_of(patient)
        if not to:
            await self._run(DropMessage(message.message_id, "no-number", True), "drop", str(attempt))
            return {}
        fields = {"to": to, "text": await self._words(kept)}
        sealed = self._runtime.vault.seal(fields, data_class=MESSAGE, person_id=message.person_id)
        write = WriteMessage(message.message_id, self._name, sealed)
        answer = await self._run(write, "write", str(attempt), self._name)
        # Too slow, and somebody else has the claim by now: theirs are the words that count.
        return fields if answer.get("written") else {}

    async def _words(self, kept: Consultation) -> str:
        doctor = (await self._around.reader.doctors()).get(kept.doctor_id or "", NOBODY)
        link = ""
        if kept.way is not Way.PHONE:
            secret, _ = await self._around.keys.new_link(kept.consultation_id, SENDER)
            # Behind the #: it stays in the browser, out of every log and referrer.
            link = f"{self._head.room_url}#{secret}"
        reminder = Reminder(kept.starts_at or kept.requested_at, kept.way, doctor.phone, link)
        return words_of(reminder, has_accents=self._head.has_accents)

    async def _number_of(self, patient: Patient) -> str:
        """Return the patient's number, or that of a named carer who is on record here."""
        carers = await self._around.patients.many(patient.guardian_ids) if patient.guardian_ids else {}
        for one in (patient, *carers.values()):
            if number := normal_phone(str(self._around.reader.person(one).get("phone") or "")):
                return number
        return ""

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


def _is_ahead(kept: Consultation, patient: Patient, starts_at: datetime) -> bool:
    """Tell whether there still is something to remind of: not called off, not at another hour by now."""
    return not kept.is_over and not patient.is_closed and kept.starts_at == starts_at
