"""E-mail over SMTP: one message per delivery, recognisable by its Message-ID when it comes twice."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

import aiosmtplib

from alerting.channels.wording import letter
from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition, Delivery, reach_code
from alerting.ports import Undelivered
from common.geo import Units

SECONDS = 15.0
PERMANENT = range(500, 600)


class Encryption(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. *password* is a secret."""

    host: str
    port: int
    encryption: Encryption
    username: str = ""
    password: str = ""


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
        self._server = server
        self._addresses = addresses
        self._units = units

    async def send(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """Hand one message to the mail server; raises `Undelivered` with a word that names no address."""
        server = self._server
        try:
            await aiosmtplib.send(
                self.message(condition, alert, delivery),
                hostname=server.host,
                port=server.port,
                username=server.username or None,
                password=server.password or None,
                use_tls=server.encryption is Encryption.TLS,
                start_tls=server.encryption is Encryption.STARTTLS,
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            codes = [recipient.code for recipient in refusal.recipients]
            is_final = all(code in PERMANENT for code in codes)
            raise Undelivered(f"recipient refused {codes[0]}", is_final=is_final) from None
        except aiosmtplib.SMTPResponseException as refusal:
            raise Undelivered(f"refused {refusal.code}", is_final=refusal.code in PERMANENT) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            raise Undelivered(type(fault).__name__) from None

    def message(self, condition: Condition, alert: Alert, delivery: Delivery) -> EmailMessage:
        """Write the message; everything in it follows from the delivery, so a repetition is identical."""
        words = letter(condition, alert, self._units, f"{self._addresses.inbox_url}?alert={alert.alert_id}")
        message = EmailMessage()
        message["From"] = self._addresses.sender
        message["To"] = self._addresses.of(condition, alert, delivery.step)
        message["Subject"] = words.subject
        message["Message-ID"] = f"<{delivery.delivery_id}@{self._addresses.sender.rpartition('@')[2]}>"
        message["Date"] = format_datetime(alert.step_at)
        message["Auto-Submitted"] = "auto-generated"
        message["X-La-Chan-Alert"] = alert.alert_id
        message.set_content(words.body)
        return message
