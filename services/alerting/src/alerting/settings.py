"""What alerting must be told before it can start."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from alerting.channels.email import Addresses
from alerting.channels.mail_line import Encryption, MailServer
from common.settings import ServiceSettings


class AlertingSettings(ServiceSettings):
    """`ALERTING_*`, with `LACHAN_*` for what all services share."""

    model_config = SettingsConfigDict(env_prefix="ALERTING_", extra="ignore", frozen=True)

    smtp_host: str = Field(default="", description="Mail server; empty means that no e-mail is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_encryption: Encryption = Field(
        default=Encryption.STARTTLS, description="none is for a mail sink on this machine only."
    )
    smtp_username: str = Field(default="", description="Empty when the server asks for no sign-in.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password of that user.")
    mail_from: str = Field(
        default="canh-bao@la-chan.invalid", pattern=r"^[^@\s]+@[^@\s]+$", description="Sender of alerts."
    )
    mail_to: str = Field(
        default="{recipient}@la-chan.invalid",
        description="Address pattern: {recipient} is a doctor's id or role and area, health-officer-05437.",
    )
    inbox_url: str = Field(
        default="http://127.0.0.1:8104/inbox", description="Where the link in a message leads."
    )
    patient_url: str = Field(
        default="http://127.0.0.1:8102/doctor", description="Page that shows a patient to those who may see."
    )
    case_url: str = Field(
        default="http://127.0.0.1:8101/cases", description="Page that shows a quarantine case likewise."
    )

    @field_validator("mail_to")
    @classmethod
    def _tells_recipients_apart(cls, value: str) -> str:
        if "{recipient}" not in value or "@" not in value:
            raise ValueError("must hold {recipient} and @")
        return value

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

    @property
    def addresses(self) -> Addresses:
        """Who writes to whom."""
        return Addresses(self.mail_from, self.mail_to, self.inbox_url)
