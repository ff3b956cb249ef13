"""What happened to transfers, in the words of this service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from common.kernel.areas import Area
from f0_monitoring.domain.facility import BedKind
from f0_monitoring.domain.transfer import Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFact:
    """A fact about one transfer of one person."""

    person_id: str
    area: Area
    transfer_id: str
    is_emergency: bool
    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """Facts about the transfers of one person stay in order."""
        return self.person_id

    @classmethod
    def of(cls, journey: Journey, by: str, at: datetime, **more: Any) -> Self:
        """Tell it of *journey*."""
        return cls(
            person_id=journey.person_id,
            area=journey.area,
            transfer_id=journey.transfer.transfer_id,
            is_emergency=journey.transfer.is_emergency,
            by=by,
            at=at,
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequested(TransferFact):
    """A bed is wanted."""

    tier: int
    bed_kind: BedKind
    reason: str
    from_facility_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRefused(TransferFact):
    """A facility cannot take the patient."""

    facility_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAccepted(TransferFact):
    """A bed is kept."""

    facility_id: str
    hold_id: str
    bed_kind: BedKind
    reserved_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLapsed(TransferFact):
    """The bed was not used in time."""

    facility_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStarted(TransferFact):
    """The patient is on the way."""

    facility_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferArrived(TransferFact):
    """The patient is there."""

    facility_id: str
    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCancelled(TransferFact):
    """There will be no transfer."""

    reason: str
    was_under_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOverdue(TransferFact):
    """Nothing has happened in time: `unanswered`, or the `transport` has not arrived."""

    stage: str
    bed_kind: BedKind
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BedGivenBack(TransferFact):
    """A facility keeps a bed that is not needed (any more)."""

    facility_id: str
    hold_id: str
    reason: str
