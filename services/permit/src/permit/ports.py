"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.keyring import Keyring
from permit.domain.model import Holder, Status


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which files are wanted; every given criterion must hold.

    One of the first three says whose files the caller may see at all.
    """

    area_codes: Collection[str] | None = None
    applied_by: str | None = None
    person_id: str | None = None
    status: Status | None = None
    tokens: Collection[str] = ()


class Holders(Protocol):
    """The files of people who asked for permits."""

    async def of_permit(self, permit_id: str) -> Holder | None:
        """Return the file that holds a permit."""

    async def of_permits(self, permit_ids: Collection[str]) -> Mapping[str, Holder]:
        """Return the files by permit, in one query, at their newest."""

    async def find(
        self, search: Search, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        """Return files by latest application, the newest first, after the (time, person) of *after*."""


class Directives(Protocol):
    """Which directive is in force where."""

    async def of_areas(self, codes: Collection[str]) -> Mapping[str, AreaDirective]:
        """Return what is known of these areas."""

    async def every(self) -> list[AreaDirective]:
        """Return all areas that ever had an order, by code."""


class Checkpoints(Protocol):
    """The list of checkpoints."""

    async def of_ids(self, ids: Collection[str]) -> Mapping[str, Checkpoint]:
        """Return those that exist among *ids*."""

    async def every(self) -> list[Checkpoint]:
        """Return all of them, by id."""


class Keyrings(Protocol):
    """Where the ring of signing keys is read."""

    async def ring(self) -> Keyring | None:
        """Return the ring at its newest."""
