"""What supervision refuses, in words that say what to do next."""

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class CheckInNotAsked(NotFound):
    """There is no such request, or it is too long ago."""

    slug = "check-in-not-asked"
    title = "Không có yêu cầu điểm danh này"


class NoPhoto(NotFound):
    """The check-in has no photo, or its time is over."""

    slug = "no-photo"
    title = "Không có ảnh"


class PhotoUnreadable(Invalid):
    """What came is no JPEG."""

    slug = "photo-unreadable"
    title = "Không đọc được ảnh"


class CheckInAlreadyAsked(DomainError):
    """The person was asked a moment ago and has not answered yet."""

    slug = "check-in-already-asked"
    kind = Kind.CONFLICT
    title = "Đã yêu cầu điểm danh"


class NotSupervised(DomainError):
    """The person is not in quarantine at home."""

    slug = "not-supervised"
    kind = Kind.CONFLICT
    title = "Người này không cách ly tại nhà"


class NeedNotFound(NotFound):
    """Nobody asked for that help."""

    slug = "need-not-found"
    title = "Không tìm thấy yêu cầu giúp đỡ"


class BreachNotFound(NotFound):
    """No such breach."""

    slug = "breach-not-found"
    title = "Không tìm thấy vi phạm này"


class BreachSettled(DomainError):
    """The breach was closed."""

    slug = "breach-closed"
    kind = Kind.CONFLICT
    title = "Vi phạm đã khép lại"


class WordsMissing(Invalid):
    """Following up a breach needs words."""

    slug = "words-missing"
    title = "Thiếu nội dung"
