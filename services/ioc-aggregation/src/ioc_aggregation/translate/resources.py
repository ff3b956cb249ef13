"""Facts about beds, stock and supplies become notes of what there is."""

from typing import Any

from common.contracts.event import Event
from common.contracts.f0_monitoring import facilities as contract
from ioc_aggregation.domain.resources import (
    AskedLine,
    Beds,
    Facility,
    Note,
    Request,
    StockItem,
    Team,
    Urgency,
)


def to_facility(event: Event[Any]) -> Facility:
    """Every fact about a facility carries the beds that it has after it."""
    data = event.data
    beds = tuple(Beds(b.bed_kind.value, b.beds, b.reserved, b.occupied, b.free) for b in data.beds)
    return Facility(
        data.facility_id,
        event.sequence,
        data.facility_kind.value,
        data.tier,
        data.facility_name or "",
        data.commune_code,
        beds,
    )


def to_opened(event: Event[contract.FacilityOpened]) -> tuple[Note, ...]:
    """A station or facility is new."""
    data = event.data
    team = Team(data.facility_id, event.sequence, data.doctors, data.staff, data.capacity, is_open=True)
    return to_facility(event), team


def to_changed(event: Event[contract.FacilityChanged]) -> tuple[Note, ...]:
    """What is known of it changed."""
    data = event.data
    team = Team(data.facility_id, event.sequence, data.doctors, data.staff, data.capacity, data.is_open)
    return to_facility(event), team


def to_stock(event: Event[contract.StockReported]) -> tuple[StockItem, ...]:
    """What was counted, or what there is after a delivery."""
    data = event.data
    return tuple(
        StockItem(
            data.facility_id,
            data.commune_code,
            line.item,
            event.sequence,
            line.quantity,
            line.used_per_day,
            data.at,
        )
        for line in data.lines
    )


def to_asked(event: Event[contract.SupplyAsked]) -> tuple[Note, ...]:
    """Something is asked for."""
    data = event.data
    return _request(event, "asked"), Urgency(data.request_id, data.at, data.is_urgent)


def to_approved(event: Event[contract.SupplyApproved]) -> Request:
    """It is granted."""
    return _request(event, "approved")


def to_sent(event: Event[contract.SupplySent]) -> Request:
    """It is on its way."""
    return _request(event, "sent")


def to_received(event: Event[contract.SupplyReceived]) -> Request:
    """It has come."""
    return _request(event, "received")


def to_closed(event: Event[contract.SupplyClosed]) -> Request:
    """Nothing more comes of it."""
    return _request(event, "refused" if event.data.is_refused else "withdrawn")


def _request(event: Event[Any], state: str) -> Request:
    data = event.data
    lines = tuple(
        AskedLine(line.item, line.asked, line.approved, line.sent, line.received) for line in data.lines
    )
    return Request(
        data.request_id, event.sequence, data.facility_id, data.commune_code, state, data.at, lines
    )
