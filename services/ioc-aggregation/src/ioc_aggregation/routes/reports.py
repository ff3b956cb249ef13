"""HTTP: the report of a day, to be read, taken away, or seen leaving."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from common.http.direct import DirectRoute
from common.http.files import attached
from common.http.parts import provided
from common.http.problems import problems
from ioc_aggregation.routes import Operator, Reader
from ioc_aggregation.views.errors import AreaUnknown
from ioc_aggregation.views.reports.bodies import MailsView, MailView, ReportView, report_view
from ioc_aggregation.views.reports.desk import DayUnknown, Format, ReportDesk, Version
from ioc_aggregation.views.reports.mailing import ReportMailer

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=DirectRoute)

Desk = Annotated[ReportDesk, provided("report_desk")]
Mailer = Annotated[ReportMailer, provided("report_mailer")]
AreaAsked = Annotated[
    str, Query(alias="area", pattern=r"^(\d{2}|\d{3}|\d{5})$", description="Province, district or commune.")
]
DayAsked = Annotated[date | None, Query(alias="day", description="Yesterday if none is named.")]
VersionAsked = Annotated[Version, Query(alias="version", description="public hides small numbers of people.")]
MAILS_SHOWN = 50


@router.get("/daily", responses=problems(AreaUnknown, DayUnknown))
async def read_report(
    reader: Reader,
    desk: Desk,
    area: AreaAsked = "19",
    day: DayAsked = None,
    version: VersionAsked = Version.INTERNAL,
) -> ReportView:
    """Báo cáo ngày: the figures of an area and of each unit inside it."""
    return report_view(desk.report(area, day, version, reader))


@router.get("/daily.{form}", responses=problems(AreaUnknown, DayUnknown), response_class=Response)
async def take_report(
    form: Annotated[Format, Path(description="pdf or xlsx")],
    reader: Reader,
    desk: Desk,
    area: AreaAsked = "19",
    day: DayAsked = None,
    version: VersionAsked = Version.INTERNAL,
) -> Response:
    """Tải báo cáo: the same as a file."""
    file = await desk.file(desk.report(area, day, version, reader), form)
    return Response(file.content, media_type=file.type, headers=attached(file.name))


@router.get("/mails")
async def list_mails(operator: Operator, mailer: Mailer) -> MailsView:  # noqa: ARG001
    """Báo cáo tự gửi: which report left at which hour, to whom, and which did not."""
    items = [
        MailView(
            slot=mail.slot,
            recipient=mail.recipient,
            state=mail.state,
            attempts=mail.attempts,
            sent_at=mail.sent_at,
            fault=mail.fault,
        )
        for mail in await mailer.newest(MAILS_SHOWN)
    ]
    return MailsView(hours=[f"{hour:%H:%M}" for hour in mailer.plan.hours], items=items)
