"""Where what units declared, and who was heard after an order, is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ioc_aggregation.domain.rollout import Contacts, Readiness


@dataclass(frozen=True, slots=True)
class Ordered:
    """Somebody was ordered into quarantine."""

    person_id: str
    commune_code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody in quarantine declared or checked in."""

    person_id: str
    at: datetime


Word = Ordered | Heard


class Declarations(Protocol):
    """What each commune declared last."""

    async def newest(self) -> dict[str, Readiness]:
        """Return the declarations by commune."""


class FirstContacts(Protocol):
    """Orders and the words after them; every write may be repeated and come in any order."""

    async def note(self, words: list[Word]) -> None:
        """Keep them."""

    async def of_communes(self, since: datetime, now: datetime) -> Mapping[str, Contacts]:
        """Return by commune what became of the orders *since* then."""
