"""A mobile station (trạm y tế lưu động) or a treatment facility by tier: it counts its beds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.kernel.areas import Actor, Area

TIERS = (1, 2, 3)


class FacilityKind(StrEnum):
    """A station looks after F0 at home; a hospital (cơ sở điều trị) has beds."""

    STATION = "station"
    HOSPITAL = "hospital"


class BedKind(StrEnum):
    """Giường thường, giường có oxy, giường hồi sức."""

    ORDINARY = "ordinary"
    OXYGEN = "oxygen"
    ICU = "icu"


@dataclass(frozen=True, slots=True)
class Ward:
    """The beds of one kind; *others* are taken by patients who came without a transfer."""

    kind: BedKind
    beds: int
    others: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """One bed kept for one patient: reserved until the patient comes, then occupied."""

    hold_id: str
    transfer_id: str
    person_id: str
    kind: BedKind
    since: datetime
    is_occupied: bool = False


@dataclass(frozen=True, slots=True)
class Facility:
    """
    A station or facility. *serves* are the codes of the areas that it takes patients from.

    *capacity*: how many F0 at home a station can look after (50-100); 0 where there are beds.
    """

    facility_id: str
    kind: FacilityKind
    tier: int
    name: str
    area: Area
    serves: tuple[str, ...]
    phone: str = ""
    staff: int = 0
    doctors: int = 0
    capacity: int = 0
    wards: tuple[Ward, ...] = ()
    holds: tuple[Hold, ...] = ()
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class KeepFacility:
    """Open a station or facility, or change what is known of it; who lies there stays as it is."""

    facility_id: str
    kind: FacilityKind
    tier: int
    name: str
    area: Area
    serves: tuple[str, ...]
    wards: tuple[Ward, ...]
    by: Actor
    phone: str = ""
    staff: int = 0
    doctors: int = 0
    capacity: int = 0
    is_open: bool = True

    @property
    def aggregate_id(self) -> str:
        """Id of the facility that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class CountBeds:
    """Beds were counted anew on the ward."""

    facility_id: str
    wards: tuple[Ward, ...]
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the facility that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class ReserveBed:
    """Keep a bed for a patient; the same *hold_id* is kept once."""

    facility_id: str
    hold_id: str
    transfer_id: str
    person_id: str
    kind: BedKind
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the facility that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class OccupyBed:
    """The patient has come."""

    facility_id: str
    hold_id: str

    @property
    def aggregate_id(self) -> str:
        """Id of the facility that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class ReleaseBed:
    """The patient does not come, or has left. *reason* is a code."""

    facility_id: str
    hold_id: str
    reason: str

    @property
    def aggregate_id(self) -> str:
        """Id of the facility that this changes."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class FacilityKept:
    """The facility is new (*is_new*), or what is known of it changed."""

    facility: Facility
    is_new: bool

    @property
    def subject(self) -> str:
        """Facts about one facility stay in order."""
        return self.facility.facility_id


@dataclass(frozen=True, slots=True)
class BedReserved:
    """A bed is kept; *facility* is as it is after it."""

    facility: Facility
    hold: Hold
    by: str

    @property
    def subject(self) -> str:
        """Facts about one facility stay in order."""
        return self.facility.facility_id


@dataclass(frozen=True, slots=True)
class BedOccupied:
    """The patient lies in it."""

    facility: Facility
    hold: Hold

    @property
    def subject(self) -> str:
        """Facts about one facility stay in order."""
        return self.facility.facility_id


@dataclass(frozen=True, slots=True)
class BedReleased:
    """The bed is free again."""

    facility: Facility
    hold: Hold
    reason: str

    @property
    def subject(self) -> str:
        """Facts about one facility stay in order."""
        return self.facility.facility_id
