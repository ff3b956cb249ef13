"""Settings of the figures service."""

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from common.mail import MailSettings
from common.settings import ServiceSettings
from ioc_aggregation.domain.slots import read_hours


class IocSettings(ServiceSettings, MailSettings):
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
    as_of_days: int = Field(
        default=35, ge=1, le=1_000, description="How far back `as_of` is answered from the rows of facts."
    )
    report_hours: str = Field(
        default="06:00,16:30",
        description="When reports leave, local time; before noon about the whole day before.",
    )
    report_to: str = Field(default="", description="Mail addresses that get them, separated by commas.")
    report_from: str = Field(
        default="bao-cao@la-chan.invalid", pattern=r"^[^@\s]+@[^@\s]+$", description="Sender of reports."
    )
    report_area: str = Field(
        default="19", pattern=r"^(\d{2}|\d{3}|\d{5})$", description="The area that they are about."
    )

    @field_validator("report_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        read_hours(value)
        return value

    @field_validator("report_to")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        if any("@" not in part for part in value.split(",") if part.strip()):
            raise ValueError("must be mail addresses separated by commas")
        return value

    @property
    def report_readers(self) -> tuple[str, ...]:
        """Whom reports are sent to."""
        return tuple(part.strip() for part in self.report_to.split(",") if part.strip())
