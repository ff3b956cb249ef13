"""What quarantine must be told before it can start."""

from datetime import date

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from common.settings import SmsSettings
from common.web.pages import origin_of


class QuarantineSettings(SmsSettings):
    """Settings read from QUARANTINE_* (or LACHAN_* for what all services share)."""

    model_config = SettingsConfigDict(env_prefix="QUARANTINE_", extra="ignore", frozen=True)

    http_port: int = Field(default=8101, ge=0, le=65535, description="One port per service on a laptop.")
    rules_as_of: date | None = Field(
        default=None,
        description="Read the protocols as they stood on this day, for drills; empty means the present day.",
    )
    device_key: SecretStr | None = Field(
        default=None,
        description="Signs the tokens of enrolled phones (base64, 32 bytes). By default derived from the "
        "vault keys, which no other service has; changing it signs every phone in again within minutes.",
    )
    f0_url: str = Field(
        default="http://127.0.0.1:8102",
        description="Where the citizen's page asks about F0 care, and whose pages may ask here for phones.",
    )
    permit_url: str = Field(
        default="http://127.0.0.1:8103", description="Where the citizen's page asks about permits."
    )
    sms_secret: SecretStr | None = Field(
        default=None,
        description="Shared with the gateway of messages, which signs with it (base64, 32 bytes). Without "
        "it no message is taken.",
    )

    @property
    def own_origin(self) -> str:
        """Address of this service as phones see it."""
        return self.citizen_origin or f"http://{self.http_host}:{self.http_port}"

    @property
    def page_origins(self) -> tuple[str, ...]:
        """Answer F0 care's pages too: the station gives codes for phones from a patient's record."""
        return (*super().page_origins, origin_of(self.f0_url))
