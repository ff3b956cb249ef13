"""
Ghi danh điện thoại: a code from an officer becomes one phone that may act for named people.

One enrolment is one code and, once used, one phone. The code itself is never kept: the enrolment's id is a
keyed hash of it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.kernel.decision import Decision
from common.kernel.errors import DomainError, Invalid, Kind, NotFound

LIFETIME = timedelta(hours=72)
"""A code is read out or printed on the order; after three days it is waste paper."""
MOST_PEOPLE = 10


class CodeNotGood(NotFound):
    """No such code, used, revoked or too old: one answer for all, so that guessing teaches nothing."""

    slug = "code-not-good"
    title = "Mã không dùng được"


class DeviceRefused(DomainError):
    """The phone is not enrolled, was revoked, or its signature is not its own."""

    slug = "device-refused"
    kind = Kind.FORBIDDEN
    title = "Máy này không còn được ghi danh"


class ConsentMissing(Invalid):
    """A text that the law asks agreement to was not agreed to in the version in force."""

    slug = "consent-missing"
    title = "Chưa đồng ý với nội dung bắt buộc"


class NotOneFamily(Invalid):
    """Somebody on the list is neither of the household nor named as a trusted relative."""

    slug = "not-one-family"
    title = "Không cùng hộ hoặc không phải người thân khai hộ"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One purpose in one version; *is_required* without which the app cannot be used."""

    purpose: str
    version: str
    effective_from: date
    effective_to: date | None
    is_required: bool

    def is_in_force(self, day: date) -> bool:
        """Tell whether people read this version on *day*."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, in which version, when; *withdrawn_at* once it was taken back."""

    purpose: str
    version: str
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """The key pair's public half (`x.y`, base64url) and since when."""

    public_key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A code that was given, and the phone that used it. The first of *people* is the holder."""

    enrolment_id: str
    people: tuple[str, ...]
    area: Area
    given_by: str
    given_at: datetime
    expires_at: datetime
    phone: Phone | None = None
    consents: tuple[Consent, ...] = ()
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True)
class _ForEnrolment:
    enrolment_id: str

    @property
    def aggregate_id(self) -> str:
        """The id of the enrolment."""
        return self.enrolment_id


@dataclass(frozen=True, slots=True)
class GiveCode(_ForEnrolment):
    """An officer gives a code for *people*."""

    by: Actor
    people: tuple[str, ...]
    area: Area


@dataclass(frozen=True, slots=True)
class BindPhone(_ForEnrolment):
    """A phone uses the code. *agreed* are (purpose, version)."""

    public_key: str
    agreed: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RevokePhone(_ForEnrolment):
    """An officer of the area, or a person it acts for, ends it."""

    by: Actor
    officer_roles: ClassVar[frozenset[str]] = frozenset(("health_officer", "administrator"))


Command = GiveCode | BindPhone | RevokePhone


def decide(
    state: Enrolment | None, command: Command, texts: tuple[ConsentText, ...], now: datetime
) -> Decision[Enrolment]:
    """Decide about one enrolment; no fact leaves the service: phones concern nobody else."""
    match command:
        case GiveCode():
            return _give(state, command, now)
        case BindPhone():
            return _bind(state, command, texts, now)
        case RevokePhone():
            return _revoke(state, command, now)


def _give(state: Enrolment | None, command: GiveCode, now: datetime) -> Decision[Enrolment]:
    command.by.require(command.area)
    if state is not None:
        raise CodeNotGood("Mã vừa tạo trùng với mã cũ. Hãy bấm cấp mã lần nữa.")
    given = Enrolment(
        command.enrolment_id, command.people, command.area, command.by.subject, now, now + LIFETIME
    )
    return Decision(given, answer={"expires_at": given.expires_at.isoformat()})


def _bind(
    state: Enrolment | None, command: BindPhone, texts: tuple[ConsentText, ...], now: datetime
) -> Decision[Enrolment]:
    if state is None or state.revoked_at or now >= state.expires_at:
        raise _not_good()
    if state.phone is not None:
        if (
            state.phone.public_key == command.public_key
        ):  # the answer was lost on the way: the same phone again
            return Decision(state, answer={"device_id": state.enrolment_id})
        raise _not_good()
    in_force = [text for text in texts if text.is_in_force(local_day(now))]
    missing = [t.purpose for t in in_force if t.is_required and (t.purpose, t.version) not in command.agreed]
    if missing:
        raise ConsentMissing(
            "Cần đồng ý với nội dung bắt buộc ở bản mới nhất. Hãy đọc và đánh dấu rồi thử lại.",
            field="consents",
        )
    agreed = tuple(
        Consent(t.purpose, t.version, now) for t in in_force if (t.purpose, t.version) in command.agreed
    )
    bound = replace(state, phone=Phone(command.public_key, now), consents=agreed)
    return Decision(bound, answer={"device_id": bound.enrolment_id})


def _not_good() -> CodeNotGood:
    return CodeNotGood(
        "Mã không đúng, đã dùng hoặc đã hết hạn. Hãy xem lại từng chữ, hoặc xin trạm y tế mã mới."
    )


def _revoke(state: Enrolment | None, command: RevokePhone, now: datetime) -> Decision[Enrolment]:
    if state is None or not _may_revoke(command.by, state):
        raise DeviceRefused("Không có máy này trong phạm vi của bạn.")
    if state.revoked_at is not None:
        return Decision(state)
    taken_back = tuple(replace(one, withdrawn_at=one.withdrawn_at or now) for one in state.consents)
    return Decision(
        replace(
            state, consents=taken_back, revoked_at=now, revoked_by=command.by.subject, phone=_no_key(state)
        )
    )


def _no_key(state: Enrolment) -> Phone | None:
    """Forget the key of a revoked phone: it is of no more use to anybody."""
    return replace(state.phone, public_key="") if state.phone else None


def _may_revoke(by: Actor, state: Enrolment) -> bool:
    if by.roles & RevokePhone.officer_roles and by.covers(state.area):
        return True
    return by.person_id in state.people


def acts_for(state: Enrolment | None, person_id: str) -> Phone:
    """Return the phone's key if it may act for *person_id* now; `DeviceRefused` otherwise."""
    if state is None or state.phone is None or state.revoked_at or person_id not in state.people:
        raise DeviceRefused(
            "Máy này không còn được ghi danh. Hãy xin trạm y tế mã mới; tờ khai đang chờ vẫn được giữ."
        )
    return state.phone
