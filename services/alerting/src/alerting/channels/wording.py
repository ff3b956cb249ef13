"""What a message says, in Vietnamese, without a name: the inbox shows the rest to those who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerting.domain.evidence import Evidence
from alerting.domain.ladder import deadline_of
from alerting.domain.model import Alert, Condition, Kind, Severity
from alerting.ports import Message
from common.geo import Units
from common.kernel.clock import VIETNAM

SEVERITIES = {Severity.INFO: "Theo dõi", Severity.WARNING: "Cao", Severity.CRITICAL: "KHẨN CẤP"}
LEVELS = {"low": "thấp", "medium": "trung bình", "high": "cao", "very_high": "rất cao"}
ITEMS = {
    "oxygen": "Oxy",
    "oximeter": "Máy đo SpO2",
    "rapid_test": "Kit xét nghiệm",
    "medicine_bag": "Túi thuốc",
    "protective_set": "Bộ bảo hộ",
}
STOCKS = {"warn": "sắp hết", "critical": "gần hết, cần tiếp ngay", "empty": "đã hết theo mức dùng"}
STAGES = {"unanswered": "chưa nơi nào nhận giường", "transport": "trên đường chưa đến nơi"}
RUNGS = {"call": "cần gọi điện", "visit": "cần đến nhà", "police": "cần công an phối hợp"}
REACHES = {"district": "huyện", "province": "tỉnh"}
BREACHES = {
    "scanned": "bị quét tại chốt kiểm soát",
    "left_home": "rời nơi cách ly",
    "reported": "có người báo",
}
CHANNELS = {
    "email": "thư điện tử",
    "sms": "tin nhắn SMS",
    "push": "thông báo trên máy",
    "chat": "nhóm chat",
    "webhook": "hệ thống khác",
}
SIGNS = {
    "impossible-travel": "đi nhanh hơn mọi loại xe",
    "two-places-at-once": "một giấy ở hai nơi cùng lúc",
    "plate-on-two-permits": "một biển số trên giấy của hai người",
    "repeated-tampering": "nhiều mã bị sửa",
    "dead-key": "mã ký bằng khóa đã bỏ",
}


TROUBLES = {
    "dead-letters": "có tin bị gác lại",
    "lag": "một bộ phận đọc tin quá chậm",
    "unreachable": "không hỏi được hệ thống tin",
}
SOURCES = {
    "f0.reports.v1": "khai báo của F0",
    "quarantine.reports.v1": "khai báo của người cách ly",
    "permit.scans.v1": "lượt quét tại chốt",
    "app:so-suc-khoe": "Sổ sức khỏe điện tử",
    "app:bluezone": "Bluezone",
    "app:vhd": "VHD",
    "app:c-thainguyen": "C-ThaiNguyen",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and body of a message."""

    subject: str
    body: str


def letter(condition: Condition, alert: Alert, units: Units, link: str) -> Letter:
    """Write the message for the rung that is called now."""
    what, place = headline(condition), _place(condition, units)
    lines = [
        f"{what}.",
        f"Nơi: {place}.",
        *([f"Hồ sơ: {short_id(condition.person_id)}."] if condition.person_id else []),
        f"Xảy ra lúc: {_local(alert.cause_at)}.",
        *_next(alert),
        "",
        f"Mở hộp cảnh báo và bấm “Tôi nhận”: {link}",
        "",
        "Thư tự động của hệ thống Lá Chắn; không có tên người bệnh trong thư. Xin đừng trả lời thư này.",
    ]
    return Letter(f"[{SEVERITIES[alert.severity]}] {what} - {place}", "\n".join(lines))


def message(
    condition: Condition, alert: Alert, units: Units, *, key: str, to: Mapping[str, str], link: str
) -> Message:
    """Write what every channel may need; *link* is the inbox."""
    target = f"{link}?alert={alert.alert_id}"
    words, area = letter(condition, alert, units, target), condition.area
    about = {
        "alert_id": alert.alert_id,
        "condition": condition.kind.value,
        "severity": alert.severity.value,
        "commune_code": area.commune_code,
        "district_code": area.district_code,
        "step": alert.step,
        "called_at": alert.step_at.isoformat(),
    }
    brief = f"{SEVERITIES[alert.severity]}: {_place(condition, units)}. Mở hộp cảnh báo, bấm Tôi nhận."
    is_urgent = alert.severity is Severity.CRITICAL
    return Message(key, to, words.subject, words.body, brief, target, alert.step_at, is_urgent, about)


