"""HTTP: figures in pages, as JSON or CSV, as they are or as they were known at an instant."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AwareDatetime

from common.http.direct import DirectRoute
from common.http.pagination import BadCursor, PageQuery
from common.http.parts import provided
from common.http.problems import problems
from ioc_aggregation.domain.model import Level
from ioc_aggregation.routes import AreaCode, Board, MetricName, Reader
from ioc_aggregation.views.asked import Answer, Asked, Form, Period, Wanted
from ioc_aggregation.views.bodies import AreasView, AreaView, DaysView, SeriesView
from ioc_aggregation.views.errors import AreaUnknown, MetricNowOnly, MetricUnknown, PeriodImpossible
from ioc_aggregation.views.hindsight import InstantUnknown
from ioc_aggregation.views.scope import Scope
from ioc_aggregation.views.separated import TYPE as CSV_TYPE
from ioc_aggregation.views.tables import SERIES_MAX, Tables

router = APIRouter(tags=["ioc"], route_class=DirectRoute)

Pages = Annotated[Tables, provided("tables")]
LIMIT, LIMIT_MAX = 200, 5_000
"""Every area of the province fits one page; a table of days may be taken to a spreadsheet at once."""
_CSV_TEXT = {CSV_TYPE.partition(";")[0]: {"schema": {"type": "string"}}}
_IN_CSV: dict[int | str, dict[str, Any]] = {200: {"content": _CSV_TEXT}}
AsOf = Annotated[
    AwareDatetime | None,
    Query(description="As known at this instant, with Z or an offset (%2B07:00); now if left out."),
]


async def _asked(
    accept: Annotated[str | None, Header()] = None,
    form: Annotated[
        Form | None, Query(alias="format", description="Instead of the header Accept: csv or json.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Rows of a page.")] = LIMIT,
    cursor: Annotated[str | None, Query(max_length=512, description="next of the page before.")] = None,
    as_of: AsOf = None,
) -> Asked:
    return Asked(PageQuery(limit=limit, cursor=cursor), form or _accepted(accept or ""), as_of)


PageAsked = Annotated[Asked, Depends(_asked)]


def _accepted(accept: str) -> Form:
    kinds = [each.partition(";")[0].strip() for each in accept.split(",")]
    return Form.CSV if "text/csv" in kinds and "application/json" not in kinds else Form.JSON


def _told(answer: Answer, request: Request) -> Response:
    """Answer with the page; the header Link tells of the next one, for who reads CSV."""
    headers = {"vary": "accept"}
    if answer.next:
        url = request.url.include_query_params(cursor=answer.next)
        headers["link"] = f'<{url.path}?{url.query}>; rel="next"'
    return Response(answer.content, media_type=answer.type, headers=headers)


@router.get(
    "/v1/areas",
    response_model=AreasView,
    responses={**problems(BadCursor, InstantUnknown), **_IN_CSV},
)
async def list_areas(
    request: Request,
    reader: Reader,
    board: Board,
    tables: Pages,
    asked: PageAsked,
    level: Level | None = None,
    parent: str | None = None,
) -> Response:
    """The figures of every area that the reader may see (số liệu theo địa bàn), province first."""
    scope = Scope.of(reader)
    if asked == Asked(PageQuery(limit=LIMIT)):
        return Response(board.areas(scope, level, parent), media_type="application/json")
    return _told(await tables.areas(scope, level, parent, asked), request)


@router.get("/v1/areas/{code}", responses=problems(AreaUnknown, InstantUnknown))
async def show_area(code: AreaCode, reader: Reader, tables: Pages, as_of: AsOf = None) -> AreaView:
    """The figures of one area."""
    return AreaView.model_validate(await tables.area(Scope.of(reader), code, as_of))


@router.get(
    "/v1/areas/{code}/series",
    response_model=SeriesView,
    responses={
        **problems(AreaUnknown, MetricUnknown, MetricNowOnly, PeriodImpossible, BadCursor, InstantUnknown),
        **_IN_CSV,
    },
)
async def show_series(
    request: Request,
    code: AreaCode,
    reader: Reader,
    tables: Pages,
    asked: PageAsked,
    metric: MetricName = "f0_new",
    days: Annotated[int, Query(ge=1, le=SERIES_MAX)] = 28,
) -> Response:
    """One figure of one area over the last days, today last; stocks are those at the end of each day."""
    return _told(await tables.series(Scope.of(reader), code, metric, days, asked), request)


async def _period(
    first_day: Annotated[date | None, Query(description="Two weeks before the last one if left out.")] = None,
    last_day: Annotated[date | None, Query(description="Today if left out.")] = None,
) -> Period:
    return Period(first_day, last_day)


@router.get(
    "/v1/days",
    response_model=DaysView,
    responses={
        **problems(AreaUnknown, MetricUnknown, MetricNowOnly, PeriodImpossible, BadCursor, InstantUnknown),
        **_IN_CSV,
    },
)
async def list_days(
    request: Request,
    reader: Reader,
    tables: Pages,
    asked: PageAsked,
    period: Annotated[Period, Depends(_period)],
    metrics: Annotated[
        str | None, Query(max_length=2_000, description="Names, separated by commas; see /v1/definitions.")
    ] = None,
    area: Annotated[
        str | None, Query(pattern=r"^(\d{2}|\d{3}|\d{5})$", description="This area and those inside it.")
    ] = None,
    level: Level | None = None,
) -> Response:
    """Several figures of several areas by day (bảng số liệu theo ngày): a row per day and area."""
    wanted = Wanted(area, level, metrics, period)
    return _told(await tables.days(Scope.of(reader), wanted, asked), request)
