"""What alerting must be told before it can start."""

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from alerting.channels.email import Addresses
from common.mail import MailSettings
from common.settings import ServiceSettings


class AlertingSettings(ServiceSettings, MailSettings):
    """`ALERTING_*`, with `LACHAN_*` for what all services share."""

    model_config = SettingsConfigDict(env_prefix="ALERTING_", extra="ignore", frozen=True)

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
    def addresses(self) -> Addresses:
        """Who writes to whom."""
        return Addresses(self.mail_from, self.mail_to, self.inbox_url)
