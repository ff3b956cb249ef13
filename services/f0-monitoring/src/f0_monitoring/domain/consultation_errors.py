"""What is refused around consultations, each with what to do next."""

from typing import ClassVar

from common.kernel.errors import DomainError, Kind, NotFound


class NoSuchConsultation(NotFound):
    """There is no such consultation, or the caller may not know of it."""

    slug: ClassVar[str] = "no-such-consultation"
    title: ClassVar[str] = "Không tìm thấy cuộc tư vấn"


class NotYourConsultation(DomainError):
    """Only its doctor (or, for some acts, its patient) may do this."""

    slug: ClassVar[str] = "not-your-consultation"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Bạn không tham gia cuộc tư vấn này"


class ConsultationOver(DomainError):
    """It was held, missed or cancelled: nothing more becomes of it."""

    slug: ClassVar[str] = "consultation-over"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Cuộc tư vấn đã kết thúc"


class IllegalConsultationStep(DomainError):
    """A consultation does not go from there to there."""

    slug: ClassVar[str] = "illegal-consultation-step"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Không chuyển được trạng thái cuộc tư vấn"


class RecordIsClosed(DomainError):
    """The patient's record is closed: no consultation begins."""

    slug: ClassVar[str] = "record-is-closed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Hồ sơ F0 đã kết thúc"


class AlreadyAsked(DomainError):
    """The patient has a consultation that is not over yet."""

    slug: ClassVar[str] = "already-asked"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Đã có cuộc tư vấn đang chờ"


class HourTaken(DomainError):
    """The doctor or the patient has another appointment at that time."""

    slug: ClassVar[str] = "hour-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Trùng giờ hẹn"


class NeverConnected(DomainError):
    """The two were never connected, so there is nothing to call held."""

    slug: ClassVar[str] = "never-connected"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Chưa nói chuyện được với người bệnh"


class DoctorMissing(DomainError):
    """Nobody can hold the consultation: the patient has no doctor."""

    slug: ClassVar[str] = "doctor-missing"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Người bệnh chưa có bác sĩ phụ trách"


class LinkRefused(DomainError):
    """A link to a consultation that does not open it: unknown, used, or too old."""

    slug: ClassVar[str] = "link-refused"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Đường dẫn không dùng được"


class TicketRefused(DomainError):
    """A ticket of a room that is unknown, too old, or of another room."""

    slug: ClassVar[str] = "ticket-refused"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Lượt vào phòng khám không còn hiệu lực"


class SeatTaken(DomainError):
    """Somebody else sits on that side of the room already: a room is for two."""

    slug: ClassVar[str] = "seat-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Đã có người trong phòng khám"
