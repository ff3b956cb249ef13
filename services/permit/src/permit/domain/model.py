"""
A person's file: what other services say of the person, and the permits that depend on it.

One aggregate per person, because one decision must see both: a permit counts only while nobody bars
its holder, whichever news came first.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from common.kernel.areas import Area
from common.kernel.trail import EMPTY, Trail
from permit.domain.review import UNTOUCHED, Review

MACHINE = "machine"  # who decided, where no person did


class Status(StrEnum):
    """Standing of a permit, as people see it."""

    QUEUED = "queued"
    REFUSED = "refused"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """What a policy says to an application."""

    APPROVED = "approved"
    QUEUED = "queued"
    REFUSED = "refused"


class Hold(StrEnum):
    """Why an officer stopped a permit for now. The holder's standing is not kept here but derived."""

    OFFICER = "officer"
    FRAUD = "fraud"


class Ending(StrEnum):
    """How a permit ended for good."""

    REVOKED = "revoked"
    EXPIRED = "expired"


class Source(StrEnum):
    """Which service bars a person from travelling."""

    F0 = "f0"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest that one source said of a person; *sequence* is its place in that source's order."""

    source: Source
    is_barred: bool
    sequence: int
    is_handed_over: bool = False
    """It ended because the other source takes over: it bars until that source was heard."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of travel on some weekdays (bit 0 is Monday); over midnight if it ends before it starts."""

    weekdays: int
    from_minute: int
    to_minute: int
    """Minutes of the Vietnamese day, the end excluded; 1440 is midnight."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about an application, by which policy and rule, and the sentence for the applicant."""

    outcome: Outcome
    policy: str
    rule: str
    reason: str = ""
    by: str = MACHINE
    """Who decided: the machine, or the subject of an officer."""
    issuer: str = ""
    """Which office has to decide a queued one, as rules/permit/issuers names it."""
    answer_by: datetime | None = None
    """When a queued one is due."""
    signatures: int = 1
    """How many officers have to sign the approval of a queued one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Where and when a permit counts. Empty *windows* mean any hour; instants are aware."""

    category: str
    areas: tuple[str, ...]
    windows: tuple[Window, ...]
    plate: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What a later policy makes of an issued permit, from the minute *since*.

    *granted* are the terms as they were granted, where the permit counts in narrower ones now.
    """

    policy: str
    rule: str
    reason: str
    since: datetime
    is_stopping: bool
    granted: Terms | None = None


class AppealVerdict(StrEnum):
    """How an appeal was answered."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the officer who looked again decided; *sentence* is sealed."""

    verdict: AppealVerdict
    sentence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Appeal:
    """
    A holder's or employer's objection to a decision; *text* is sealed.

    *against* decided what is objected to, so somebody else answers.
    """

    appeal_id: str
    text: str
    filed_by: str
    filed_at: datetime
    answer_by: datetime
    against: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """One application and the permit it became. *forgotten_on*: retention removed what is personal in it."""

    permit_id: str
    area: Area
    """Where the holder was looked after when applying: totals are counted there for good."""
    terms: Terms
    ruling: Ruling
    applied_at: datetime
    applied_by: str
    details: str
    """Purpose and what else the applicant wrote, sealed."""
    holds: frozenset[Hold] = frozenset()
    ending: Ending | None = None
    is_issued: bool = False
    """It was in force at least once; an application of a barred person waits for that."""
    note: str = ""
    """Reason of the last act of an officer, sealed."""
    acted_by: str = ""
    """Which officer did that act; empty while there was none."""
    limits: Limits | None = None
    exempt_from: str = ""
    """A policy that does not limit this permit, because an appeal was granted."""
    appeals: tuple[Appeal, ...] = ()
    review: Review = UNTOUCHED
    forgotten_on: date | None = None

    def status(self, *, is_barred: bool) -> Status:
        """Standing of this permit for a holder who is, or is not, barred."""
        if self.ruling.outcome is Outcome.REFUSED:
            return Status.REFUSED
        if self.ending is not None:
            return Status(self.ending)
        if self.ruling.outcome is Outcome.QUEUED:
            return Status.QUEUED
        if is_barred or self.holds or (self.limits is not None and self.limits.is_stopping):
            return Status.SUSPENDED if self.is_issued else Status.REFUSED
        return Status.ISSUED

    @property
    def granted(self) -> Terms:
        """Return the terms as they were granted, before any later policy narrowed them."""
        return self.limits.granted if self.limits and self.limits.granted else self.terms

    @property
    def decided_by(self) -> str:
        """Return who is answerable for how the permit stands: the last officer who acted, or the machine."""
        return self.acted_by or self.ruling.by

    @property
    def open_appeal(self) -> Appeal | None:
        """Return the appeal that waits for an answer."""
        return next((appeal for appeal in self.appeals if appeal.answer is None), None)

    @property
    def is_open(self) -> bool:
        """Tell whether something may still happen to it: it then has an expiry timer."""
        return self.ruling.outcome is not Outcome.REFUSED and self.ending is None


@dataclass(frozen=True, slots=True)
class Holder:
    """
    The file of one person.

    *sealed* is the identity, opaque here; *blind* are look-up tokens. A file may hold only standings:
    people are barred before they ever ask for a permit.
    """

    person_id: str
    sealed: str = ""
    blind: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    permits: tuple[Permit, ...] = ()
    trail: Trail = EMPTY
    """How far the chained record of what was decided about this person's permits goes."""

    @property
    def is_barred(self) -> bool:
        """Tell whether any source bars this person from travelling now."""
        is_alone = len(self.standings) == 1
        return any(s.is_barred or (s.is_handed_over and is_alone) for s in self.standings)

    def permit(self, permit_id: str) -> Permit | None:
        """Return one permit of this person."""
        return next((permit for permit in self.permits if permit.permit_id == permit_id), None)

    def status_of(self, permit: Permit) -> Status:
        """Standing of one of this person's permits now."""
        return permit.status(is_barred=self.is_barred)
