"""Merges, contacts, households: further questions to the files of people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarantine.domain.contacts import Contact
from quarantine.domain.merges import Merge
from quarantine.domain.model import Case
from quarantine.ports import Search


@dataclass(frozen=True, slots=True)
class Household:
    """People of one household in quarantine; how many owe a declaration, how many have symptoms."""

    household_id: str
    people: tuple[str, ...]
    owed: int
    abnormal: int
    ends_on: str


class Merges(Protocol):
    """The records of merges."""

    async def pending(self, before: datetime, *, limit: int) -> list[str]:
        """Return ids of merges that nobody has gone on with since *before*, the longest waiting first."""

    async def of_person(self, person_id: str, *, limit: int) -> list[Merge]:
        """Return merges of a person's files, the latest first."""


class People(Protocol):
    """People found while somebody types."""

    async def like(
        self,
        area_codes: Collection[str],
        words: Sequence[Collection[int]],
        tokens: Sequence[str],
        *,
        limit: int,
    ) -> list[Case]:
        """Return files that carry a piece of each of *words*, or all whole-word *tokens*; open ones first."""


class Households(Protocol):
    """Households with somebody in quarantine."""

    async def households(self, search: Search, *, limit: int) -> list[Household]:
        """Return the households of *search* with open stays, those that owe most first."""


class Contacts(Protocol):
    """Who met whom."""

    async def of_index(self, person_ids: Collection[str], *, limit: int) -> list[Contact]:
        """Return the contacts of *person_ids*, the latest meeting first."""

    async def one(self, contact_id: str) -> Contact | None:
        """Return one contact."""

    async def in_areas(self, area_codes: Collection[str], *, limit: int) -> list[Contact]:
        """Return contacts who live within *area_codes* and have a file, the latest meeting first."""
