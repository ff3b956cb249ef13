"""Which permits scanners must not take as their code says, as the lists for them are made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from permit.domain.model import Holder, Permit, Status, Terms, Window


class Standing(StrEnum):
    """What a list says of a permit. Why it is suspended is nobody's business at a checkpoint."""

    SUSPENDED = "suspended"
    REVOKED = "revoked"
    NARROWED = "narrowed"
    """It counts, but not as long, at all hours or in all places of which its older codes speak."""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """The terms that an older code has otherwise; None is "as in the code"."""

    valid_until: datetime | None = None
    windows: tuple[Window, ...] | None = None
    areas: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A permit that is to stand on the lists until the last of its codes ends anyway."""

    permit_id: str
    valid_until: datetime
    """When its last code ends: who holds an old one is found by it too."""
    standing: Standing
    terms: NewTerms | None = None


_STANDINGS = {
    Status.SUSPENDED: Standing.SUSPENDED,
    Status.REVOKED: Standing.REVOKED,
    # A decision that was taken back after the permit was in force: a code may be on paper.
    Status.REFUSED: Standing.SUSPENDED,
    Status.QUEUED: Standing.SUSPENDED,
}


def listed(holder: Holder) -> tuple[Listed, ...]:
    """Return the permits of a person that were in force once and do not count now as their codes say."""
    rows = (_listed(holder, permit) for permit in holder.permits if permit.is_issued)
    return tuple(row for row in rows if row is not None)


def codes_until(permit: Permit) -> datetime:
    """Return when the last of a permit's codes ends: one made before a narrowing keeps its old end."""
    return max(permit.granted.valid_until, permit.terms.valid_until)


def _listed(holder: Holder, permit: Permit) -> Listed | None:
    standing = _STANDINGS.get(holder.status_of(permit))
    terms = None if standing else new_terms(permit.granted, permit.terms)
    if standing is None and terms is None:
        return None
    return Listed(permit.permit_id, codes_until(permit), standing or Standing.NARROWED, terms)


def new_terms(granted: Terms, now: Terms) -> NewTerms | None:
    """Return the terms that are not as an older code says; None for one that says what is true."""
    ends = (terms.valid_until.replace(microsecond=0) for terms in (granted, now))  # as codes say it
    new = NewTerms(
        valid_until=now.valid_until if len(set(ends)) > 1 else None,
        windows=now.windows if now.windows != granted.windows else None,
        areas=now.areas if set(now.areas) != set(granted.areas) else None,
    )
    return None if new == NewTerms() else new
