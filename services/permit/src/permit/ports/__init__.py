"""
What the doors need to look things up; the unit of work itself comes from common.

Here are files, registers, the record and the keys; the lists of scanners, the gate and the watch have
modules of their own.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from common.credential.keys import Signer
from common.kernel.trail import Entry, Seal
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.keyring import Keyring
from permit.domain.keys import NewKey
from permit.domain.model import Holder, Status
from permit.domain.rollouts import Rollout


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
    issuers: Collection[str] | None = None


class Queue(StrEnum):
    """What waits for an officer."""

    APPLICATIONS = "applications"
    APPEALS = "appeals"
    ASKED = "asked"
    """Not for the officer but for the applicant, who was asked something."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many files wait, and how many of them are overdue."""

    waiting: int
    overdue: int


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

    async def waiting(
        self, search: Search, what: Queue, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        """Return files in which something waits, the nearest deadline first, after the (deadline, person)."""

    async def tally(self, search: Search, what: Queue, now: datetime) -> Tally:
        """Count the files in which something waits."""

    async def reached(self, area_codes: Collection[str], *, limit: int, after: str = "") -> list[Holder]:
        """
        Return files with an open permit that is of these areas or goes through them, by person.

        *after* is the person at which the last batch ended.
        """


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


class Rollouts(Protocol):
    """Changes going through their areas."""

    async def running(self) -> list[Rollout]:
        """Return those whose minute has come and that are not finished, the longest running first."""

    async def latest(self, limit: int) -> list[Rollout]:
        """Return the newest ones by their minute, planned ones first."""


class Record(Protocol):
    """The record of decisions on file."""

    async def of_permit(self, permit_id: str) -> list[Entry]:
        """Return the entries about one permit, the oldest first."""

    async def tally(self, area_codes: Collection[str], since: datetime) -> Counter[tuple[str, str, str]]:
        """Count the entries of these areas since an instant by act, rule and who (machine or person)."""

    async def seal_next(self, key: bytes, now: datetime) -> Seal | None:
        """Seal the next hour that is over; None if there is none."""


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


class Upgrade(Protocol):
    """Files that an earlier version kept."""

    async def is_done(self) -> bool:
        """Tell whether all files are kept as this version does."""

    async def some(self, after: str, limit: int) -> tuple[str | None, int]:
        """Write the next files anew; return the last one's id (None: that were all) and how many it took."""
