"""Beds, transfers, stock, supplies: our facts become events, and events keep them together."""

from collections.abc import Callable
from typing import Any

from common.contracts import f0_monitoring as own
from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.f0_monitoring import facilities as contract
from common.contracts.f0_monitoring import transfers
from common.kernel.areas import Actor, Area
from common.kernel.decision import Fact
from f0_monitoring.domain import facility, stock, supplies
from f0_monitoring.domain import transfer_facts as facts
from f0_monitoring.domain.beds import counts
from f0_monitoring.domain.facility import BedKind, OccupyBed, ReleaseBed
from f0_monitoring.domain.following import TRANSFER, FollowTransfer
from f0_monitoring.domain.model import CareState
from f0_monitoring.domain.transfer import AcceptTransfer, FollowCare


def to_accept(event: Event[contract.BedReserved]) -> AcceptTransfer:
    """A bed is kept: the transfer takes it, or gives it back."""
    data = event.data
    return AcceptTransfer(
        data.person_id,
        data.transfer_id,
        Actor(data.by),
        facility_id=data.facility_id,
        hold_id=data.hold_id,
        bed_kind=BedKind(data.bed_kind.value),
    )


def to_occupy(event: Event[transfers.TransferArrived]) -> OccupyBed:
    """The patient is there."""
    return OccupyBed(event.data.facility_id, event.data.hold_id)


def to_release(event: Event[transfers.BedGivenBack]) -> ReleaseBed:
    """The bed is not needed (any more)."""
    return ReleaseBed(event.data.facility_id, event.data.hold_id, event.data.reason)


def to_follow_start(event: Event[transfers.TransferStarted]) -> FollowTransfer:
    """The patient is on the way."""
    return _follow(event, CareState.TRANSFERRING)


def to_follow_arrival(event: Event[transfers.TransferArrived]) -> FollowTransfer:
    """The patient lies in a bed."""
    return _follow(event, CareState.IN_HOSPITAL)


def to_follow_cancel(event: Event[transfers.TransferCancelled]) -> FollowTransfer | None:
    """The patient turned back, unless there was no way yet."""
    return _follow(event, None) if event.data.was_under_way else None


def _follow(event: Event[Any], to_state: CareState | None) -> FollowTransfer:
    return FollowTransfer(event.data.person_id, to_state, event.sequence, event.data.by)


def to_follow_move(event: Event[own.PatientMoved]) -> FollowCare | None:
    """Somebody moved the patient by hand; what followed the transfer is no news to it."""
    if event.data.reason == TRANSFER:
        return None
    return FollowCare(event.data.person_id, CareState(event.data.to_state.value), event.time)


def to_follow_closing(event: Event[own.PatientClosed]) -> FollowCare:
    """The care has ended."""
    return FollowCare(event.data.person_id, CareState(event.data.outcome.value), event.time)


def to_deliver(event: Event[contract.SupplyReceived]) -> stock.AddDelivery:
    """What came is in stock."""
    data = event.data
    amounts = tuple((line.item, line.received or 0.0) for line in data.lines)
    return stock.AddDelivery(data.facility_id, Area(data.commune_code, data.district_code), amounts, data.by)


def to_event(fact: Fact) -> Payload:
    """Return the contract event of one of our facts."""
    return _TO_EVENT[type(fact)](fact)


def _place(area: Area) -> dict[str, str]:
    return {"commune_code": area.commune_code, "district_code": area.district_code}


def _facility(known: facility.Facility) -> dict[str, Any]:
    beds = tuple(
        contract.BedCount(
            bed_kind=contract.BedKind(count.kind.value),
            beds=count.beds,
            reserved=count.reserved,
            occupied=count.occupied,
            free=count.free,
        )
        for count in counts(known)
    )
    return {
        "facility_id": known.facility_id,
        "facility_kind": contract.FacilityKind(known.kind.value),
        "tier": known.tier,
        **_place(known.area),
        "beds": beds,
        "facility_name": known.name,
    }


def _kept(fact: facility.FacilityKept) -> Payload:
    known = fact.facility
    size: dict[str, Any] = {"doctors": known.doctors, "staff": known.staff, "capacity": known.capacity}
    size |= {"facility_phone": known.phone.strip() or None, "serves": known.serves, "is_open": known.is_open}
    kind = contract.FacilityOpened if fact.is_new else contract.FacilityChanged
    return kind(**_facility(known), **size)


def _bed(fact: Any) -> dict[str, Any]:
    hold = fact.hold
    return {
        **_facility(fact.facility),
        "person_id": hold.person_id,
        "transfer_id": hold.transfer_id,
        "hold_id": hold.hold_id,
        "bed_kind": contract.BedKind(hold.kind.value),
    }


