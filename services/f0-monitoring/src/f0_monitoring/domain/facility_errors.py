"""What is refused about facilities, transfers and supplies, each with what to do next."""

from typing import ClassVar

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class NoSuchFacility(NotFound):
    """There is no such station or facility, or the caller may not know of it."""

    slug: ClassVar[str] = "no-such-facility"
    title: ClassVar[str] = "Không có cơ sở này"


class NotYourFacility(DomainError):
    """Only staff of the facility's area change it or answer for it."""

    slug: ClassVar[str] = "not-your-facility"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Cơ sở thuộc địa bàn khác"


class NoFreeBed(DomainError):
    """All beds of that kind are taken or kept for others."""

    slug: ClassVar[str] = "no-free-bed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Hết giường loại này"


class BedsInUse(DomainError):
    """Fewer beds than are taken."""

    slug: ClassVar[str] = "beds-in-use"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Giường đang có người"


class FacilityClosed(DomainError):
    """It takes nobody."""

    slug: ClassVar[str] = "facility-closed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Cơ sở đang tạm ngừng nhận"


class NoSuchTransfer(NotFound):
    """There is no such transfer, or the caller may not know of it."""

    slug: ClassVar[str] = "no-such-transfer"
    title: ClassVar[str] = "Không có yêu cầu chuyển tuyến này"


class AlreadyRequested(DomainError):
    """A transfer of this patient is not over yet."""

    slug: ClassVar[str] = "transfer-open"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Đang có yêu cầu chuyển tuyến"


class IllegalTransferStep(DomainError):
    """A transfer does not go from there to there."""

    slug: ClassVar[str] = "illegal-transfer-step"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Không làm được bước này"


class FacilityDoesNotFit(Invalid):
    """The facility is of a lower tier than wanted, or does not take patients from there."""

    slug: ClassVar[str] = "facility-does-not-fit"
    title: ClassVar[str] = "Cơ sở không phù hợp"


class UnknownItem(Invalid):
    """Something that is not counted here."""

    slug: ClassVar[str] = "unknown-item"
    title: ClassVar[str] = "Vật tư không có trong danh mục"


class NoSuchRequest(NotFound):
    """There is no such request for supplies, or the caller may not know of it."""

    slug: ClassVar[str] = "no-such-supply-request"
    title: ClassVar[str] = "Không có đề nghị này"


class IllegalSupplyStep(DomainError):
    """A request does not go from there to there."""

    slug: ClassVar[str] = "illegal-supply-step"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Đề nghị không ở bước này"


class LevelAboveOnly(DomainError):
    """Who asks does not grant."""

    slug: ClassVar[str] = "level-above-only"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Cấp trên mới duyệt được"
