"""What the F0 service refuses, each with what to do next."""

from typing import ClassVar

from common.kernel.errors import DomainError, Invalid, Kind, NotFound


class NoSuchPatient(NotFound):
    """There is no F0 record of this person, or the caller may not know of it."""

    slug: ClassVar[str] = "no-such-patient"
    title: ClassVar[str] = "Không tìm thấy hồ sơ F0"


class AlreadyDeclared(DomainError):
    """The person already has an open F0 record."""

    slug: ClassVar[str] = "already-declared"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Người này đã có hồ sơ F0 đang theo dõi"


class RecordClosed(DomainError):
    """The F0 record is closed: nothing more is added to it."""

    slug: ClassVar[str] = "record-closed"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Hồ sơ F0 đã kết thúc"


class IllegalTransition(DomainError):
    """The course of care does not go from there to there."""

    slug: ClassVar[str] = "illegal-transition"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Không chuyển được trạng thái hồ sơ"


class ImpossibleMeasurement(Invalid):
    """A number that no living person and no working device shows."""

    slug: ClassVar[str] = "impossible-measurement"
    title: ClassVar[str] = "Số đo không thể có"


class UnknownSymptom(Invalid):
    """A symptom code outside the form: a misspelt danger sign must not be lost in silence."""

    slug: ClassVar[str] = "unknown-symptom"
    title: ClassVar[str] = "Triệu chứng không có trong phiếu"


class UnknownCondition(Invalid):
    """An underlying disease outside the list of the decision."""

    slug: ClassVar[str] = "unknown-condition"
    title: ClassVar[str] = "Bệnh nền không có trong danh mục"


class ReportedInTheFuture(Invalid):
    """The declaration says it was filled in later than now."""

    slug: ClassVar[str] = "reported-in-the-future"
    title: ClassVar[str] = "Giờ khai báo ở tương lai"


class ReportedTooLongAgo(Invalid):
    """The declaration is from before what can still help the patient."""

    slug: ClassVar[str] = "reported-too-long-ago"
    title: ClassVar[str] = "Tờ khai quá cũ"


class NotYourPatient(DomainError):
    """Only the patient, a carer named in the record, and staff of the area may do this."""

    slug: ClassVar[str] = "not-your-patient"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Bạn không phụ trách hồ sơ này"


class NoSuchDoctor(Invalid):
    """The doctor is not on the roster."""

    slug: ClassVar[str] = "no-such-doctor"
    title: ClassVar[str] = "Bác sĩ chưa có trong danh sách trực"
