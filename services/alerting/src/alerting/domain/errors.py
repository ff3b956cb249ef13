"""What alerting refuses, and what to do instead."""

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class AlertUnknown(NotFound):
    """There is no such alert."""

    slug = "alert-unknown"
    title = "Không tìm thấy cảnh báo. Hãy tải lại danh sách."


class AlertTaken(DomainError):
    """Somebody else has it already."""

    slug = "alert-taken"
    kind = Kind.CONFLICT
    title = "Cảnh báo này đã có người nhận. Nếu cần, hãy gọi cho người đang giữ."


class AlertOver(DomainError):
    """It is no longer open."""

    slug = "alert-over"
    kind = Kind.CONFLICT
    title = "Cảnh báo này đã kết thúc. Hãy tải lại danh sách để xem cảnh báo mới nhất."


class NotForYou(DomainError):
    """The alert is not addressed to any of the caller's roles, or lies outside their area."""

    slug = "alert-not-for-you"
    kind = Kind.FORBIDDEN
    title = "Cảnh báo này không thuộc nhiệm vụ hoặc địa bàn của bạn. Hãy báo đơn vị phụ trách."


class LadderEnds(DomainError):
    """There is nobody above the rung that holds it."""

    slug = "ladder-ends"
    kind = Kind.CONFLICT
    title = "Đã ở bậc cao nhất. Hãy gọi điện cho đơn vị đang giữ cảnh báo."


class NotAResolution(DomainError):
    """Only people say *handled* or *false alarm*; the rest the machine finds out itself."""

    slug = "not-a-resolution"
    kind = Kind.INVALID
    title = "Chọn một trong hai: đã xử lý, hoặc báo nhầm."


class NobodyThere(NotFound):
    """The caller has not registered for calls yet."""

    slug = "not-registered"
    title = "Bạn chưa đăng ký cách nhận cảnh báo. Hãy chọn kênh rồi bấm Ghi lại."


class TooManyDevices(DomainError):
    """The caller has more browsers registered than anybody uses."""

    slug = "too-many-devices"
    kind = Kind.CONFLICT
    title = "Đã đủ 8 máy nhận thông báo. Hãy xóa bớt máy không còn dùng rồi bật lại."


class NotAnAddress(DomainError):
    """The address cannot be reached over this channel."""

    slug = "not-an-address"
    kind = Kind.INVALID
    title = "Địa chỉ chưa đúng với kênh này. Hãy kiểm tra rồi ghi lại."


class ChannelOff(DomainError):
    """The installation does not have the channel, or the caller has not set it up."""

    slug = "channel-off"
    kind = Kind.CONFLICT
    title = "Kênh này chưa dùng được. Hãy ghi địa chỉ trước, hoặc chọn kênh khác."


class NotTried(DomainError):
    """A test message was not taken."""

    slug = "test-not-sent"
    kind = Kind.REFUSED
    title = "Chưa gửi thử được. Hãy kiểm tra địa chỉ; nếu vẫn lỗi, hãy báo quản trị."


class SnoozeTimeWrong(DomainError):
    """An alert may be put aside for five minutes to a day, not longer."""

    slug = "snooze-time-wrong"
    kind = Kind.INVALID
    title = "Chọn giờ nhắc lại trong khoảng từ 5 phút đến 24 giờ tới."


class DutyTimeWrong(DomainError):
    """What is said by hand about duty is for the next hours or days."""

    slug = "duty-time-wrong"
    kind = Kind.INVALID
    title = "Chọn giờ kết thúc trong bảy ngày tới. Lâu hơn thì ghi vào lịch tuần."


class RulesUnknown(NotFound):
    """No rules were in force on that day."""

    slug = "rules-unknown"
    title = "Ngày này chưa có quy tắc cảnh báo. Hãy chọn ngày khác."


class CandidateRefused(Invalid):
    """A rule file that could not be put into force: what is wrong in it is said."""

    slug = "rule-file-invalid"
    title = "Tệp quy tắc chưa dùng được"


class DayImpossible(Invalid):
    """A day of which too little is remembered, or that has not come."""

    slug = "day-impossible"
    title = "Chỉ chạy thử được trên hôm nay và bảy ngày vừa qua."
