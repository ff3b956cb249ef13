"""Which permits scanners must refuse although their code is genuine, as the lists for them are made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from permit.domain.model import Holder, Status


class Standing(StrEnum):
    """What a list says of a permit. Why it is suspended is nobody's business at a checkpoint."""

    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Listed:
    """A permit that is to stand on the lists until it ends anyway."""

    permit_id: str
    valid_until: datetime
    standing: Standing


_STANDINGS = {Status.SUSPENDED: Standing.SUSPENDED, Status.REVOKED: Standing.REVOKED}


def listed(holder: Holder) -> tuple[Listed, ...]:
    """Return the permits of a person that were in force once and do not count now."""
    statuses = [
        (permit, _STANDINGS.get(holder.status_of(permit))) for permit in holder.permits if permit.is_issued
    ]
    return tuple(
        Listed(permit.permit_id, permit.terms.valid_until, standing)
        for permit, standing in statuses
        if standing is not None
    )
