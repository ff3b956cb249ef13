"""Declarations become uses of apps, and our facts about sources become contract events."""

from typing import Any

from common.contracts import f0_monitoring as f0
from common.contracts import ioc, quarantine
from common.contracts.base import Payload
from common.contracts.event import Event
from common.kernel.decision import Fact
from ioc_aggregation.domain.sources import SourceTurned
from ioc_aggregation.ports.sources import Used


def to_used(event: Event[quarantine.HealthReported] | Event[f0.HealthReported]) -> Used | None:
    """What came on paper, by telephone or through the browser of an officer says nothing about apps."""
    data = event.data
    if not data.channel or not data.channel.startswith("app:"):
        return None
    return Used(data.person_id, data.channel, data.commune_code, data.received_at)


def to_event(fact: Fact) -> Payload:
    """Return the contract event of a source that turned."""
    if not isinstance(fact, SourceTurned):
        raise TypeError(f"no event for {type(fact).__name__}")
    seen = fact.sighting
    kind: Any = ioc.SourceWentSilent if seen.is_silent else ioc.SourceCameBack
    told: Payload = kind(
        source_id=seen.source_id,
        source_kind=ioc.SourceKind(seen.kind.value),
        commune_code=seen.area.commune_code if seen.area else None,
        district_code=seen.area.district_code if seen.area else None,
        last_fact_at=seen.last_at,
        at=fact.at,
    )
    return told
