"""HTTP: the figures for people and partners, within the area of whoever asks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import FileResponse, StreamingResponse

from common.http.auth import SignedInSession, role_required
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems
from common.http.sse import for_codes, stream_response
from common.kernel.areas import Actor
from common.service import Runtime
from ioc_aggregation.domain.metrics import METRICS
from ioc_aggregation.domain.model import Level
from ioc_aggregation.views.bodies import (
    AreasView,
    AreaView,
    DefinitionsView,
    FeedView,
    SeriesView,
    SystemView,
    area_body,
    definitions_view,
    series_view,
)
from ioc_aggregation.views.errors import AreaUnknown, MetricUnknown
from ioc_aggregation.views.scope import OPERATORS, READERS, Scope
from ioc_aggregation.views.window import FEED_MAX, Window

router = APIRouter(tags=["ioc"], route_class=DirectRoute)

Reader = Annotated[Actor, Depends(role_required(*READERS))]
Operator = Annotated[Actor, Depends(role_required(*OPERATORS))]
Board = Annotated[Window, provided("window")]
Composed = Annotated[Runtime, provided("runtime")]
AreaCode = Annotated[
    str, Path(pattern=r"^(\d{2}|\d{3}|\d{5})$", description="Province, district or commune.")
]
MetricName = Annotated[
    str, Query(json_schema_extra={"enum": list(METRICS)}, description="See /v1/definitions.")
]


@router.get("/v1/areas", response_model=AreasView)
async def list_areas(
    reader: Reader, board: Board, level: Level | None = None, parent: str | None = None
) -> Response:
    """The figures of every area that the reader may see (số liệu theo địa bàn), province first."""
    body = board.areas(Scope.of(reader), level, parent)
    return Response(body, media_type="application/json")


@router.get("/v1/areas/{code}", responses=problems(AreaUnknown))
async def show_area(code: AreaCode, reader: Reader, board: Board) -> AreaView:
    """The figures of one area."""
    area = board.area(code, Scope.of(reader))
    if area is None:
        raise AreaUnknown
    return AreaView.model_validate(area_body(area))


@router.get("/v1/areas/{code}/series", responses=problems(AreaUnknown, MetricUnknown))
async def show_series(
    code: AreaCode,
    reader: Reader,
    board: Board,
    metric: MetricName = "f0_new",
    days: Annotated[int, Query(ge=1, le=90)] = 28,
) -> SeriesView:
    """One figure of one area over the last days, today last; stocks are those at the end of each day."""
    if board.area(code, Scope.of(reader)) is None:
        raise AreaUnknown
    if metric not in METRICS:
        raise MetricUnknown
    return series_view(code, metric, board.board.series(code, metric, days))


@router.get("/v1/definitions")
async def list_definitions(reader: Reader) -> DefinitionsView:  # noqa: ARG001
    """What each figure counts, in Vietnamese (định nghĩa chỉ số)."""
    return definitions_view()


@router.get("/v1/feed")
async def list_feed(
    reader: Reader, board: Board, limit: Annotated[int, Query(ge=1, le=FEED_MAX)] = 20
) -> FeedView:
    """The newest alerts of the reader's area, without any person."""
    return board.feed(Scope.of(reader), limit)


@router.get("/v1/system")
async def show_system(operator: Operator, board: Board) -> SystemView:  # noqa: ARG001
    """The state of the system itself: lag, dead letters, stale sources."""
    return board.system()


@router.get("/v1/stream", response_class=StreamingResponse)
async def follow(reader: Reader, session: SignedInSession, board: Board) -> StreamingResponse:
    """The live board as server-sent events: `snapshot`, then `area`, `alert` and `system`."""
    scope = Scope.of(reader)
    return stream_response(
        board.broadcast,
        lambda: board.snapshot(scope),
        select=for_codes(scope.codes),
        until=session.expires_at,
    )


@router.get("/v1/tilegrid", response_class=FileResponse)
async def show_tilegrid(reader: Reader, runtime: Composed) -> FileResponse:  # noqa: ARG001
    """Where each commune sits on the tile map: names and places only."""
    return FileResponse(runtime.folder / "geo" / "tilegrid.json", media_type="application/json")
