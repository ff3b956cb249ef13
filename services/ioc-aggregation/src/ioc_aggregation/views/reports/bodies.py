"""Bodies of the report API."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from ioc_aggregation.domain.report import Line, Report
from ioc_aggregation.views.reports import words


class LineView(BaseModel):
    """One unit of a report."""

    code: str
    name: str
    is_silent: bool = Field(
        description="A commune inside was not heard for too long; its last figures count."
    )
    restated: list[str] = Field(description="Figures of the day that late facts changed after it was over.")
    values: dict[str, int | None] = Field(description="By name, see /v1/definitions; null is not published.")


class TrendView(BaseModel):
    """One day of the course."""

    day: date
    f0_new: int | None
    f0_active: int | None


class ReportView(BaseModel):
    """The report of one area and day."""

    title: str
    as_of: str
    day: date
    drawn_at: datetime
    is_of_today: bool
    is_public: bool
    columns: list[str]
    total: LineView
    yesterday: dict[str, int | None]
    week_ago: dict[str, int | None]
    lines: list[LineView]
    trend: list[TrendView]
    notes: list[str]


class MailView(BaseModel):
    """One report on its way to one reader."""

    slot: datetime = Field(description="The hour at which it was due.")
    recipient: str
    state: str = Field(description="waiting, sent or failed")
    attempts: int
    sent_at: datetime | None
    fault: str = Field(description="Why the last attempt failed, without addresses.")


class MailsView(BaseModel):
    """The newest reports that left by mail."""

    hours: list[str] = Field(description="When reports leave by themselves, local time.")
    items: list[MailView]
    next: str | None = None


def report_view(report: Report) -> ReportView:
    """Return the report as the API gives it."""
    return ReportView(
        title=words.title(report),
        as_of=words.as_of(report),
        day=report.day,
        drawn_at=report.drawn_at,
        is_of_today=report.is_of_today,
        is_public=report.is_public,
        columns=list(report.columns),
        total=_line(report.total),
        yesterday=dict(report.yesterday),
        week_ago=dict(report.week_ago),
        lines=[_line(each) for each in report.lines],
        trend=[TrendView(day=each.day, f0_new=each.new, f0_active=each.active) for each in report.trend],
        notes=words.notes(report),
    )


def _line(line: Line) -> LineView:
    return LineView(
        code=line.unit.code,
        name=line.unit.name,
        is_silent=line.is_silent,
        restated=sorted(line.restated),
        values=dict(line.values),
    )
