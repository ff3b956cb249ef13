"""What F0 monitoring must be told before it can start."""

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from common.settings import SmsSettings


class F0MonitoringSettings(SmsSettings):
    """Settings read from F0_MONITORING_* (or LACHAN_* for what all services share)."""

    model_config = SettingsConfigDict(env_prefix="F0_MONITORING_", extra="ignore", frozen=True)

    http_port: int = Field(default=8102, ge=0, le=65535, description="One port per service on a laptop.")
    quarantine_url: str = Field(
        default="http://127.0.0.1:8101/cases", description="Where the intake page leads for quarantine files."
    )
    inbox_url: str = Field(
        default="http://127.0.0.1:8104/inbox", description="Where the doctor's page leads for alerts."
    )
    stun_urls: str = Field(
        default="", description="STUN servers of the calls (`stun:host:port`), separated by blanks."
    )
    turn_urls: str = Field(
        default="",
        description="Relays of the calls (`turn:host:port?transport=udp`), separated by blanks; without one "
        "calls connect only where the two networks let each other through.",
    )
    turn_secret: SecretStr | None = Field(
        default=None, description="Secret shared with the relay (`static-auth-secret` of coturn)."
    )

    public_url: str = Field(
        default="http://127.0.0.1:8102", description="Where patients reach this service: links in messages."
    )

    @model_validator(mode="after")
    def _a_relay_has_its_secret(self) -> "F0MonitoringSettings":
        if bool(self.turn_urls.strip()) != bool(self.turn_secret and self.turn_secret.get_secret_value()):
            raise ValueError("turn_urls and turn_secret belong together: give both, or neither")
        return self
