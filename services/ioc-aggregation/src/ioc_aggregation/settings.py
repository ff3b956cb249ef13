"""Settings of the figures service."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings


class IocSettings(ServiceSettings):
    """What this service must be told besides what every service is."""

    model_config = SettingsConfigDict(env_prefix="IOC_AGGREGATION_", extra="ignore", frozen=True)

    poll_seconds: float = Field(
        default=0.5, gt=0, le=5, description="How often the board looks for what other processes have folded."
    )
    publish_seconds: float = Field(
        default=1.5, gt=0, le=60, description="An area is told to partners at most once in this time."
    )
    history_days: int = Field(
        default=100,
        ge=14,
        le=1_000,
        description="Days of flows that the board keeps in memory for its series.",
    )
