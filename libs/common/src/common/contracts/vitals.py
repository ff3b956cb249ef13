"""
Measurements inside facts.

The limits here only say what can be a measurement at all, so that a broken record is caught on the
bus; what is plausible for a person is decided by the owning service.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

SpO2 = Annotated[int, Field(ge=0, le=100)]
Temperature = Annotated[float, Field(ge=20, le=50)]
PulsePerMinute = Annotated[int, Field(ge=0, le=400)]
BreathsPerMinute = Annotated[int, Field(ge=0, le=200)]
MillimetresOfMercury = Annotated[int, Field(ge=0, le=400)]


class DeclaredBy(StrEnum):
    """Who filled in a declaration."""

    SELF = "self"
    RELATIVE = "relative"
    OFFICER = "officer"


class Consciousness(StrEnum):
    """ACVPU scale of NEWS2."""

    ALERT = "alert"
    CONFUSED = "confused"
    VOICE = "voice"
    PAIN = "pain"
    UNRESPONSIVE = "unresponsive"
