"""The envelope: one fact with where it comes from and what caused it."""

from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from common.contracts.base import Payload

P_co = TypeVar("P_co", bound=Payload, covariant=True)


class Event(NamedTuple, Generic[P_co]):
    """
    A CloudEvents 1.0 event; attribute names are those of the specification and our extensions.

    *sequence* counts the facts of *subject* without gaps when `data.sequenced`. A tuple because one
    is made per record: a frozen dataclass takes four times as long.
    """

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    data: P_co
    correlationid: str = ""
    causationid: str = ""
    traceparent: str = ""
