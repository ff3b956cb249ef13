"""Every kind of fact, by its type name."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from common.contracts import alerting, f0_monitoring, ioc, permit, quarantine
from common.contracts.base import Payload
from common.contracts.f0_monitoring import followup as followup  # noqa: PLC0414 - its facts, too
from common.contracts.f0_monitoring import self_declared as self_declared  # noqa: PLC0414
from common.contracts.f0_monitoring import transfers as transfers  # noqa: PLC0414 - and facilities
from common.contracts.quarantine import moves as moves  # noqa: PLC0414 - its facts, too
from common.contracts.quarantine import supervision as supervision  # noqa: PLC0414 - its facts, too

OWNERS = MappingProxyType(
    {
        "quarantine": quarantine,
        "f0-monitoring": f0_monitoring,
        "permit": permit,
        "alerting": alerting,
        "ioc-aggregation": ioc,
    }
)


def _kinds(base: type[Payload]) -> Iterator[type[Payload]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("common.contracts.") and "type" in vars(kind):
            yield kind
        yield from _kinds(kind)


PAYLOADS: Mapping[str, type[Payload]] = MappingProxyType({kind.type: kind for kind in _kinds(Payload)})
"""Type name to payload model, for every fact of every service."""


def owner_of(event_type: str) -> str:
    """Return the service that owns *event_type*: its first part."""
    return event_type.partition(".")[0]
