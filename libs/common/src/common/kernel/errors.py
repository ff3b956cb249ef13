"""Refusals: what a service answers when it will not do what was asked."""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """Why it was refused; one place (`common.http.problems`) maps it to a status code."""

    INVALID = "invalid"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"


class DomainError(Exception):
    """
    A refusal that a person will read.

    Subclasses name what is refused and carry a stable *slug*; *title* is the Vietnamese headline,
    *detail* says in Vietnamese what is wrong and what to do next. *field* names the input at fault.
    """

    slug: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.REFUSED
    title: ClassVar[str] = "Yêu cầu không được chấp nhận"

    def __init__(self, detail: str = "", *, field: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.field = field


class Invalid(DomainError):
    """A value that cannot be true."""

    slug = "invalid-value"
    kind = Kind.INVALID
    title = "Giá trị không hợp lệ"


class NotFound(DomainError):
    """There is no such record, or it is outside the caller's area."""

    slug = "not-found"
    kind = Kind.NOT_FOUND
    title = "Không tìm thấy hồ sơ"


class OutsideYourArea(DomainError):
    """The record belongs to an area that the caller does not serve."""

    slug = "outside-your-area"
    kind = Kind.FORBIDDEN
    title = "Hồ sơ không thuộc địa bàn của bạn"
