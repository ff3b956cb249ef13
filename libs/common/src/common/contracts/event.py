"""The envelope: one fact with where it comes from and what caused it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from common.contracts.base import Payload

P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True, slots=True)
class Event(Generic[P_co]):
    """
    A CloudEvents 1.0 event; attribute names are those of the specification and our extensions.

    *sequence* counts the facts of *subject* without gaps when `data.sequenced`.
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
