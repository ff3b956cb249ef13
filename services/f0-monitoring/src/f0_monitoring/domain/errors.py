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


class NoSuchShift(NotFound):
    """The duty period is not in the plan (any more)."""

    slug: ClassVar[str] = "no-such-shift"
    title: ClassVar[str] = "Không có ca trực này"


class NotYourRoster(DomainError):
    """Only administrators, health officers and the doctor in person change who is on duty."""

    slug: ClassVar[str] = "not-your-roster"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Bạn không sửa được lịch trực của người này"


class SnoozeTooLong(Invalid):
    """Somebody that ill may not be put aside for that long."""

    slug: ClassVar[str] = "snooze-too-long"
    title: ClassVar[str] = "Hoãn quá lâu"


class NobodyKnocks(DomainError):
    """The commune was not asked to knock, or has answered."""

    slug: ClassVar[str] = "nobody-knocks"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Chưa nhờ xã đến nhà"


class TeamFull(DomainError):
    """So many people already look after the patient."""

    slug: ClassVar[str] = "team-full"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Đã đủ người chăm sóc"


class LentAlready(DomainError):
    """The device is in another house."""

    slug: ClassVar[str] = "lent-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Thiết bị đang cho hộ khác mượn"


class NotLent(DomainError):
    """The device is not out, or not with this patient."""

    slug: ClassVar[str] = "not-lent"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Thiết bị không ở nhà người bệnh này"


class AlreadyEnded(DomainError):
    """The illness that a list or a fact tells of is over, or was found to be none."""

    slug: ClassVar[str] = "already-ended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Đợt bệnh này đã kết thúc"


class DetailsKnown(DomainError):
    """The record says already who it is."""

    slug: ClassVar[str] = "details-known"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Hồ sơ đã đủ thông tin"


class WrongPerson(Invalid):
    """The papers are not those of the person that the record or the account is about."""

    slug: ClassVar[str] = "wrong-person"
    title: ClassVar[str] = "Giấy tờ của người khác"


class NoSuchDeclaration(NotFound):
    """There is no such own declaration, or the caller may not know of it."""

    slug: ClassVar[str] = "no-such-declaration"
    title: ClassVar[str] = "Không tìm thấy tờ tự khai"


class AlreadyWaiting(DomainError):
    """A declaration about this person waits for its answer."""

    slug: ClassVar[str] = "already-waiting"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Tờ khai đã gửi"


class AlreadySettled(DomainError):
    """The declaration has its answer."""

    slug: ClassVar[str] = "already-settled"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Tờ khai đã được trả lời"


class TooManyWaiting(DomainError):
    """One account sends more declarations than a household has people."""

    slug: ClassVar[str] = "too-many-waiting"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Quá nhiều tờ khai đang chờ"


class NoSuchPhoto(Invalid):
    """The picture of the test did not arrive, or is none."""

    slug: ClassVar[str] = "no-such-photo"
    title: ClassVar[str] = "Ảnh không dùng được"


class EndTooEarly(DomainError):
    """The rule in force does not let this patient go yet."""

    slug: ClassVar[str] = "end-too-early"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Chưa kết thúc theo dõi được"


class NotAtHome(DomainError):
    """The patient is cared for elsewhere: the rule of home care does not speak of them."""

    slug: ClassVar[str] = "not-at-home"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Người bệnh không ở nhà"


class TestDoesNotCount(Invalid):
    """A test that the rule does not accept."""

    __test__ = False
    slug: ClassVar[str] = "test-does-not-count"
    title: ClassVar[str] = "Xét nghiệm không được tính"


class NoCertificate(NotFound):
    """The record was not ended by the rule, so there is no certificate."""

    slug: ClassVar[str] = "no-certificate"
    title: ClassVar[str] = "Chưa có giấy xác nhận"
