"""Small registers that a file keeps beside the stay itself; see `home.py`, `handover.py` and `beds.py`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common.kernel.areas import Area


@dataclass(frozen=True, slots=True)
class HomeExposure:
    """
    The latest word (by *sequence*) about one F0 of the household.

    *on* is the last day they exposed the others, None after the word that they never were an F0.
    *is_at_facility* tells where they were by then.
    """

    index_person_id: str
    sequence: int
    on: date | None
    is_at_facility: bool = False


@dataclass(frozen=True, slots=True)
class BeforeHome:
    """What a stay was before a case at home changed it, to go back to. Codes are those of the model."""

    last_exposure_on: date
    ends_on: date
    test_days: tuple[int, ...]
    protocol: str
    category: str
    moved_because: str | None = None
    note: str = ""


class HandoverState(StrEnum):
    """Chờ trả lời, đã nhận, từ chối, rút lại."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Handover:
    """
    Chuyển giao: the last one that was asked for; until it is accepted the giving commune stays responsible.

    *sealed* holds the new address and the words of both sides.
    """

    handover_id: str
    giver: Area
    taker: Area
    asked_at: datetime
    asked_by: str
    sealed: str
    with_household: bool = False
    state: HandoverState = HandoverState.PENDING
    answered_at: datetime | None = None
    answered_by: str = ""
    answer: str = ""
    """Sealed words of a rejection or withdrawal."""


@dataclass(frozen=True, slots=True)
class Bed:
    """Where somebody in centralised quarantine sleeps, as the facility told at *at*."""

    assignment_id: str
    facility_id: str
    room: str
    at: datetime
