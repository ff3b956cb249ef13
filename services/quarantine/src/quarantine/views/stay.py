"""Parts of a file as it is read: its tests, its bed."""

from datetime import date

from pydantic import BaseModel

from quarantine.domain.model import Stay
from quarantine.domain.registers import Bed
from quarantine.domain.schedule import TestState, schedule


class TestView(BaseModel):
    """A test that the protocol asks for; *day* counts from the start, which is 0."""

    day: int
    on: date
    state: TestState = TestState.AHEAD

    @classmethod
    def all_of(cls, stay: Stay, today: date) -> "list[TestView]":
        """Build the schedule of a stay as it stands *today*."""
        return [cls(day=one.day, on=one.on, state=one.state) for one in schedule(stay, today)]


class BedView(BaseModel):
    """Khu cách ly, phòng."""

    facility_id: str
    room: str

    @classmethod
    def of(cls, bed: Bed | None) -> "BedView | None":
        """Build from what the facility told, if it did."""
        if bed is None:
            return None
        return cls(facility_id=bed.facility_id, room=bed.room)
