"""What this service refuses, in words for the person who asked."""

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class PermitNotFound(NotFound):
    """No such permit, or not one that the caller may see."""

    slug = "permit-not-found"
    title = "Không tìm thấy giấy đi đường"


class UnknownCheckpoint(NotFound):
    """The checkpoint is not on the list."""

    slug = "unknown-checkpoint"
    title = "Không có chốt kiểm soát này"


class UnknownKey(NotFound):
    """No key with this id."""

    slug = "unknown-key"
    title = "Không có khóa ký này"


class FlagNotFound(NotFound):
    """Nothing was ever noted against this subject."""

    slug = "flag-not-found"
    title = "Không có cảnh báo này"


class NothingToClear(DomainError):
    """Nothing stands against it: somebody was quicker."""

    slug = "nothing-to-clear"
    kind = Kind.CONFLICT
    title = "Cảnh báo đã được gỡ"


class NotYours(DomainError):
    """The caller may act for others only with a role that allows it."""

    slug = "not-yours"
    kind = Kind.FORBIDDEN
    title = "Bạn chỉ được làm việc này cho chính mình"


class UnknownCategory(Invalid):
    """The policy in force knows no such category."""

    slug = "unknown-category"
    title = "Nhóm đối tượng không có trong quy định"


class UnknownArea(Invalid):
    """A place that is not on the list of communes, districts and provinces."""

    slug = "unknown-area"
    title = "Địa bàn không có trong danh mục"


class InvalidPeriod(Invalid):
    """The validity asked for cannot be."""

    slug = "invalid-period"
    title = "Thời gian của giấy không hợp lệ"


class InvalidWindow(Invalid):
    """Hours of travel that cannot be."""

    slug = "invalid-window"
    title = "Khung giờ không hợp lệ"


class InvalidPlate(Invalid):
    """Not a Vietnamese number plate."""

    slug = "invalid-plate"
    title = "Biển số xe không hợp lệ"


class PlateRequired(Invalid):
    """The category travels with a vehicle that must be named."""

    slug = "plate-required"
    title = "Cần ghi biển số xe"


class TooManyPermits(DomainError):
    """The person already holds as many live permits as one may."""

    slug = "too-many-permits"
    kind = Kind.CONFLICT
    title = "Người này đã có quá nhiều giấy đang dùng"


class FirmNotFound(NotFound):
    """No such firm, or not one that the caller may see."""

    slug = "firm-not-found"
    title = "Không tìm thấy doanh nghiệp"


class FirmNotRegistered(DomainError):
    """An account that stands for no firm has no staff lists."""

    slug = "firm-not-registered"
    kind = Kind.CONFLICT
    title = "Chưa đăng ký doanh nghiệp"


class InvalidTaxCode(Invalid):
    """Not a Vietnamese tax code."""

    slug = "invalid-tax-code"
    title = "Mã số thuế không đúng"


class ListNotFound(NotFound):
    """No such staff list of the caller, or its rows were deleted after their time."""

    slug = "list-not-found"
    title = "Không tìm thấy danh sách"


class TooMuchForOneCode(Invalid):
    """The content would not fit a code that cheap cameras can read."""

    slug = "too-much-for-one-code"
    title = "Nội dung quá dài cho một mã QR"


class NotInQueue(DomainError):
    """Only a queued application can be approved or refused."""

    slug = "not-in-queue"
    kind = Kind.CONFLICT
    title = "Hồ sơ này không còn chờ duyệt"


class AlreadyAsked(DomainError):
    """One question at a time."""

    slug = "already-asked"
    kind = Kind.CONFLICT
    title = "Đang chờ người xin trả lời"


class NothingAsked(DomainError):
    """No question waits for an answer, or not this one."""

    slug = "nothing-asked"
    kind = Kind.CONFLICT
    title = "Không có câu hỏi nào chờ trả lời"


class TooLateToWithdraw(DomainError):
    """The decision counts already, or somebody else made it."""

    slug = "too-late-to-withdraw"
    kind = Kind.CONFLICT
    title = "Không hoàn tác được nữa"


class NotInForce(DomainError):
    """The permit has ended or was never issued, so it can be neither suspended nor reinstated."""

    slug = "not-in-force"
    kind = Kind.CONFLICT
    title = "Giấy không còn hiệu lực để thay đổi"


class OrderNotFound(NotFound):
    """No such order of a directive in the area."""

    slug = "order-not-found"
    title = "Không có chỉ thị này"


class AlreadyInForce(DomainError):
    """The minute of an order has come: it cannot be withdrawn, only followed by another one."""

    slug = "already-in-force"
    kind = Kind.CONFLICT
    title = "Chỉ thị đã có hiệu lực"


class NotTheLastOrder(DomainError):
    """A later order builds on this one."""

    slug = "not-the-last-order"
    kind = Kind.CONFLICT
    title = "Còn chỉ thị hẹn muộn hơn"


class AlreadyAppealed(DomainError):
    """One appeal at a time."""

    slug = "already-appealed"
    kind = Kind.CONFLICT
    title = "Khiếu nại trước chưa được trả lời"


class NothingToAppeal(DomainError):
    """No decision against the holder, or it was answered already."""

    slug = "nothing-to-appeal"
    kind = Kind.CONFLICT
    title = "Không có gì để khiếu nại"


class NotYourDecision(DomainError):
    """Another office decides, or the one who decided may not judge the appeal."""

    slug = "not-your-decision"
    kind = Kind.FORBIDDEN
    title = "Việc này do người khác quyết định"


class NoListYet(NotFound):
    """The lists for scanners have not been built so far back, or not at all yet."""

    slug = "no-list-yet"
    title = "Chưa có danh sách này"


class NoCodeYet(DomainError):
    """A permit that was not issued has no code."""

    slug = "no-code-yet"
    kind = Kind.CONFLICT
    title = "Giấy chưa được cấp nên chưa có mã QR"


class NotYourRole(DomainError):
    """The act needs another role."""

    slug = "not-your-role"
    kind = Kind.FORBIDDEN
    title = "Việc này cần vai trò khác"
