"""The sums that a supervisor looks at first."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from alerting.domain.channels import Line
from alerting.domain.model import Severity
from alerting.ports import ChannelHealth, Today


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class TodayView(_View):
    """The day so far; *taken_in_target*: within five minutes."""

    raised: int
    taken: int
    taken_in_target: int
    climbed: int
    false_alarms: int


class ChannelView(_View):
    """Whether a channel can be relied on now."""

    channel: str
    is_on: bool
    is_dead: bool
    overdue: int = 0
    failed_last_hour: int = 0
    last_sent_at: datetime | None = None


class SummaryView(_View):
    """What a supervisor looks at first."""

    server_now: datetime
    open: dict[Severity, int]
    today: TodayView
    channels: list[ChannelView]


def summary(
    now: datetime,
    is_open: dict[Severity, int],
    today: Today,
    health: ChannelHealth,
    *,
    is_on: bool,
    lines: Sequence[Line] = (),
) -> SummaryView:
    """Put the sums together: letters to units, and every other channel that was tried."""
    channel = ChannelView.model_validate(
        {name: getattr(health, name) for name in ("channel", "overdue", "failed_last_hour", "last_sent_at")}
        | {"is_on": is_on, "is_dead": is_on and health.is_dead}
    )
    others = [
        ChannelView(
            channel=line.channel,
            is_on=True,
            is_dead=line.is_dead,
            failed_last_hour=line.failed_in_a_row,
            last_sent_at=line.last_sent_at,
        )
        for line in lines
        if line.channel != channel.channel
    ]
    return SummaryView(
        server_now=now, open=is_open, today=TodayView.model_validate(today), channels=[channel, *others]
    )
