"""Facts of transfers between home and the treatment tiers (chuyển tuyến)."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from common.contracts.base import Code, Id, Instant, PersonFact
from common.contracts.f0_monitoring.facilities import BedKind

TRANSFERS = "f0.transfers.v1"


class OverdueStage(StrEnum):
    """What has not happened in time: no facility gave a bed, or the transport has not arrived."""

    UNANSWERED = "unanswered"
    TRANSPORT = "transport"


class TransferFact(PersonFact):
    """A fact about one transfer; those of a person stay in order, whichever transfer they are of."""

    transfer_id: Id
    is_emergency: bool
    by: Id
    at: Instant


class TransferRequested(TransferFact):
    """A bed of a kind and tier is wanted for a patient."""

    type: ClassVar[str] = "f0-monitoring.transfer-requested.v1"
    topic: ClassVar[str] = TRANSFERS

    tier: Annotated[int, Field(ge=1, le=3)]
    bed_kind: BedKind
    reason: Code
    from_facility_id: Id | None = None


class TransferRefused(TransferFact):
    """A facility cannot take the patient; others still may."""

    type: ClassVar[str] = "f0-monitoring.transfer-refused.v1"
    topic: ClassVar[str] = TRANSFERS

    facility_id: Id
    reason: Code


class TransferAccepted(TransferFact):
    """A bed is kept in a named facility until *reserved_until_at*."""

    type: ClassVar[str] = "f0-monitoring.transfer-accepted.v1"
    topic: ClassVar[str] = TRANSFERS

    facility_id: Id
    hold_id: Id
    bed_kind: BedKind
    reserved_until_at: Instant


class TransferLapsed(TransferFact):
    """The bed was kept and not used in time; the patient waits for another one."""

    type: ClassVar[str] = "f0-monitoring.transfer-lapsed.v1"
    topic: ClassVar[str] = TRANSFERS

    facility_id: Id


class TransferStarted(TransferFact):
    """The patient is on the way."""

    type: ClassVar[str] = "f0-monitoring.transfer-started.v1"
    topic: ClassVar[str] = TRANSFERS

    facility_id: Id


class TransferArrived(TransferFact):
    """The patient is there."""

    type: ClassVar[str] = "f0-monitoring.transfer-arrived.v1"
    topic: ClassVar[str] = TRANSFERS

    facility_id: Id
    hold_id: Id


class TransferCancelled(TransferFact):
    """There will be no transfer. *was_under_way*: the patient turned back."""

    type: ClassVar[str] = "f0-monitoring.transfer-cancelled.v1"
    topic: ClassVar[str] = TRANSFERS

    reason: Code
    was_under_way: bool


class TransferOverdue(TransferFact):
    """Nothing has happened in time."""

    type: ClassVar[str] = "f0-monitoring.transfer-overdue.v1"
    topic: ClassVar[str] = TRANSFERS

    stage: OverdueStage
    bed_kind: BedKind
    since_at: Instant


class BedGivenBack(TransferFact):
    """The patient does not need (any more) the bed that a facility keeps under *hold_id*."""

    type: ClassVar[str] = "f0-monitoring.bed-given-back.v1"
    topic: ClassVar[str] = TRANSFERS

    facility_id: Id
    hold_id: Id
    reason: Code
