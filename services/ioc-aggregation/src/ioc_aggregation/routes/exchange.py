"""HTTP: totals for the national system, as DHIS2 takes them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from ioc_aggregation.domain.exchange import Every
from ioc_aggregation.views.asked import Period
from ioc_aggregation.views.errors import AreaUnknown, PeriodImpossible
from ioc_aggregation.views.exchange import (
    CSV_TYPE,
    DataValueSet,
    ExchangeDesk,
    Registrations,
    Wanted,
    csv_of,
)
from ioc_aggregation.views.scope import EXCHANGERS

router = APIRouter(prefix="/v1/dhis2", tags=["dhis2"], route_class=DirectRoute)

Exchanger = Annotated[Actor, Depends(role_required(*EXCHANGERS))]
Desk = Annotated[ExchangeDesk, provided("exchange_desk")]


async def _wanted(
    first_day: Annotated[date | None, Query(description="Yesterday, or last week's Monday.")] = None,
    last_day: Annotated[date | None, Query(description="Yesterday, the last day that is over.")] = None,
    every: Annotated[Every, Query(description="day: yyyyMMdd; week: yyyyWn, whole ISO weeks.")] = Every.DAY,
    restated: Annotated[
        bool, Query(description="Only what late facts changed after its period was over.")
    ] = False,
    area: Annotated[
        str | None, Query(pattern=r"^(\d{2}|\d{3}|\d{5})$", description="Communes of this area only.")
    ] = None,
) -> Wanted:
    return Wanted(Period(first_day, last_day), every, restated, area)


Asked = Annotated[Wanted, Depends(_wanted)]


@router.get("/data-value-sets", responses=problems(AreaUnknown, PeriodImpossible))
async def list_values(reader: Exchanger, desk: Desk, wanted: Asked) -> DataValueSet:
    """Số liệu theo xã cho DHIS2: a value per commune, period and data element; silent communes are absent."""
    return await desk.values(wanted, reader)


@router.get(
    "/data-value-sets.csv",
    responses={
        **problems(AreaUnknown, PeriodImpossible),
        200: {"content": {CSV_TYPE: {"schema": {"type": "string"}}}},
    },
    response_class=Response,
)
async def take_values(reader: Exchanger, desk: Desk, wanted: Asked) -> Response:
    """The same as CSV; the identifier schemes are then parameters of the import."""
    return Response(csv_of(await desk.values(wanted, reader)), media_type=CSV_TYPE)


@router.get("/complete-data-set-registrations", responses=problems(AreaUnknown, PeriodImpossible))
async def list_registrations(reader: Exchanger, desk: Desk, wanted: Asked) -> Registrations:
    """Xã nào đủ số liệu của kỳ nào: a silent commune is not complete."""
    return await desk.registrations(wanted, reader)