def _transfer(fact: facts.TransferFact) -> dict[str, Any]:
    return {
        "person_id": fact.person_id,
        **_place(fact.area),
        "transfer_id": fact.transfer_id,
        "is_emergency": fact.is_emergency,
        "by": fact.by,
        "at": fact.at,
    }


def _requested(fact: facts.TransferRequested) -> Payload:
    return transfers.TransferRequested(
        **_transfer(fact),
        tier=fact.tier,
        bed_kind=contract.BedKind(fact.bed_kind.value),
        reason=fact.reason,
        from_facility_id=fact.from_facility_id,
    )


def _accepted(fact: facts.TransferAccepted) -> Payload:
    return transfers.TransferAccepted(
        **_transfer(fact),
        facility_id=fact.facility_id,
        hold_id=fact.hold_id,
        bed_kind=contract.BedKind(fact.bed_kind.value),
        reserved_until_at=fact.reserved_until,
    )


def _overdue(fact: facts.TransferOverdue) -> Payload:
    return transfers.TransferOverdue(
        **_transfer(fact),
        stage=transfers.OverdueStage(fact.stage),
        bed_kind=contract.BedKind(fact.bed_kind.value),
        since_at=fact.since,
    )


def _stock(fact: stock.StockFact) -> dict[str, Any]:
    return {"facility_id": fact.facility_id, **_place(fact.area), "at": fact.at}


def _reported(fact: stock.StockReported) -> Payload:
    lines = tuple(
        contract.StockLine(item=item.item, quantity=item.quantity, used_per_day=item.used_per_day)
        for item in fact.items
    )
    return contract.StockReported(**_stock(fact), lines=lines)


def _low(fact: stock.StockLow) -> Payload:
    return contract.StockLow(
        **_stock(fact),
        item=fact.item,
        level=contract.StockLevel(fact.level.value),
        empty_at=fact.empty_at,
        reported_at=fact.reported_at,
    )


def _supply(fact: supplies.SupplyMoved) -> Payload:
    request, step = fact.request, fact.step
    about: dict[str, Any] = {
        "request_id": request.request_id,
        "facility_id": request.facility_id,
        **_place(request.area),
        "by": step.by,
        "at": step.at,
        "lines": tuple(
            contract.SupplyLine(
                item=line.item,
                asked=line.asked,
                approved=line.approved,
                sent=line.sent,
                received=line.received,
            )
            for line in request.lines
        ),
    }
    match step.to_state:
        case supplies.SupplyState.ASKED:
            return contract.SupplyAsked(**about, is_urgent=request.is_urgent)
        case supplies.SupplyState.APPROVED:
            return contract.SupplyApproved(**about)
        case supplies.SupplyState.SENT:
            return contract.SupplySent(**about)
        case supplies.SupplyState.RECEIVED:
            return contract.SupplyReceived(**about)
        case _:
            is_refused = step.to_state is supplies.SupplyState.REFUSED
            return contract.SupplyClosed(**about, is_refused=is_refused, reason=step.reason or "other")


def _at_facility(kind: Callable[..., Payload], *names: str) -> Callable[[Any], Payload]:
    """Tell a fact of a transfer whose further fields have the same names in the contract."""
    return lambda fact: kind(**_transfer(fact), **{name: getattr(fact, name) for name in names})


_TO_EVENT: dict[type[Any], Callable[[Any], Payload]] = {
    facility.FacilityKept: _kept,
    facility.BedReserved: lambda fact: contract.BedReserved(**_bed(fact), by=fact.by),
    facility.BedOccupied: lambda fact: contract.BedOccupied(**_bed(fact)),
    facility.BedReleased: lambda fact: contract.BedReleased(**_bed(fact), reason=fact.reason),
    facts.TransferRequested: _requested,
    facts.TransferAccepted: _accepted,
    facts.TransferOverdue: _overdue,
    facts.TransferRefused: _at_facility(transfers.TransferRefused, "facility_id", "reason"),
    facts.TransferLapsed: _at_facility(transfers.TransferLapsed, "facility_id"),
    facts.TransferStarted: _at_facility(transfers.TransferStarted, "facility_id"),
    facts.TransferArrived: _at_facility(transfers.TransferArrived, "facility_id", "hold_id"),
    facts.TransferCancelled: _at_facility(transfers.TransferCancelled, "reason", "was_under_way"),
    facts.BedGivenBack: _at_facility(transfers.BedGivenBack, "facility_id", "hold_id", "reason"),
    stock.StockReported: _reported,
    stock.StockLow: _low,
    stock.StockRestored: lambda fact: contract.StockRestored(**_stock(fact), item=fact.item),
    supplies.SupplyMoved: _supply,
}
