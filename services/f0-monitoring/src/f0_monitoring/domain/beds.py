"""Counting beds: none is given twice, and none is taken away from under somebody."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from common.kernel.areas import MACHINE, Actor, Area
from common.kernel.decision import Decision
from common.kernel.errors import Invalid
from f0_monitoring.domain.access import STAFF
from f0_monitoring.domain.facility import (
    TIERS,
    BedKind,
    BedOccupied,
    BedReleased,
    BedReserved,
    CountBeds,
    Facility,
    FacilityKept,
    FacilityKind,
    Hold,
    KeepFacility,
    OccupyBed,
    ReleaseBed,
    ReserveBed,
    Ward,
)
from f0_monitoring.domain.facility_errors import (
    BedsInUse,
    FacilityClosed,
    NoFreeBed,
    NoSuchFacility,
    NotYourFacility,
)

WORDS = {BedKind.ORDINARY: "giường thường", BedKind.OXYGEN: "giường oxy", BedKind.ICU: "giường hồi sức"}
BEDS_MAX, STAFF_MAX = 2_000, 5_000


class Count(NamedTuple):
    """The beds of one kind."""

    kind: BedKind
    beds: int
    reserved: int
    occupied: int

    @property
    def free(self) -> int:
        """Beds that nobody has and that are kept for nobody."""
        return self.beds - self.reserved - self.occupied


def count(facility: Facility, kind: BedKind) -> Count:
    """Count the beds of *kind*; none at all where there are no such beds."""
    ward = next((w for w in facility.wards if w.kind is kind), Ward(kind, 0))
    held = [h.is_occupied for h in facility.holds if h.kind is kind]
    return Count(kind, ward.beds, held.count(False), held.count(True) + ward.others)


def counts(facility: Facility) -> tuple[Count, ...]:
    """Count the beds of every kind that the facility has."""
    return tuple(count(facility, ward.kind) for ward in facility.wards)


def require_staff_of(by: Actor, area: Area) -> None:
    """Let staff whose area holds the facility act for it."""
    if by is not MACHINE and not (by.roles & STAFF and by.covers(area)):
        raise NotYourFacility("Cơ sở này thuộc địa bàn khác. Hãy liên hệ đơn vị phụ trách cơ sở.")


def decide_facility(
    state: Facility | None,
    command: Any,
    rules: None,  # noqa: ARG001 - no dated rule speaks of beds
    now: datetime,
) -> Decision[Facility]:
    """Decide one command on one facility."""
    match command:
        case KeepFacility():
            return _kept(state, command)
        case CountBeds():
            known = _known(state)
            require_staff_of(command.by, known.area)
            return _changed(known, replace(known, wards=_sound_wards(command.wards)))
        case ReserveBed():
            return _reserved(_known(state), command, now)
        case OccupyBed():
            return _occupied(_known(state), command, now)
        case ReleaseBed():
            return _released(_known(state), command)
        case _:
            raise TypeError(f"no decision for {type(command).__name__}")


def _known(state: Facility | None) -> Facility:
    if state is None:
        raise NoSuchFacility("Không có cơ sở này. Hãy mở lại danh sách cơ sở.")
    return state


def _kept(state: Facility | None, command: KeepFacility) -> Decision[Facility]:
    require_staff_of(command.by, command.area)
    if state is not None:
        require_staff_of(command.by, state.area)
    if command.tier not in TIERS:
        raise Invalid("Tầng điều trị là 1, 2 hoặc 3.", field="tier")
    if command.kind is FacilityKind.STATION and command.wards:
        raise Invalid("Trạm y tế lưu động không có giường điều trị.", field="beds")
    after = Facility(
        facility_id=command.facility_id,
        kind=command.kind,
        tier=command.tier,
        name=command.name,
        area=command.area,
        serves=tuple(sorted({*command.serves})) or (command.area.commune_code,),
        phone=command.phone,
        staff=command.staff,
        doctors=command.doctors,
        capacity=command.capacity,
        wards=_sound_wards(command.wards),
        holds=state.holds if state else (),
        is_open=command.is_open,
    )
    return _changed(state, after)


def _changed(before: Facility | None, after: Facility) -> Decision[Facility]:
    for kind in {w.kind for w in after.wards} | {h.kind for h in after.holds}:
        now = count(after, kind)
        if now.free < 0:
            raise BedsInUse(
                f"Đang có {now.reserved + now.occupied} {WORDS[kind]} có người hoặc giữ chỗ, "
                f"không ghi {now.beds} giường được. Hãy xem lại số giường, hoặc hủy giữ chỗ trước.",
                field="beds",
            )
    if before == after:
        return Decision(before)
    fact = FacilityKept(after, is_new=before is None)
    return Decision(after, (fact,), (), {"facility_id": after.facility_id})


def _sound_wards(wards: Iterable[Ward]) -> tuple[Ward, ...]:
    by_kind = {ward.kind: ward for ward in wards}
    for ward in by_kind.values():
        if not 0 <= ward.beds <= BEDS_MAX or not 0 <= ward.others <= BEDS_MAX:
            raise Invalid(f"Số giường từ 0 đến {BEDS_MAX}.", field="beds")
    return tuple(by_kind[kind] for kind in BedKind if kind in by_kind)


def _held(facility: Facility, hold_id: str) -> Hold | None:
    return next((hold for hold in facility.holds if hold.hold_id == hold_id), None)


def _reserved(facility: Facility, command: ReserveBed, now: datetime) -> Decision[Facility]:
    require_staff_of(command.by, facility.area)
    known = _held(facility, command.hold_id)
    if known is not None:
        return Decision(facility, answer={"hold_id": known.hold_id})
    if not facility.is_open:
        raise FacilityClosed("Cơ sở đang tạm ngừng nhận người bệnh. Hãy chọn cơ sở khác.")
    if count(facility, command.kind).free < 1:
        raise NoFreeBed(
            f"{facility.name} không còn {WORDS[command.kind]} trống. "
            "Hãy chọn cơ sở khác hoặc loại giường khác.",
            field="bed_kind",
        )
    hold = Hold(command.hold_id, command.transfer_id, command.person_id, command.kind, now)
    after = replace(facility, holds=(*facility.holds, hold))
    fact = BedReserved(after, hold, command.by.subject)
    return Decision(after, (fact,), (), {"hold_id": hold.hold_id})


def _occupied(facility: Facility, command: OccupyBed, now: datetime) -> Decision[Facility]:
    """A hold that is not there was given back by a later fact: what comes late changes nothing."""
    hold = _held(facility, command.hold_id)
    if hold is None or hold.is_occupied:
        return Decision(facility)
    there = replace(hold, is_occupied=True, since=now)
    holds = tuple(there if each is hold else each for each in facility.holds)
    after = replace(facility, holds=holds)
    return Decision(after, (BedOccupied(after, there),), ())


def _released(facility: Facility, command: ReleaseBed) -> Decision[Facility]:
    hold = _held(facility, command.hold_id)
    if hold is None:
        return Decision(facility)
    after = replace(facility, holds=tuple(each for each in facility.holds if each is not hold))
    return Decision(after, (BedReleased(after, hold, command.reason),), ())
