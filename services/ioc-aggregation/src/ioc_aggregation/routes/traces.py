"""HTTP: from a figure to the facts behind it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.pagination import BadCursor, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from ioc_aggregation.routes import AreaCode, MetricName
from ioc_aggregation.views.errors import AreaUnknown, DayUnseen, MetricUnknown, NotASum
from ioc_aggregation.views.scope import OPERATORS
from ioc_aggregation.views.traces import TraceDesk, TraceView

router = APIRouter(tags=["traces"], route_class=DirectRoute)

TRACERS = (*OPERATORS, "health_officer")
Desk = Annotated[TraceDesk, provided("trace_desk")]
Tracer = Annotated[Actor, Depends(role_required(*TRACERS))]
DayAsked = Annotated[date | None, Query(alias="day", description="Today if none is named.")]


@router.get(
    "/v1/areas/{code}/facts", responses=problems(AreaUnknown, MetricUnknown, NotASum, DayUnseen, BadCursor)
)
async def trace_figure(
    code: AreaCode,
    tracer: Tracer,
    desk: Desk,
    page: Paging,
    metric: MetricName = "f0_new",
    day: DayAsked = None,
) -> TraceView:
    """Vì sao có số này: the facts behind a figure, newest first; every look is noted in the access log."""
    return await desk.show(code, metric, day, page, tracer)
