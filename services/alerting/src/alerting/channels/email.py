"""E-mail over SMTP: one message per key, recognisable by its Message-ID when it comes twice."""

from email.utils import format_datetime

import aiosmtplib

from alerting.channels.mail_text import written
from alerting.domain.channels import EMAIL
from alerting.ports import Message, Taken, Undelivered
from common.mail import MailLine, MailServer

PERMANENT = range(500, 600)


class EmailChannel:
    """Sends messages as e-mail from *sender*; the address is `email`."""

    name = EMAIL

    def __init__(self, server: MailServer, sender: str) -> None:
        self._line = MailLine(server)
        self._sender = sender

    async def send(self, message: Message) -> Taken:
        """Hand one message to the mail server; raises `Undelivered` with a word that names no address."""
        try:
            await self._line.hand_in(self._sender, message.to["email"], self.written(message))
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            codes = [recipient.code for recipient in refusal.recipients]
            is_final = all(code in PERMANENT for code in codes)
            raise Undelivered(f"recipient refused {codes[0]}", is_final=is_final, is_gone=is_final) from None
        except aiosmtplib.SMTPResponseException as refusal:
            raise Undelivered(f"refused {refusal.code}", is_final=refusal.code in PERMANENT) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            raise Undelivered(type(fault).__name__) from None
        return Taken()

    async def probe(self) -> bool:
        """Greet the mail server and go."""
        try:
            await self._line.greet()
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise Undelivered(type(fault).__name__) from None
        return True

    def rest(self) -> None:
        """Nothing waits now: the connections are closed."""
        self._line.hang_up()

    def written(self, message: Message) -> bytes:
        """
        Write the letter; everything in it follows from the message, so a repetition is identical.

        The standard library parses and folds each header again: 1.9 ms a letter, in the process that raises
        alerts. Raises ValueError where a header would be broken in two.
        """
        return written(
            {
                "From": self._sender,
                "To": message.to["email"],
                "Subject": message.subject,
                "Message-ID": f"<{message.key}@{self._sender.rpartition('@')[2]}>",
                "Date": format_datetime(message.at),
                "Auto-Submitted": "auto-generated",
                **({"X-La-Chan-Alert": str(alert)} if (alert := message.about.get("alert_id")) else {}),
            },
            message.body,
        )
