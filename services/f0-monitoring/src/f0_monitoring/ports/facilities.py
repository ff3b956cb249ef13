"""What is looked up about facilities, transfers, stock and supplies."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from f0_monitoring.domain.facility import Facility
from f0_monitoring.domain.stock import Stock
from f0_monitoring.domain.supplies import SupplyRequest
from f0_monitoring.domain.transfer import Journey


class Facilities(Protocol):
    """Stations and facilities."""

    async def one(self, facility_id: str) -> Facility | None:
        """Return a facility."""

    async def many(self, facility_ids: Collection[str]) -> dict[str, Facility]:
        """Return those that exist among *facility_ids*."""

    async def in_or_for(
        self, inside: Collection[str], served: Collection[str], *, limit: int
    ) -> list[Facility]:
        """Return those that lie in the areas *inside*, or take patients from *served*; by tier and name."""

    async def at_home_in(self, commune_codes: Collection[str]) -> dict[str, int]:
        """Return how many F0 are looked after at home in each of these communes."""


class Journeys(Protocol):
    """Transfers by person."""

    async def one(self, person_id: str) -> Journey | None:
        """Return the last transfer of a person and the bed."""

    async def open_ones(
        self, area_codes: Collection[str], facility_ids: Collection[str], *, limit: int
    ) -> list[Journey]:
        """Return open transfers of of these areas or to these facilities: emergencies, then the oldest."""


class Stocks(Protocol):
    """What facilities have."""

    async def many(self, facility_ids: Collection[str]) -> dict[str, Stock]:
        """Return those that exist among *facility_ids*."""


class Supplies(Protocol):
    """Requests for oxygen, equipment and staff."""

    async def one(self, request_id: str) -> SupplyRequest | None:
        """Return a request."""

    async def in_areas(
        self, area_codes: Collection[str], *, since: datetime, limit: int
    ) -> list[SupplyRequest]:
        """Return open requests from these areas, and those asked *since*; open ones, then newest first."""
