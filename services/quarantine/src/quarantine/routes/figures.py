"""Statistics of quarantine: figures by commune or district over a period, and their files."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.files import attached
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.sheets.writing import TYPE
from quarantine.views.figures.desk import (
    AskedFigures,
    Level,
    PeriodImpossible,
    StatisticsDesk,
    StatisticsView,
)

router = APIRouter(prefix="/v1", tags=["statistics"], route_class=DirectRoute)

Counter = Annotated[
    Actor, Depends(role_required("health_officer", "doctor", "administrator", "ioc_operator"))
]
TheStatistics = Annotated[StatisticsDesk, provided("statistics")]
AreaCode = Annotated[str | None, Query(pattern=r"^(\d{2}|\d{3}|\d{5})$", description="Tỉnh, huyện hoặc xã")]
_FAULTS = problems(PeriodImpossible)


async def _asked(
    first_day: Annotated[date | None, Query(description="Ngày đầu; để trống là 14 ngày qua")] = None,
    last_day: Annotated[date | None, Query(description="Ngày cuối; để trống là hôm nay")] = None,
    level: Level = Level.COMMUNE,
    area_code: AreaCode = None,
) -> AskedFigures:
    return AskedFigures(first_day, last_day, level, area_code)


Asked = Annotated[AskedFigures, Depends(_asked)]


@router.get("/statistics", responses=_FAULTS)
async def show_statistics(asked: Asked, reader: Counter, statistics: TheStatistics) -> StatisticsView:
    """Thống kê cách ly của địa bàn người xem: no person is named."""
    return await statistics.show(asked, reader)


@router.get("/statistics.xlsx", responses=_FAULTS, response_class=Response)
async def export_xlsx(asked: Asked, reader: Counter, statistics: TheStatistics) -> Response:
    """Thống kê, tệp Excel."""
    content = await statistics.xlsx(asked, reader)
    return Response(content, media_type=TYPE, headers=attached("thong-ke-cach-ly.xlsx"))


@router.get("/statistics.csv", responses=_FAULTS, response_class=Response)
async def export_csv(asked: Asked, reader: Counter, statistics: TheStatistics) -> Response:
    """Thống kê, tệp CSV."""
    content = await statistics.csv(asked, reader)
    return Response(content, media_type="text/csv", headers=attached("thong-ke-cach-ly.csv"))


@router.get("/statistics.pdf", responses=_FAULTS, response_class=Response)
async def export_pdf(asked: Asked, reader: Counter, statistics: TheStatistics) -> Response:
    """Thống kê, bảng để in."""
    content = await statistics.pdf(asked, reader)
    return Response(content, media_type="application/pdf", headers=attached("thong-ke-cach-ly.pdf"))
