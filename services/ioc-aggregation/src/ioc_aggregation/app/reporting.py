"""Composition: reports, and what sends them."""

from dataclasses import dataclass
from typing import Any

from common.mail import MailLine
from common.service import Runtime
from common.workshop import Workshop
from ioc_aggregation.channels import Lease
from ioc_aggregation.domain.slots import read_hours
from ioc_aggregation.ports import Mails
from ioc_aggregation.settings import IocSettings
from ioc_aggregation.views.board import Board
from ioc_aggregation.views.reports.desk import ReportDesk
from ioc_aggregation.views.reports.mailing import Plan, ReportMailer


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the service gets."""

    desk: ReportDesk
    mailer: ReportMailer
    workshop: Workshop

    @property
    def parts(self) -> dict[str, Any]:
        """What routes take."""
        return {"report_desk": self.desk, "report_mailer": self.mailer}


def reporting(settings: IocSettings, runtime: Runtime, board: Board, mails: Mails, lease: Lease) -> Reporting:
    """Make it on its store."""
    workshop = Workshop(is_apart=not runtime.in_memory)
    desk = ReportDesk(board, workshop, runtime.clock, settings.history_days)
    plan = Plan(
        read_hours(settings.report_hours),
        settings.report_from,
        settings.report_readers,
        board.tree.unit(settings.report_area),
    )
    server = settings.mail_server
    line = MailLine(server) if server else None
    return Reporting(desk, ReportMailer(desk, mails, line, plan, lease, runtime.clock), workshop)
