"""What quarantine refuses, in words that say what to do next."""

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class AlreadyInQuarantine(DomainError):
    """The very same person has an open stay: extend or end that one."""

    slug = "already-in-quarantine"
    kind = Kind.CONFLICT
    title = "Người này đang cách ly"


class PossibleDuplicate(DomainError):
    """Somebody with the same name and phone or birth day is in quarantine under other papers."""

    slug = "possible-duplicate"
    kind = Kind.CONFLICT
    title = "Có thể trùng hồ sơ"


class AlreadyF0(DomainError):
    """The person is under F0 care, which comes before quarantine."""

    slug = "already-f0"
    kind = Kind.CONFLICT
    title = "Người này đang được theo dõi F0"


class NoProtocolInForce(DomainError):
    """No dated protocol says how long such a person stays."""

    slug = "no-protocol-in-force"
    title = "Chưa có quy định cho đối tượng này"


class QuarantineNotRequired(DomainError):
    """The protocol in force does not quarantine such a person, or the days are already over."""

    slug = "quarantine-not-required"
    title = "Không phải cách ly"


class ReleaseTooEarly(DomainError):
    """The days of the order are not done."""

    slug = "release-too-early"
    title = "Chưa đủ ngày cách ly"


class ReleaseNeedsTests(DomainError):
    """The protocol asks for tests before release and they are not recorded."""

    slug = "tests-owed"
    kind = Kind.CONFLICT
    title = "Chưa đủ xét nghiệm"


class NotInQuarantine(DomainError):
    """There is no open stay to change."""

    slug = "not-in-quarantine"
    kind = Kind.CONFLICT
    title = "Người này không đang cách ly"


class DeclarationNotOwed(Invalid):
    """
    No declaration is taken here for that time: the stay had ended or not begun.

    Not a conflict (409): a phone's queue takes that for "the server has it already".
    """

    slug = "declaration-not-owed"
    title = "Không phải khai ở đây"


class ReasonMissing(Invalid):
    """A change that the citizen reads needs a reason."""

    slug = "reason-missing"
    title = "Thiếu lý do"


class EndNotMoved(Invalid):
    """The new last day is the old one, or a day that cannot be."""

    slug = "end-not-possible"
    title = "Ngày kết thúc không hợp lệ"


class DateImpossible(Invalid):
    """Exposure or start lie in the future, or contradict each other."""

    slug = "date-impossible"
    title = "Ngày không hợp lệ"


class UnknownProtocol(Invalid):
    """No rule file has this code."""

    slug = "unknown-protocol"
    title = "Không có văn bản này"


class ProtocolInForce(Invalid):
    """The document asked about as a candidate rules already."""

    slug = "protocol-in-force"
    title = "Văn bản đang áp dụng"


class PreviewOutdated(DomainError):
    """What the official saw is no longer what would happen."""

    slug = "preview-outdated"
    kind = Kind.CONFLICT
    title = "Bản xem trước đã cũ"


class FutureDated(Invalid):
    """The declaration says it was filled in later than now."""

    slug = "future-dated"
    title = "Giờ khai báo ở tương lai"


class TooLongAgo(Invalid):
    """The declaration is older than the rules accept."""

    slug = "too-long-ago"
    title = "Tờ khai quá cũ"


class ImpossibleMeasurement(Invalid):
    """A number that no living person shows."""

    slug = "impossible-measurement"
    title = "Số đo không thể có"


class CaseNotFound(NotFound):
    """No such file, or not one that the caller may know of."""

    slug = "case-not-found"
    title = "Không tìm thấy hồ sơ cách ly"


class HandoverPending(DomainError):
    """One offer at a time."""

    slug = "handover-pending"
    kind = Kind.CONFLICT
    title = "Đang chờ chuyển giao"


class HandoverAnswered(DomainError):
    """The offer was answered or withdrawn meanwhile."""

    slug = "handover-answered"
    kind = Kind.CONFLICT
    title = "Đề nghị không còn chờ"


class HandoverSenseless(Invalid):
    """The commune that is asked is responsible already."""

    slug = "handover-senseless"
    title = "Cùng một xã"


class NothingProposed(DomainError):
    """The proposal is gone: withdrawn, ordered or dismissed meanwhile."""

    slug = "nothing-proposed"
    kind = Kind.CONFLICT
    title = "Không còn đề nghị"


class WaiverNotYours(DomainError):
    """Only the district or province may let somebody go without a test that the protocol asks for."""

    slug = "waiver-not-yours"
    kind = Kind.FORBIDDEN
    title = "Cần cấp huyện cho phép"


class FacilityNotFound(NotFound):
    """No such facility, or not one that the caller's people may be sent to."""

    slug = "facility-not-found"
    title = "Không tìm thấy khu cách ly"


class NoFreeBed(DomainError):
    """Every bed that would do is taken."""

    slug = "no-free-bed"
    kind = Kind.CONFLICT
    title = "Không còn giường"


class RoomNotShared(DomainError):
    """A room is for one household, or for people exposed on the same day."""

    slug = "room-not-shared"
    kind = Kind.CONFLICT
    title = "Không xếp chung phòng này"


class RoomsInUse(DomainError):
    """A room cannot have fewer beds than people."""

    slug = "rooms-in-use"
    kind = Kind.CONFLICT
    title = "Phòng đang có người"
