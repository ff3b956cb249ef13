"""E-mail over SMTP: one message per delivery, recognisable by its Message-ID when it comes twice."""

from dataclasses import dataclass
from email.utils import format_datetime

import aiosmtplib

from alerting.channels.mail_text import written
from alerting.channels.wording import letter
from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition, Delivery, reach_code
from alerting.ports import Undelivered
from common.geo import Units
from common.mail import MailLine, MailServer

PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Addresses:
    """
    Who writes to whom.

    *to* is a pattern with `{recipient}`: the doctor's own id where a patient has one, else role and area
    such as `health-officer-05437`; the province's mail system maps these boxes to people on duty.
    """

    sender: str
    to: str
    inbox_url: str

    def of(self, condition: Condition, alert: Alert, step: int) -> str:
        """Return the address of the holders of *step*."""
        rung = alert.ladder[step]
        if rung.role == DOCTOR and condition.carer_id:
            recipient = condition.carer_id
        else:
            recipient = f"{rung.role.replace('_', '-')}-{reach_code(condition.area, rung.reach)}"
        return self.to.format(recipient=recipient)


class EmailChannel:
    """Sends alerts as e-mail."""

    name = "email"

    def __init__(self, server: MailServer, addresses: Addresses, units: Units) -> None:
        self._line = MailLine(server)
        self._addresses = addresses
        self._units = units

    async def send(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """Hand one message to the mail server; raises `Undelivered` with a word that names no address."""
        to = self._addresses.of(condition, alert, delivery.step)
        try:
            content = self.message(condition, alert, delivery)
            await self._line.hand_in(self._addresses.sender, to, content)
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            codes = [recipient.code for recipient in refusal.recipients]
            is_final = all(code in PERMANENT for code in codes)
            raise Undelivered(f"recipient refused {codes[0]}", is_final=is_final) from None
        except aiosmtplib.SMTPResponseException as refusal:
            raise Undelivered(f"refused {refusal.code}", is_final=refusal.code in PERMANENT) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            raise Undelivered(type(fault).__name__) from None

    def rest(self) -> None:
        """Nothing waits now: the connections are closed."""
        self._line.hang_up()

    def message(self, condition: Condition, alert: Alert, delivery: Delivery) -> bytes:
        """
        Write the message; everything in it follows from the delivery, so a repetition is identical.

        The standard library parses and folds each header again: 1.9 ms a letter, in the process that raises
        alerts. Raises ValueError where a header would be broken in two.
        """
        words = letter(condition, alert, self._units, f"{self._addresses.inbox_url}?alert={alert.alert_id}")
        return written(
            {
                "From": self._addresses.sender,
                "To": self._addresses.of(condition, alert, delivery.step),
                "Subject": words.subject,
                "Message-ID": f"<{delivery.delivery_id}@{self._addresses.sender.rpartition('@')[2]}>",
                "Date": format_datetime(alert.step_at),
                "Auto-Submitted": "auto-generated",
                "X-La-Chan-Alert": alert.alert_id,
            },
            words.body,
        )
