"""
Người tiếp xúc: who met whom, when, where, how close; one record per contact of an index person.

Whether contacts are in quarantine or became F0 is not kept here: their own files say so, and cannot be out of
step with themselves.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.kernel.decision import Decision
from common.kernel.errors import Invalid, NotFound

OLDEST_MEETING = timedelta(days=30)


class ContactNotFound(NotFound):
    """No such contact, or not one of the caller's areas."""

    slug = "contact-not-found"
    title = "Không tìm thấy người tiếp xúc"


class MeetingImpossible(Invalid):
    """The meeting lies in the future or too long ago, or the two are one person."""

    slug = "meeting-impossible"
    title = "Lần tiếp xúc không hợp lệ"


class Closeness(StrEnum):
    """
    How close, in the words of 11042/BYT-DP.

    Body contact; unmasked within 2 m or in one closed space; masked so for 15 minutes or more; care without
    full protection; or farther away than all of these (no F1).
    """

    TOUCHED = "touched"
    UNMASKED_NEAR = "unmasked_near"
    MASKED_NEAR = "masked_near"
    CARED = "cared"
    FARTHER = "farther"


class Setting(StrEnum):
    """Where it was."""

    HOME = "home"
    WORK = "work"
    SCHOOL = "school"
    TRANSPORT = "transport"
    MARKET = "market"
    CARE = "care"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting; of several the last one counts. *minutes* is None where nobody knows."""

    met_on: date
    setting: Setting
    closeness: Closeness
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """
    A contact of an index person. *sealed* holds name, phone and where they live; *person_id* is their file.

    *declined* is the sealed reason of somebody who will not be reached or obey; empty for everybody else.
    """

    contact_id: str
    index_person_id: str
    area: Area
    meeting: Meeting
    sealed: str
    recorded_at: datetime
    recorded_by: str
    person_id: str = ""
    declined: str = ""


@dataclass(frozen=True, slots=True)
class ForContact:
    """A command to one contact."""

    contact_id: str

    @property
    def aggregate_id(self) -> str:
        """The record's id is the contact's."""
        return self.contact_id


@dataclass(frozen=True, slots=True)
class RecordContact(ForContact):
    """Ghi người tiếp xúc; recording again keeps the later meeting."""

    by: Actor
    index_person_id: str
    area: Area
    meeting: Meeting
    sealed: str
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class LinkContact(ForContact):
    """The contact's file is that of *person_id*."""

    by: Actor
    person_id: str


@dataclass(frozen=True, slots=True)
class DeclineContact(ForContact):
    """The contact cannot be reached or refuses; an empty *note* takes that back."""

    by: Actor
    note: str


def decide_contact(contact: Contact | None, command: Any, _rules: None, now: datetime) -> Decision[Contact]:
    """Decide on one contact; nothing is told to other services, because nobody needs it."""
    match command:
        case RecordContact():
            after = _recorded(contact, command, now)
        case LinkContact():
            after = replace(_mine(contact, command.by), person_id=command.person_id, declined="")
        case DeclineContact():
            after = replace(_mine(contact, command.by), declined=command.note)
        case _:
            raise TypeError(f"not a command of a contact: {type(command).__name__}")
    return Decision(contact if after == contact else after, answer={"contact_id": after.contact_id})


def _mine(contact: Contact | None, by: Actor) -> Contact:
    if contact is None or not by.covers(contact.area):
        raise ContactNotFound("Không có người tiếp xúc này trong địa bàn của bạn.")
    return contact


def _recorded(contact: Contact | None, command: RecordContact, now: datetime) -> Contact:
    """Keep who was met; officers of the index person's area may name people of any commune."""
    met_on, today = command.meeting.met_on, local_day(now)
    if met_on > today or met_on < today - OLDEST_MEETING:
        raise MeetingImpossible(
            "Ngày tiếp xúc phải là hôm nay hoặc trong 30 ngày qua. Hãy xem lại.", field="met_on"
        )
    if command.person_id == command.index_person_id:
        raise MeetingImpossible("Người tiếp xúc trùng với chính F0 này. Hãy xem lại giấy tờ.", field="person")
    if contact is None:
        return Contact(
            command.contact_id,
            command.index_person_id,
            command.area,
            command.meeting,
            command.sealed,
            recorded_at=now,
            recorded_by=command.by.subject,
            person_id=command.person_id,
        )
    if met_on <= contact.meeting.met_on:
        return contact
    return replace(contact, meeting=command.meeting)
