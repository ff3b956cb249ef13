"""HTTP: oxygen, beds and requests for supplies of an area."""

from typing import Annotated

from fastapi import APIRouter, Query

from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems
from ioc_aggregation.routes import AreaCode, Reader
from ioc_aggregation.views.errors import AreaUnknown
from ioc_aggregation.views.resource_bodies import ResourcesView
from ioc_aggregation.views.resources import ResourceDesk

router = APIRouter(tags=["resources"], route_class=DirectRoute)

Desk = Annotated[ResourceDesk, provided("resource_desk")]
ItemAsked = Annotated[
    str | None,
    Query(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="oxygen, ...; all if none is named"),
]


@router.get("/v1/areas/{code}/resources", responses=problems(AreaUnknown))
async def show_resources(
    code: AreaCode,
    reader: Reader,
    desk: Desk,
    item: ItemAsked = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
) -> ResourcesView:
    """Oxy, giường, chi viện: stocks with hours to empty, beds free, requests by state, oxygen needed."""
    return await desk.show(code, item, limit, reader)
