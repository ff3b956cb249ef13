"""The mail server and connections to it: one is used again, because a wave of alerts is a wave of letters."""

from dataclasses import dataclass
from enum import StrEnum

from aiosmtplib import SMTP, SMTPServerDisconnected
from pydantic import BaseModel, Field, SecretStr

SECONDS = 15.0


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


class MailSettings(BaseModel):
    """What a service that sends mail must be told; its settings inherit from it."""

    smtp_host: str = Field(default="", description="Mail server; empty means that no e-mail is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_encryption: Encryption = Field(
        default=Encryption.STARTTLS, description="none is for a mail sink on this machine only."
    )
    smtp_username: str = Field(default="", description="Empty when the server asks for no sign-in.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password of that user.")

    @property
    def mail_server(self) -> MailServer | None:
        """The mail server, if there is one."""
        if not self.smtp_host:
            return None
        return MailServer(
            self.smtp_host,
            self.smtp_port,
            self.smtp_encryption,
            self.smtp_username,
            self.smtp_password.get_secret_value(),
        )


class MailLine:
    """As many connections as letters are under way, each used again until `hang_up`."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._rested: list[SMTP] = []

    async def hand_in(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand in one letter; raises what aiosmtplib raises, and OSError."""
        kept = self._rested.pop() if self._rested else None
        try:
            await self._over(kept or await self._connected(), sender, recipient, content)
        except SMTPServerDisconnected:
            if kept is None:
                raise
            # It hung up while the connection rested, which says nothing about this letter.
            await self._over(await self._connected(), sender, recipient, content)

    async def greet(self) -> None:
        """Greet the server and hang up; raises what aiosmtplib raises, and OSError."""
        (await self._connected()).close()

    def hang_up(self) -> None:
        """Close the connections that no letter is using."""
        while self._rested:
            self._rested.pop().close()

    async def _over(self, line: SMTP, sender: str, recipient: str, content: bytes) -> None:
        try:
            await line.sendmail(sender, [recipient], content)
        except BaseException:
            line.close()
            raise
        self._rested.append(line)

    async def _connected(self) -> SMTP:
        server = self._server
        line = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            use_tls=server.encryption is Encryption.TLS,
            start_tls=server.encryption is Encryption.STARTTLS,
            timeout=SECONDS,
        )
        await line.connect()
        return line
