"""What a supervisor looks at: groups, and places that have not answered."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from alerting.routes import Watcher
from alerting.views.overview import DAYS_MAX, GroupsView, Overview, StationsView
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems

TheOverview = Annotated[Overview, provided("overview")]
router = APIRouter(prefix="/v1", tags=["alerts"], route_class=DirectRoute)


@router.get("/alert-groups", responses=problems())
async def list_groups(actor: Watcher, overview: TheOverview) -> GroupsView:
    """Cảnh báo theo nhóm: all open alerts by kind, a storm with its probable cause."""
    return await overview.groups(actor)


@router.get("/stations", responses=problems())
async def list_stations(
    actor: Watcher,
    overview: TheOverview,
    by: Annotated[Literal["commune", "district"], Query()] = "commune",
    days: Annotated[int, Query(ge=1, le=DAYS_MAX, description="Số ngày gần đây")] = 7,
) -> StationsView:
    """Trạm chưa trả lời: what waits where and since when; median and p90 of the time to answer."""
    return await overview.stations(actor, by, days)
