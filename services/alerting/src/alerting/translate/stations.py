"""What the owner of stations and facilities tells of them becomes the number to call."""

from alerting.domain.stations import Station
from common.contracts.event import Event
from common.contracts.f0_monitoring import facilities


def opened_station(event: Event[facilities.FacilityOpened]) -> Station:
    """A station or facility opened."""
    return _station(event, is_open=True)


def changed_station(event: Event[facilities.FacilityChanged]) -> Station:
    """It changed, was closed, or opened again."""
    return _station(event, is_open=event.data.is_open)


def _station(
    event: Event[facilities.FacilityOpened] | Event[facilities.FacilityChanged], *, is_open: bool
) -> Station:
    data = event.data
    return Station(
        data.facility_id,
        event.sequence,
        data.facility_kind.value,
        data.facility_name or data.facility_id,
        data.facility_phone or "",
        data.commune_code,
        data.district_code,
        data.serves,
        is_open,
    )
