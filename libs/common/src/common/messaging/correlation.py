"""Where the cause of a command comes from when a fact asked for it."""

from common.contracts.base import Payload
from common.contracts.event import Event
from common.contracts.registry import owner_of
from common.kernel.ids import derived_id
from common.messaging.records import ConsumedRecord
from common.work.model import Cause


def cause_of(event: Event[Payload], record: ConsumedRecord, index: int = 0) -> Cause:
    """
    Return the cause of the command number *index* that *event* leads to.

    Facts of an aggregate are ordered by their own gapless sequence, whatever topic or redelivery
    brings them. Append-only records have none: there the place in the topic orders them.
    """
    if event.data.sequenced:
        source, sequence = f"{owner_of(event.type)}:{event.subject}", event.sequence
    else:
        source, sequence = f"{record.topic}-{record.partition}", record.offset
    return Cause(
        id=derived_id(event.id, str(index)) if index else event.id,
        source=f"{source}#{index}" if index else source,
        sequence=sequence,
        gapless=event.data.sequenced,
        correlation_id=event.correlationid or event.id,
        traceparent=event.traceparent,
        partition=f"{record.topic}:{record.partition}",
        offset=record.offset,
    )