def trial(key: str, to: Mapping[str, str], link: str, now: datetime) -> Message:
    """Write a message that only shows that a channel works."""
    words = "Tin thử: kênh này nhận được cảnh báo."
    about = {"alert_id": "", "condition": "test", "severity": Severity.INFO.value}
    return Message(key, to, "[Thử] Lá Chắn", f"{words}\n\n{link}", words, link, now, False, about)


def headline(condition: Condition) -> str:
    """Say in one line what is wrong."""
    evidence = condition.evidence
    match condition.kind:
        case Kind.RISK_RISING:
            sign = ", có dấu hiệu nguy hiểm" if evidence.is_danger_sign else ""
            return f"F0 chuyển nguy cơ {LEVELS.get(evidence.level, evidence.level)}{sign}"
        case Kind.PATIENT_SILENT:
            return f"F0 không khai báo {evidence.missed_in_a_row} lần liên tiếp"
        case Kind.CONTACT_SILENT:
            return f"Người cách ly không khai báo {evidence.missed_in_a_row} lần liên tiếp"
        case Kind.QUARANTINE_BREACHED:
            return f"Người cách ly vi phạm: {BREACHES.get(evidence.breach, evidence.breach)}"
        case Kind.PERMIT_FORGED:
            return f"Giấy đi đường nghi giả mạo tại {evidence.checkpoint_name}"
        case Kind.CARE_UNCOVERED:
            level = LEVELS.get(evidence.level, evidence.level)
            return f"{evidence.patients} người bệnh không có bác sĩ trực, nguy cơ cao nhất: {level}"
        case (
            Kind.KNOCK_ASKED
            | Kind.SELF_DECLARED
            | Kind.STOCK_LOW
            | Kind.TRANSFER_OVERDUE
            | Kind.SUPERVISION_CLIMBED
            | Kind.CHANNEL_DEAD
        ):
            return _what_waits(condition.kind, evidence)
        case Kind.SYSTEM_TROUBLE | Kind.SOURCE_SILENT | Kind.COMMUNE_SILENT:
            return _what_is_silent(condition.kind, evidence)
        case Kind.PERMIT_FLAGGED:
            signs = ", ".join(dict.fromkeys(SIGNS.get(r.criterion, r.criterion) for r in evidence.reasons))
            return f"Lượt quét bất thường: {signs} ({evidence.checkpoint_name})"


def _what_is_silent(kind: Kind, evidence: Evidence) -> str:
    match kind:
        case Kind.SYSTEM_TROUBLE:
            return f"Trục trặc hệ thống: {TROUBLES.get(evidence.reason_code, evidence.reason_code)}"
        case Kind.SOURCE_SILENT:
            return f"Nguồn số liệu im lặng: {SOURCES.get(evidence.part, evidence.part)}"
        case _:
            return "Cả xã hơn một ngày không có tin: chưa ai khai báo, chưa ai cập nhật"


def _what_waits(kind: Kind, evidence: Evidence) -> str:
    match kind:
        case Kind.KNOCK_ASKED:
            return "Không liên lạc được F0: nhờ trạm y tế đến nhà gõ cửa"
        case Kind.CHANNEL_DEAD:
            channel = CHANNELS.get(evidence.reason_code, evidence.reason_code)
            return f"Kênh gửi cảnh báo không hoạt động: {channel}"
        case Kind.STOCK_LOW:
            return f"{ITEMS.get(evidence.reason_code, evidence.reason_code)} {STOCKS[evidence.level]}"
        case Kind.TRANSFER_OVERDUE:
            return f"Chuyển tuyến quá lâu: {STAGES.get(evidence.reason_code, evidence.reason_code)}"
        case Kind.SELF_DECLARED:
            return f"Người tự khai dương tính chưa được trả lời, đến lượt {REACHES[evidence.reason_code]}"
        case _:
            return f"Người cách ly không trả lời: {RUNGS.get(evidence.reason_code, evidence.reason_code)}"


def short_id(person_id: str | None) -> str:
    """Return the short form of a pseudonym that people can read to each other on the phone."""
    return f"…{person_id[-4:]}" if person_id else ""


def _place(condition: Condition, units: Units) -> str:
    area = condition.area
    if not area.commune_code:
        return units.name_of(area.province_code)
    names = (units.name_of(area.commune_code), units.name_of(area.district_code))
    return ", ".join(dict.fromkeys(names))


def _next(alert: Alert) -> list[str]:
    deadline = deadline_of(alert)
    if deadline is None:
        return ["Bạn là bậc cuối: cảnh báo ở lại với bạn cho đến khi xong."]
    return [f"Nếu không ai nhận trước {_local(deadline)}, cảnh báo sẽ chuyển lên bậc trên."]


def _local(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
