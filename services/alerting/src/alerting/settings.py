"""What alerting must be told before it can start."""

from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from alerting.channels.unit import Addresses
from common.keys import secret_key
from common.mail import MailSettings
from common.settings import ServiceSettings
from common.webpush import Sender

PUSH_SERVICES = (
    "fcm.googleapis.com *.push.services.mozilla.com *.push.apple.com *.notify.windows.com "
    "*.notify.windows.com.akadns.net"
)


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

    sms_url: str = Field(
        default="", description="Gateway for text messages (docs/sms-gateway.md); empty: none are sent."
    )
    sms_token: SecretStr | None = Field(default=None, description="Bearer token for the gateway.")
    sms_sender: str = Field(default="", max_length=20, description="Name that the gateway shows as sender.")
    sms_receipt_url: str = Field(
        default="",
        description="Where the gateway reaches /v1/sms-receipts; empty: no receipts are asked for.",
    )
    sms_receipt_key: SecretStr | None = Field(
        default=None, description="Key with which the gateway signs receipts (base64, 32 bytes)."
    )
    vapid_key: SecretStr | None = Field(
        default=None, description="Private key of web push (base64, 32 bytes); none: no web push."
    )
    vapid_contact: str = Field(
        default="mailto:canh-bao@la-chan.invalid",
        pattern="^(mailto:|https://)",
        description="Whom a push service asks when something is wrong with our messages.",
    )
    push_hosts: str = Field(default=PUSH_SERVICES, description="Push services of browsers that may be used.")
    webhook_hosts: str = Field(
        default="", description="Hosts that get signed webhooks, by blanks; empty: there are none."
    )
    webhook_key: SecretStr | None = Field(
        default=None, description="Key from which each receiver's secret follows (base64, 32 bytes)."
    )
    chat_hosts: str = Field(default="", description="Hosts of chat rooms, by blanks; empty: there are none.")

    @model_validator(mode="after")
    def _keys_of_channels_are_usable(self) -> Self:
        if self.vapid_key:
            self.push_sender  # noqa: B018  reading it checks the key
        if bool(self.sms_receipt_url) != bool(self.sms_receipt_key):
            raise ValueError("sms_receipt_url and sms_receipt_key belong together: give both, or neither")
        if self.webhook_hosts.strip() and not self.webhook_key:
            raise ValueError("webhook_hosts needs webhook_key: receivers must be able to check who sends")
        for name in ("sms_receipt_key", "webhook_key"):
            self._secret(name)
        return self

    @field_validator("mail_to")
    @classmethod
    def _tells_recipients_apart(cls, value: str) -> str:
        if "{recipient}" not in value or "@" not in value:
            raise ValueError("must hold {recipient} and @")
        return value

    @property
    def addresses(self) -> Addresses:
        """Who writes to whom."""
        return Addresses(self.mail_to, self.inbox_url)

    @property
    def push_sender(self) -> Sender | None:
        """Who sends web push, if anybody does."""
        return Sender(self.vapid_key.get_secret_value(), self.vapid_contact) if self.vapid_key else None

    @property
    def receipt_secret(self) -> bytes | None:
        """With which receipts are signed, if any come."""
        return self._secret("sms_receipt_key")

    @property
    def webhook_secret(self) -> bytes:
        """From which the secrets of webhooks follow; empty where there are none."""
        return self._secret("webhook_key") or b""

    def _secret(self, name: str) -> bytes | None:
        given: SecretStr | None = getattr(self, name)
        return secret_key(given.get_secret_value(), name=name) if given else None
