"""From when alerts of one kind are shown as one storm."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class StormRow(BaseModel):
    """From how many alerts of one kind, raised within how long, they are shown as one storm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: Annotated[int, Field(ge=2)] = 20
    within_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 10
