"""Chuyển tuyến: a patient's way between home and the treatment tiers; one at a time, legal steps only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from common.kernel.areas import Actor, Area
from f0_monitoring.domain.facility import BedKind
from f0_monitoring.domain.model import CareState

STEPS_CAP, SPENT_CAP = 24, 16
"""Steps and given-back beds that are remembered; all of them are in the facts."""


class TransferState(StrEnum):
    """Where a transfer is."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


T = TransferState
LEGAL: dict[TransferState, frozenset[TransferState]] = {
    T.REQUESTED: frozenset((T.ACCEPTED, T.CANCELLED)),
    T.ACCEPTED: frozenset((T.UNDER_WAY, T.REQUESTED, T.CANCELLED)),
    T.UNDER_WAY: frozenset((T.ARRIVED, T.CANCELLED)),
    T.ARRIVED: frozenset(),
    T.CANCELLED: frozenset(),
}
"""Accepted goes back to requested when the bed was not used in time, or the facility withdraws it."""
OVER = frozenset(state for state, following in LEGAL.items() if not following)


class Why(StrEnum):
    """Why somebody is to be cared for elsewhere."""

    WORSE = "worse"
    NEEDS_OXYGEN = "needs_oxygen"
    NEEDS_ICU = "needs_icu"
    ALONE_AT_HOME = "alone_at_home"
    BETTER = "better"
    OTHER = "other"


class WhyNot(StrEnum):
    """Why a facility cannot take somebody, or why a transfer is called off."""

    NO_BED = "no_bed"
    NO_STAFF = "no_staff"
    NO_OXYGEN = "no_oxygen"
    BETTER = "better"
    DECLINED = "declined"
    NO_TRANSPORT = "no_transport"
    MISTAKE = "mistake"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TransferRules:
    """How long things may take, for emergencies and otherwise."""

    version: str
    answer: timedelta
    answer_emergency: timedelta
    reservation: timedelta
    reservation_emergency: timedelta
    transport: timedelta
    transport_emergency: timedelta

    def answer_within(self, *, is_emergency: bool) -> timedelta:
        """How long a request may wait for a bed."""
        return self.answer_emergency if is_emergency else self.answer

    def kept_for(self, *, is_emergency: bool) -> timedelta:
        """How long a bed is kept for somebody who has not set out."""
        return self.reservation_emergency if is_emergency else self.reservation

    def arrive_within(self, *, is_emergency: bool) -> timedelta:
        """How long somebody may be on the way."""
        return self.transport_emergency if is_emergency else self.transport


@dataclass(frozen=True, slots=True)
class TransferStep:
    """One step: who, when, why. *reason* is a code."""

    to_state: TransferState
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """The bed in which the patient lies."""

    facility_id: str
    hold_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer. *waiting_since*: since when it is in its state; *is_told*: that it takes too long."""

    transfer_id: str
    state: TransferState
    tier: int
    bed_kind: BedKind
    is_emergency: bool
    reason: str
    requested_at: datetime
    requested_by: str
    waiting_since: datetime
    history: tuple[TransferStep, ...] = ()
    facility_id: str | None = None
    hold_id: str | None = None
    wished_facility_id: str | None = None
    refused_by: tuple[str, ...] = ()
    is_told: bool = False

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can become of it."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class Journey:
    """
    Everything about where one person is, or is to be, cared for in beds: the last transfer and the bed.

    One aggregate per person, so that no patient has two transfers at once, and facts of one after
    another stay in order. *spent* are holds that were given back: a late word of them changes nothing.
    """

    person_id: str
    area: Area
    transfer: Transfer
    stay: Stay | None = None
    spent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferCommand:
    """A wish about the transfer of a person; *transfer_id* names the one that was looked at."""

    person_id: str
    transfer_id: str
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """Id of the journey that this changes."""
        return self.person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTransfer(TransferCommand):
    """A bed is wanted."""

    area: Area
    tier: int
    bed_kind: BedKind
    is_emergency: bool
    reason: str
    wished_facility_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTransfer(TransferCommand):
    """A facility keeps a bed. If it is not needed (any more) it is given back, and the answer says so."""

    facility_id: str
    hold_id: str
    bed_kind: BedKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseTransfer(TransferCommand):
    """A facility cannot take the patient, or not any more."""

    facility_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class StartTransport(TransferCommand):
    """The patient has set out."""


@dataclass(frozen=True, slots=True)
class NoteArrival(TransferCommand):
    """The patient is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTransfer(TransferCommand):
    """Call it off."""

    reason: str


@dataclass(frozen=True, slots=True)
class FollowCare:
    """The course of care went on without a transfer: home again, in hospital by hand, or ended."""

    person_id: str
    care: CareState
    at: datetime

    @property
    def aggregate_id(self) -> str:
        """Id of the journey that this changes."""
        return self.person_id
