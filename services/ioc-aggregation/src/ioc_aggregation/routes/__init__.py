"""HTTP: the figures for people and partners, within the area of whoever asks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import FileResponse, StreamingResponse

from common.http.auth import SignedInSession, role_required
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.sse import for_codes, stream_response
from common.kernel.areas import Actor
from common.service import Runtime
from ioc_aggregation.domain.metrics import METRICS
from ioc_aggregation.views.bodies import (
    DefinitionsView,
    FeedView,
    SystemView,
    definitions_view,
)
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
