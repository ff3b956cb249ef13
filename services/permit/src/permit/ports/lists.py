"""What the lists for scanners are made from and kept in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from permit.domain.listed import Listed


class Standings(Protocol):
    """The files, as the lists for scanners read them."""

    async def barred(self) -> list[Listed]:
        """Return every permit that does not count now as its codes say, and of which a code is not over."""

    async def of_people(self, person_ids: Collection[str]) -> tuple[list[Listed], Collection[str]]:
        """Return those among the permits of these people, and the ids of all their permits."""

    async def ends(self, permit_ids: Collection[str]) -> Mapping[str, datetime]:
        """Return when the last code of each of these permits ends; one that is not on file is left out."""


class Changes(Protocol):
    """Which files were written lately."""

    async def since(self, token: str) -> tuple[set[str] | None, str]:
        """Return whose files were written since *token* (None: unknown), and the next token."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """
    One numbered change of the lists as kept.

    *token* is how far the changes of files had been looked at, *people* whose files it was made from.
    """

    sequence: int
    signed: bytes
    list_hash: bytes
    issued_at: datetime
    token: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """The full list after one of the changes."""

    sequence: int
    packed: bytes
    list_hash: bytes
    built_at: datetime
    token: str


class Journal(Protocol):
    """The numbered changes of the lists. An entry is never altered."""

    async def append(self, entry: ListEntry) -> bool:
        """Put *entry* under its number; False if another entry has it."""

    async def after(self, sequence: int, *, until: int | None = None) -> list[ListEntry]:
        """Return the entries after *sequence*, in order, not beyond *until*."""

    async def newest(self) -> ListEntry | None:
        """Return the entry with the highest number."""

    async def base(self) -> Base | None:
        """Return the newest full list."""

    async def keep_base(self, base: Base) -> None:
        """Keep a full list; the first one of a number stays."""

    async def note_checked(self, at: datetime) -> None:
        """Note that at *at* the newest entry said all there was to say."""

    async def checked_at(self) -> datetime | None:
        """Return the latest such instant."""

    async def forget(self, before_sequence: int, issued_before: datetime) -> None:
        """Forget entries and full lists that are older than both."""
