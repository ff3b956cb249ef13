"""Reports that leave by themselves at their hours, as PDF and XLSX, to the readers that are set."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.logs import logger
from common.mail import MailLine
from ioc_aggregation.channels import Lease
from ioc_aggregation.domain.model import Unit
from ioc_aggregation.domain.slots import CATCH_UP, day_of, latest_slot
from ioc_aggregation.ports import Mail, Mails, MailState
from ioc_aggregation.views.reports import words
from ioc_aggregation.views.reports.desk import File, Format, ReportDesk

LOOK_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What leaves when (local *hours*), from whom, to whom, about which area."""

    hours: tuple[time, ...]
    sender: str
    recipients: tuple[str, ...]
    area: Unit


class ReportMailer(BackgroundTask):
    """
    Sends what is due; one process at a time does it, and a lost lease costs at most a repeated letter.

    A letter carries the Message-ID of its hour and reader, so a repetition is recognised as one. Who cannot
    be reached is tried again while the report is news.
    """

    def __init__(
        self, desk: ReportDesk, mails: Mails, line: MailLine | None, plan: Plan, lease: Lease, clock: Clock
    ) -> None:
        self.plan = plan
        self._desk = desk
        self._mails = mails
        self._line = line
        self._lease = lease
        self._clock = clock

    async def start(self) -> None:
        """Begin, if there is a mail server and somebody to write to."""
        if self._line and self.plan.recipients and self.plan.hours:
            self.begin(self._loop(), "report-mail")

    async def newest(self, limit: int) -> list[Mail]:
        """Return what was sent, and what was not."""
        return await self._mails.newest(limit)

    async def send_due(self) -> int:
        """Send what is due now; return how many letters left."""
        now = self._clock.now()
        slot = latest_slot(self.plan.hours, now)
        if slot is None or self._line is None or not await self._lease.hold():
            return 0
        await self._mails.plan(slot, self.plan.recipients)
        due = await self._mails.due(slot, now)
        if not due:
            return 0
        report = self._desk.made(self.plan.area, day_of(slot))
        files = [await self._desk.file(report, form) for form in Format]
        subject, text = words.title(report), letter_text(words.as_of(report), words.notes(report))
        sent = 0
        for mail in due:
            letter = written(self.plan.sender, mail, subject, text, files)
            after = await self._tried(self._line, mail, letter, now)
            await self._mails.put(after)
            sent += after.state == MailState.SENT
        self._line.hang_up()
        return sent

    async def _tried(self, line: MailLine, mail: Mail, letter: bytes, now: datetime) -> Mail:
        attempts = mail.attempts + 1
        try:
            await line.hand_in(self.plan.sender, mail.recipient, letter)
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
            is_over = now + pause - mail.slot >= CATCH_UP
            log.warning("report-not-sent", fault=type(fault).__name__, attempts=attempts)
            state = MailState.FAILED if is_over else MailState.WAITING
            return replace(
                mail, state=state, attempts=attempts, next_at=now + pause, fault=type(fault).__name__
            )
        return replace(mail, state=MailState.SENT, attempts=attempts, sent_at=self._clock.now(), fault="")

    async def _loop(self) -> None:
        while True:
            try:
                await self.send_due()
            except Exception:
                log.exception("reports wait")
            await asyncio.sleep(LOOK_SECONDS)


def letter_text(as_of: str, notes: Sequence[str]) -> str:
    """Return the text of the letter."""
    return "\n".join([as_of, "", "Báo cáo đính kèm: PDF để đọc, XLSX để tính.", "", *notes, ""])


def written(sender: str, mail: Mail, subject: str, text: str, files: Sequence[File]) -> bytes:
    """Write the letter; of one hour and reader it is always the same but for the files."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, mail.recipient, subject
    letter["Date"] = format_datetime(mail.slot)
    who = mail.recipient.replace("@", ".")
    letter["Message-ID"] = f"<report-{mail.slot:%Y%m%dT%H%M}-{who}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    for file in files:
        main, _, sub = file.type.partition("/")
        letter.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return letter.as_bytes()
