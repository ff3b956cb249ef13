"""Facts about sources that went silent: the figures say which, the rules say who is rung."""

from typing import Any

from alerting.domain.commands import NoteOver, NoteSilentSource
from alerting.domain.model import Kind
from alerting.domain.trouble import EVERYWHERE
from common.contracts import ioc
from common.contracts.event import Event
from common.kernel.areas import Area


def silent_source(event: Event[ioc.SourceWentSilent]) -> NoteSilentSource:
    """One alert per source: a commune's is its district's business, the others are the operators'."""
    data = event.data
    return NoteSilentSource(
        **_about(event),
        at=data.at,
        code=data.source_kind.value,
        part=data.source_id,
        last_fact_at=data.last_fact_at,
    )


def heard_source(event: Event[ioc.SourceCameBack]) -> NoteOver:
    """It speaks again, or nothing is expected of it."""
    return NoteOver(**_about(event), at=event.data.at)


def _about(event: Event[Any]) -> dict[str, Any]:
    data = event.data
    is_commune = bool(data.commune_code and data.district_code)
    return {
        "kind": Kind.COMMUNE_SILENT if is_commune else Kind.SOURCE_SILENT,
        "subject_id": data.source_id,
        "area": Area(data.commune_code, data.district_code) if is_commune else EVERYWHERE,
        "sequence": event.sequence,
    }
