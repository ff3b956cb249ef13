"""Whether partners are told about an area's figures."""

from datetime import datetime

from common.kernel.decision import Decision
from ioc_aggregation.domain.model import AreaSummaryChanged, Published, PublishSummary
from ioc_aggregation.domain.rules import IocRules


def decide(
    published: Published | None, command: PublishSummary, _rules: IocRules | None, _now: datetime
) -> Decision[Published]:
    """Tell partners what changed; the same figures are not told twice, older ones not after newer ones."""
    if published is not None and (_same(published, command) or _older(published, command)):
        return Decision(published)
    state = Published(
        command.area_code,
        command.metrics,
        command.as_of,
        command.definitions_version,
        command.is_complete,
        command.restated,
        command.silent_since,
    )
    fact = AreaSummaryChanged(
        command.area_code,
        command.level,
        command.as_of,
        command.definitions_version,
        command.is_complete,
        command.restated,
        command.metrics,
        command.silent_since,
    )
    return Decision(state, (fact,))


def _same(published: Published, command: PublishSummary) -> bool:
    return (
        published.metrics == command.metrics
        and published.definitions_version == command.definitions_version
        and published.is_complete == command.is_complete
        and published.restated == command.restated
        and published.silent_since == command.silent_since
    )


def _older(published: Published, command: PublishSummary) -> bool:
    return published.as_of is not None and command.as_of < published.as_of
