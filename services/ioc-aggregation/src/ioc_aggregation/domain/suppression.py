"""
The public version of a report: small numbers of people are not told, nor can they be worked out.

In a commune where everybody knows everybody, "2 cases" is a name. The limit of five is customary in official
statistics; it is a parameter to be confirmed by the health authority.
"""

from collections.abc import Mapping
from dataclasses import replace

from ioc_aggregation.domain.report import Report, TrendDay

LEAST_TOLD = 5
OF_PEOPLE = frozenset(
    (
        "f0_new",
        "f0_active",
        "f0_very_high",
        "f0_recovered",
        "f0_died",
        "quarantine_ordered",
        "quarantine_active",
        "quarantine_ended",
        "reports_missed",
        "quarantine_breaches",
        "alerts_raised",
    )
)
"""Figures about people's health; permits and scans say nothing of anybody."""


def public(report: Report) -> Report:
    """Return what may be published. Zero is told: it is about nobody."""
    hidden = {name: _hidden(report, name) for name in report.columns if name in OF_PEOPLE}
    lines = tuple(
        replace(
            line, values={name: None if at in hidden.get(name, ()) else n for name, n in line.values.items()}
        )
        for at, line in enumerate(report.lines)
    )
    return replace(
        report,
        total=replace(report.total, values=_told(report.total.values)),
        lines=lines,
        yesterday=_told(report.yesterday),
        week_ago=_told(report.week_ago),
        trend=tuple(TrendDay(each.day, _shown(each.new), _shown(each.active)) for each in report.trend),
        is_public=True,
    )


def is_small(value: int | None) -> bool:
    """Tell whether *value* is about so few that it names them."""
    return value is not None and 0 < value < LEAST_TOLD


def _hidden(report: Report, name: str) -> set[int]:
    """Return which lines do not tell *name*: the small ones, with another if one alone could be computed."""
    values = [line.values[name] or 0 for line in report.lines]
    small = {at for at, value in enumerate(values) if is_small(value)}
    if len(small) == 1 and not is_small(report.total.values[name]):
        others = [(value, at) for at, value in enumerate(values) if value and at not in small]
        small |= {min(others)[1]} if others else set()
    return small


def _told(values: Mapping[str, int | None]) -> dict[str, int | None]:
    return {name: _shown(value) if name in OF_PEOPLE else value for name, value in values.items()}


def _shown(value: int | None) -> int | None:
    return None if is_small(value) else value
