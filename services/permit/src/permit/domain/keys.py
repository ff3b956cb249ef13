"""One signing key (khóa ký): what it may sign, and when it counts."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class KeyStatus(StrEnum):
    """Whether a key signs, only counts, or counts no more."""

    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key pair: its id (hex), public part (base64) and sealed private part."""

    kid: str
    spki: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Scope:
    """
    What a key may sign: verifiers refuse anything else of it.

    Category numbers and area codes; an empty list means no restriction. A key that is lent to one district
    or used for one group of travellers is worth less to a thief.
    """

    categories: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()

    def covers(self, category: int, areas: Collection[str]) -> bool:
        """Tell whether a permit of this category and these areas may be signed."""
        is_category = not self.categories or category in self.categories
        return is_category and (not self.areas or set(areas) <= set(self.areas))


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key of the ring. It may sign from *not_before* to *not_after*."""

    key: NewKey
    not_before: datetime
    not_after: datetime
    accept_until: datetime
    status: KeyStatus = KeyStatus.ACTIVE
    scope: Scope = field(default_factory=Scope)
