"""Retries of messages, and after how long the substitutes of those on call are called as well."""

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from alerting.domain.model import Severity
from alerting.domain.rules import Sending

Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


class SendingRow(BaseModel):
    """How messages are sent; a severity without minutes for substitutes calls everybody at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backoff_seconds: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    lease_seconds: Annotated[int, Field(ge=5)]
    substitutes_after_minutes: dict[Severity, Minutes] = Field(default_factory=dict)

    def check(self, severity: Severity, rungs: Collection[int]) -> None:
        """Refuse that the next unit, after one of *rungs* minutes, comes before a unit's substitutes."""
        after = self.substitutes_after_minutes.get(severity, 0)
        if rungs and after >= min(rungs):
            raise ValueError(
                f"substitutes for {severity} come after {after} minutes, the next unit after {min(rungs)}"
            )

    def rules(self) -> Sending:
        """Return it as the domain reads it."""
        return Sending(
            backoff=tuple(timedelta(seconds=each) for each in self.backoff_seconds),
            lease=timedelta(seconds=self.lease_seconds),
            substitutes_after={
                severity: timedelta(minutes=each) for severity, each in self.substitutes_after_minutes.items()
            },
        )
