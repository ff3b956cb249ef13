"""What the doors need to look things up; the unit of work itself comes from common."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from common.credential.keys import Signer
from permit.domain.board import Minute
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.flags import Flag
from permit.domain.keyring import Keyring
from permit.domain.keys import NewKey
from permit.domain.model import Holder, Status
from permit.domain.scans import Scan

Range = tuple[datetime, datetime]
"""Two instants, both included."""
MinuteKey = tuple[str, datetime]
"""A checkpoint and the beginning of a minute."""


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


class KeyCabinet(Protocol):
    """Where private keys are kept: the database under seal, a hardware module, a cloud KMS."""

    def make(self) -> NewKey:
        """Make a P-256 key pair that stays here; *sealed* is whatever finds it again."""

    def signer(self, key: NewKey) -> Signer:
        """Return what signs with a key that was made here."""


class Flags(Protocol):
    """What stands against permits, or against the traffic of checkpoints."""

    async def standing(self) -> list[Flag]:
        """Return the flags that somebody still has to look at, the newest evidence first."""


class Sightings(Protocol):
    """The ledger of scans, as those who compare and count read it."""

    async def of_ids(self, scan_ids: Iterable[str]) -> list[Scan]:
        """Return the scans that are recorded among *scan_ids*."""

    async def around(self, permits: Mapping[str, Range], plates: Mapping[str, Range]) -> list[Scan]:
        """Return the scans of each permit and of each plate within its range."""

    async def in_minutes(self, keys: Iterable[MinuteKey]) -> list[Scan]:
        """Return the scans of these minutes of these checkpoints."""


class Minutes(Protocol):
    """The minutes of the checkpoint board."""

    async def put(self, minutes: Iterable[Minute]) -> None:
        """Keep each count unless a fuller one is kept already."""

    async def since(self, start: datetime) -> list[Minute]:
        """Return the minutes from *start* on."""

    async def changed(self, mark: datetime | None, start: datetime) -> tuple[list[Minute], datetime | None]:
        """Return the minutes from *start* on that changed at or after *mark*, and the newest change."""
