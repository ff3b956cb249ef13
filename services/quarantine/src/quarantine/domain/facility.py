"""
Khu cách ly tập trung: rooms, beds, and who sleeps where.

One facility is one aggregate, so two officers who want the last bed at the same moment cannot both have it. A
room is for one household, or for people who were exposed on the same day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.decision import Decision
from quarantine.domain.errors import FacilityNotFound, NoFreeBed, RoomNotShared, RoomsInUse


@dataclass(frozen=True, slots=True)
class Room:
    """Phòng: its code and how many beds it has."""

    code: str
    beds: int


@dataclass(frozen=True, slots=True)
class Occupant:
    """Somebody in a bed since *since*."""

    person_id: str
    assignment_id: str
    room: str
    household_id: str
    exposed_on: date
    since: datetime


@dataclass(frozen=True, slots=True)
class Facility:
    """A place with rooms. *serves* is the commune, district or province whose people may be sent there."""

    facility_id: str
    name: str
    area: Area
    serves: str
    address: str = ""
    rooms: tuple[Room, ...] = ()
    occupants: tuple[Occupant, ...] = ()

    @property
    def beds(self) -> int:
        """All beds."""
        return sum(room.beds for room in self.rooms)

    def in_room(self, code: str) -> tuple[Occupant, ...]:
        """Return who sleeps in a room."""
        return tuple(one for one in self.occupants if one.room == code)


@dataclass(frozen=True, slots=True)
class ForFacility:
    """A command to one facility."""

    facility_id: str

    @property
    def aggregate_id(self) -> str:
        """The facility decides."""
        return self.facility_id


@dataclass(frozen=True, slots=True)
class SetUpFacility(ForFacility):
    """Lập khu cách ly, or change its name and rooms."""

    by: Actor
    name: str
    area: Area
    serves: str
    address: str
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class AssignBed(ForFacility):
    """Xếp giường, or move within the facility; without a *room* the facility chooses."""

    by: Actor
    assignment_id: str
    person_id: str
    lives_in: Area
    household_id: str
    exposed_on: date
    room: str | None = None


@dataclass(frozen=True, slots=True)
class FreeBed(ForFacility):
    """The person does not need the bed of that assignment (any more)."""

    person_id: str
    assignment_id: str


@dataclass(frozen=True, slots=True)
class BedAssigned:
    """Somebody has a bed."""

    facility: Facility
    occupant: Occupant

    @property
    def subject(self) -> str:
        """A facility's facts stay in order."""
        return self.facility.facility_id


def decide(facility: Facility | None, command: Any, _rules: None, now: datetime) -> Decision[Facility]:
    """Decide *command* on *facility*; raises a refusal, or TypeError for a command that is not ours."""
    match command:
        case SetUpFacility():
            made = _set_up(facility, command)
            return Decision(made, answer={"facility_id": made.facility_id})
        case AssignBed():
            return _assign(facility, command, now)
        case FreeBed():
            return Decision(_freed(facility, command))
    raise TypeError(f"not a command of a facility: {type(command).__name__}")


def _set_up(facility: Facility | None, command: SetUpFacility) -> Facility:
    command.by.require(command.area)
    if facility is None:
        facility = Facility(command.facility_id, command.name, command.area, command.serves)
    command.by.require(facility.area)
    room_beds = {room.code: room.beds for room in command.rooms}
    for code in sorted({one.room for one in facility.occupants}):
        people = len(facility.in_room(code))
        if room_beds.get(code, 0) < people:
            raise RoomsInUse(
                f"Phòng {code} đang có {people} người. Hãy chuyển họ sang phòng khác trước khi bớt giường.",
                field="rooms",
            )
    return replace(
        facility,
        name=command.name,
        area=command.area,
        serves=command.serves,
        address=command.address,
        rooms=command.rooms,
    )


def _assign(facility: Facility | None, command: AssignBed, now: datetime) -> Decision[Facility]:
    if facility is None or facility.serves not in command.lives_in.codes():
        raise FacilityNotFound("Không có khu cách ly này cho người của xã bạn. Hãy chọn khu khác.")
    command.by.require(command.lives_in)
    others = tuple(one for one in facility.occupants if one.person_id != command.person_id)
    rest = replace(facility, occupants=others)
    room = _asked_room(rest, command) if command.room else _best_room(rest, command)
    occupant = Occupant(
        command.person_id, command.assignment_id, room.code, command.household_id, command.exposed_on, now
    )
    known = next((one for one in facility.occupants if one.person_id == command.person_id), None)
    if known and known.room == room.code:
        return Decision(facility, answer=_answer(facility, known))
    full = replace(rest, occupants=(*others, occupant))
    return Decision(full, (BedAssigned(full, occupant),), answer=_answer(full, occupant))


def _answer(facility: Facility, occupant: Occupant) -> dict[str, Any]:
    return {
        "facility_id": facility.facility_id,
        "facility_name": facility.name,
        "room": occupant.room,
        "assignment_id": occupant.assignment_id,
        "free": facility.beds - len(facility.occupants),
    }


def _asked_room(facility: Facility, command: AssignBed) -> Room:
    room = next((room for room in facility.rooms if room.code == command.room), None)
    if room is None:
        raise NoFreeBed(
            f"Khu này không có phòng {command.room}. Hãy chọn phòng trong danh sách.", field="room"
        )
    people = facility.in_room(room.code)
    if len(people) >= room.beds:
        raise NoFreeBed(f"Phòng {room.code} đã đủ {room.beds} người. Hãy chọn phòng khác.", field="room")
    if not _fits(people, command):
        raise RoomNotShared(
            f"Phòng {room.code} đang có hộ khác, phơi nhiễm khác ngày. Hãy chọn phòng trống, "
            "phòng của hộ này, hoặc phòng có cùng ngày tiếp xúc.",
            field="room",
        )
    return room


def _best_room(facility: Facility, command: AssignBed) -> Room:
    """Prefer the household's own room, then the smallest empty one, then people of the same exposure day."""
    ranked = []
    for room in facility.rooms:
        people = facility.in_room(room.code)
        if len(people) < room.beds and _fits(people, command):
            is_own = any(one.household_id == command.household_id for one in people)
            rank = 0 if is_own else 2 if people else 1
            ranked.append((rank, room.beds, room.code, room))
    if not ranked:
        raise NoFreeBed(
            f"{facility.name} không còn giường phù hợp (mỗi phòng một hộ hoặc cùng ngày tiếp xúc). "
            "Hãy chọn khu khác."
        )
    return min(ranked)[-1]


def _fits(people: tuple[Occupant, ...], command: AssignBed) -> bool:
    one_household = all(one.household_id == command.household_id for one in people)
    return one_household or all(one.exposed_on == command.exposed_on for one in people)


def _freed(facility: Facility | None, command: FreeBed) -> Facility | None:
    if facility is None:
        return None
    left = tuple(one for one in facility.occupants if one.assignment_id != command.assignment_id)
    return facility if len(left) == len(facility.occupants) else replace(facility, occupants=left)
