"""Facts of F0 monitoring: what becomes of people's own declarations that they tested positive."""

from enum import StrEnum
from typing import ClassVar

from common.contracts.base import Id, Instant, PersonFact
from common.contracts.f0_monitoring import PATIENTS


class Reach(StrEnum):
    """How far an unanswered declaration has gone up."""

    STATION = "station"
    DISTRICT = "district"
    PROVINCE = "province"


class SelfDeclarationOverdue(PersonFact):
    """Somebody said that they tested positive, and nobody answered in time: the next unit up must look."""

    type: ClassVar[str] = "f0-monitoring.self-declaration-overdue.v1"
    topic: ClassVar[str] = PATIENTS
    sequenced: ClassVar[bool] = False

    declaration_id: Id
    declared_at: Instant
    reach: Reach


class Answer(StrEnum):
    """What became of a person's own declaration."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SelfDeclarationSettled(PersonFact):
    """A person's own declaration was answered by the station, or taken back; confirmed ones become F0."""

    type: ClassVar[str] = "f0-monitoring.self-declaration-settled.v1"
    topic: ClassVar[str] = PATIENTS
    sequenced: ClassVar[bool] = False

    declaration_id: Id
    answer: Answer
    settled_at: Instant
