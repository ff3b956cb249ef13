"""What F0 monitoring must be told before it can start."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings


class F0MonitoringSettings(ServiceSettings):
    """Settings read from F0_MONITORING_* (or LACHAN_* for what all services share)."""

    model_config = SettingsConfigDict(env_prefix="F0_MONITORING_", extra="ignore", frozen=True)

    http_port: int = Field(default=8102, ge=0, le=65535, description="One port per service on a laptop.")
    quarantine_url: str = Field(
        default="http://127.0.0.1:8101/cases", description="Where the intake page leads for quarantine files."
    )
    inbox_url: str = Field(
        default="http://127.0.0.1:8104/inbox", description="Where the doctor's page leads for alerts."
    )
