"""What those who look after a patient must know of each other: who has it, what waits, who else helps."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TEAM_CAP = 8
"""Carers of one patient besides the doctor; more than that is a telephone list."""


class Role(StrEnum):
    """What somebody is to a patient, besides the doctor in charge."""

    SECOND_DOCTOR = "second_doctor"
    NURSE = "nurse"
    HEALTH_OFFICER = "health_officer"
    PHARMACIST = "pharmacist"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who looks after a patient beside the doctor, under the sign-in subject *staff_id*."""

    staff_id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Taken:
    """Tôi nhận: somebody is at it, so that nobody else calls the same person."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Snooze:
    """Hoãn nhắc: put aside until an instant, for a reason that the next one reads (*words_id*)."""

    by: str
    at: datetime
    until: datetime
    words_id: str


@dataclass(frozen=True, slots=True)
class Knock:
    """Nhờ xã gõ cửa: the commune is asked to go there by *due_at*."""

    by: str
    at: datetime
    due_at: datetime
    words_id: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """
    Who is at it, until when it is put aside, whether somebody knocks, and how phoning went.

    *unanswered* counts calls without an answer since the last one that reached somebody.
    """

    taken: Taken | None = None
    snooze: Snooze | None = None
    knock: Knock | None = None
    unanswered: int = 0
    reached_at: datetime | None = None


NOTHING = Attention()
"""Nobody has done anything yet."""
