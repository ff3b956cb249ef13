"""Khu cách ly: rooms, free beds, who waits for one."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.model import Cause
from quarantine.domain.errors import CaseNotFound, FacilityNotFound, NotInQuarantine
from quarantine.domain.facility import AssignBed, Facility, Occupant, Room, SetUpFacility
from quarantine.domain.standing import is_open
from quarantine.ports import Cases, Facilities, Moves
from quarantine.views.case import CaseView, PersonView
from quarantine.views.desk import Desk

WAITING_SHOWN = 200


class RoomBody(Body):
    """Phòng."""

    code: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$", description="Số phòng, không dấu cách")
    beds: int = Field(ge=1, le=100, description="Số giường")


class FacilityBody(Body):
    """Lập khu cách ly, hoặc sửa tên và phòng."""

    name: str = Field(min_length=3, max_length=120)
    commune_code: str = Field(pattern=r"^\d{5}$", description="Nơi đặt khu cách ly")
    address: str = Field(default="", max_length=200)
    serves: str | None = Field(
        default=None, pattern=r"^(\d{2}|\d{3}|\d{5})$", description="Nhận người của; để trống là cả huyện"
    )
    rooms: list[RoomBody] = Field(min_length=1, max_length=400)


class BedBody(Body):
    """Xếp giường."""

    person_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")
    room: str | None = Field(
        default=None, max_length=20, description="Để trống thì khu tự chọn phòng phù hợp"
    )


class OccupantView(BaseModel):
    """Somebody in a room; named for those who may read the file."""

    person_id: str
    person: PersonView | None
    commune_name: str | None
    ends_on: date | None
    exposed_on: date
    since: datetime


class RoomView(BaseModel):
    """A room and who is in it."""

    code: str
    beds: int
    free: int
    occupants: list[OccupantView]


class FacilityLine(BaseModel):
    """A facility in short."""

    facility_id: str
    name: str
    address: str
    commune_code: str
    commune_name: str
    serves: str
    serves_name: str
    beds: int
    taken: int
    free: int
    can_edit: bool


class FacilityView(FacilityLine):
    """A facility with its rooms."""

    rooms: list[RoomView]


class FacilitiesView(BaseModel):
    """Khu cách ly của tôi, and who waits for a bed."""

    items: list[FacilityLine]
    waiting: list[CaseView]


class GivenView(BaseModel):
    """Where somebody sleeps from now on."""

    facility_id: str
    facility_name: str
    room: str
    assignment_id: str
    free: int


class BedDesk:
    """Shows facilities and turns requests into commands."""

    def __init__(
        self, runtime: Runtime, cases: Cases, moves: Moves, facilities: Facilities, desk: Desk
    ) -> None:
        self._runtime = runtime
        self._cases = cases
        self._moves = moves
        self._facilities = facilities
        self._desk = desk

    async def listed(self, by: Actor) -> FacilitiesView:
        """Show the facilities to which people of *by*'s areas may be sent, and who waits."""
        found = await self._facilities.of_areas(by.area_codes, self._served(by))
        waiting = await self._moves.waiting_for_bed(by.area_codes, limit=WAITING_SHOWN)
        views = await self._desk.opened(waiting, by, "Chờ giường ở khu cách ly")
        return FacilitiesView(items=[self._line(one, by) for one in found], waiting=views)

    async def show(self, facility_id: str, by: Actor) -> FacilityView:
        """Show rooms; names only of people whose files *by* may read, or when the facility is *by*'s own."""
        facility = await self._readable(facility_id, by)
        cases = await self._cases.many({one.person_id for one in facility.occupants})
        is_own = by.covers(facility.area)
        shown = [case for case in cases.values() if case.person and (is_own or by.covers(case.person.area))]
        views = {view.person_id: view for view in await self._desk.opened(shown, by, "Xem khu cách ly")}
        rooms = [
            RoomView(
                code=room.code,
                beds=room.beds,
                free=room.beds - len(facility.in_room(room.code)),
                occupants=[_occupant(one, views.get(one.person_id)) for one in facility.in_room(room.code)],
            )
            for room in facility.rooms
        ]
        return FacilityView(**self._line(facility, by).model_dump(), rooms=rooms)

    def to_set_up(self, facility_id: str, body: FacilityBody, by: Actor) -> SetUpFacility:
        """Without a word about whom it serves, it serves its district."""
        area = self._runtime.units.area_of(body.commune_code)
        rooms = tuple({room.code: Room(room.code, room.beds) for room in body.rooms}.values())
        serves = body.serves or area.district_code
        return SetUpFacility(facility_id, by, body.name, area, serves, body.address, rooms)

    async def to_change(self, facility_id: str, body: FacilityBody, by: Actor) -> SetUpFacility:
        """Change one that is there and that *by* may see."""
        await self._readable(facility_id, by)
        return self.to_set_up(facility_id, body, by)

    def new_id(self, cause: Cause) -> str:
        """Name a new facility after the request that made it."""
        return derived_id("facility", cause.id)

    async def to_assign(self, facility_id: str, body: BedBody, by: Actor, cause: Cause) -> AssignBed:
        """Say of the person what rooms are shared by; refuses somebody who is not in quarantine."""
        case = (await self._cases.many([body.person_id])).get(body.person_id)
        if case is None or case.person is None or case.stay is None or not by.covers(case.person.area):
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.", field="person_id")
        if not is_open(case):
            raise NotInQuarantine("Người này không còn trong đợt cách ly, nên không xếp giường.")
        await self._runtime.access_log.note(by, [case.person_id], "Xếp giường khu cách ly")
        return AssignBed(
            facility_id,
            by,
            derived_id("bed", cause.id),
            case.person_id,
            case.person.area,
            case.person.household_id,
            case.stay.last_exposure_on,
            body.room,
        )

    def _served(self, by: Actor) -> set[str]:
        """Return the communes of *by*'s areas, with their districts and province."""
        units = self._runtime.units
        areas = [units.area_of(unit.code) for unit in units.communes()]
        return {code for area in areas if by.covers(area) for code in area.codes()}

    async def _readable(self, facility_id: str, by: Actor) -> Facility:
        found = {
            one.facility_id: one for one in await self._facilities.of_areas(by.area_codes, self._served(by))
        }
        if facility_id not in found:
            raise FacilityNotFound("Không có khu cách ly này cho người của địa bàn bạn.")
        return found[facility_id]

    def _line(self, facility: Facility, by: Actor) -> FacilityLine:
        taken, name_of = len(facility.occupants), self._runtime.units.name_of
        return FacilityLine(
            facility_id=facility.facility_id,
            name=facility.name,
            address=facility.address,
            commune_code=facility.area.commune_code,
            commune_name=name_of(facility.area.commune_code),
            serves=facility.serves,
            serves_name=name_of(facility.serves),
            beds=facility.beds,
            taken=taken,
            free=facility.beds - taken,
            can_edit=by.covers(facility.area),
        )


def _occupant(one: Occupant, view: CaseView | None) -> OccupantView:
    return OccupantView(
        person_id=one.person_id,
        person=view.person if view else None,
        commune_name=view.commune_name if view else None,
        ends_on=view.ends_on if view else None,
        exposed_on=one.exposed_on,
        since=one.since,
    )
