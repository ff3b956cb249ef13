"""
The figures (chỉ số) of the operations centre: what each one counts, in words a reader can check.

A stock is how many there are now; its value of a past day is the value at the end of that day. A
flow is how many there were on a day. Change the meaning of a figure and you change
`DEFINITIONS_VERSION`.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

DEFINITIONS_VERSION = "ioc-2022.1"


class Kind(StrEnum):
    """How the values of a figure relate to time."""

    STOCK = "stock"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: its name in the API, its Vietnamese title, and what exactly it counts."""

    name: str
    kind: Kind
    title: str
    definition: str


def _stock(name: str, title: str, definition: str) -> Metric:
    return Metric(name, Kind.STOCK, title, definition)


def _flow(name: str, title: str, definition: str) -> Metric:
    return Metric(name, Kind.FLOW, title, definition)


_ALL = (
    _stock("f0_active", "F0 đang theo dõi", "Số F0 đã khai báo và chưa đóng hồ sơ, ở nhà hoặc bệnh viện."),
    _stock("f0_declared", "F0 chờ bố trí", "F0 đã khai báo, chưa chuyển sang điều trị tại nhà hoặc cơ sở."),
    _stock("f0_at_home", "F0 tại nhà", "F0 đang theo dõi, điều trị tại nhà."),
    _stock("f0_transferring", "F0 đang chuyển tuyến", "F0 đang được chuyển tới cơ sở điều trị."),
    _stock("f0_in_hospital", "F0 tại cơ sở điều trị", "F0 đang nằm tại cơ sở điều trị."),
    _stock("f0_low", "F0 nguy cơ thấp", "F0 đang theo dõi có mức nguy cơ thấp (xanh)."),
    _stock("f0_medium", "F0 nguy cơ trung bình", "F0 đang theo dõi có mức nguy cơ trung bình (vàng)."),
    _stock("f0_high", "F0 nguy cơ cao", "F0 đang theo dõi có mức nguy cơ cao (cam)."),
    _stock("f0_very_high", "F0 nguy cơ rất cao", "F0 đang theo dõi có mức nguy cơ rất cao (đỏ)."),
    _stock("f0_total", "Tổng số F0", "F0 đã khai báo từ đầu dịch, trừ hồ sơ khai nhầm."),
    _flow("f0_new", "Ca mới", "F0 khai báo trong ngày, kể cả hồ sơ sau đó được xác định là khai nhầm."),
    _flow("f0_recovered", "Khỏi bệnh", "Hồ sơ F0 đóng trong ngày với kết quả khỏi bệnh."),
    _flow("f0_died", "Tử vong", "Hồ sơ F0 đóng trong ngày với kết quả tử vong."),
    _flow("f0_withdrawn", "Khai nhầm", "Hồ sơ F0 đóng trong ngày vì khai nhầm (không phải ca bệnh)."),
    _flow("risk_rises", "Lượt tăng nguy cơ", "Số lần mức nguy cơ của một F0 tăng lên trong ngày."),
    _flow("risk_to_very_high", "Lượt lên nguy cơ rất cao", "Số lần một F0 lên mức rất cao trong ngày."),
    _stock(
        "quarantine_active",
        "Đang cách ly",
        "Người có quyết định cách ly chưa kết thúc (F1, F2, về từ vùng dịch).",
    ),
    _stock("quarantine_home", "Cách ly tại nhà", "Người đang cách ly tại nhà, nơi lưu trú."),
    _stock("quarantine_facility", "Cách ly tập trung", "Người đang cách ly tại khu cách ly tập trung."),
    _stock("quarantine_f1", "F1 đang cách ly", "Người đang cách ly vì là F1."),
    _stock("quarantine_f2", "F2 đang cách ly", "Người đang cách ly vì là F2."),
    _stock("quarantine_entrant", "Về từ vùng dịch", "Người đang cách ly vì nhập cảnh hoặc về từ vùng dịch."),
    _stock("quarantine_suspect", "Nghi ngờ", "Người đang cách ly vì nghi ngờ mắc bệnh."),
    _flow("quarantine_ordered", "Vào cách ly", "Người bắt đầu cách ly trong ngày."),
    _flow("quarantine_ended", "Hết cách ly", "Người kết thúc cách ly trong ngày, vì bất kỳ lý do nào."),
    _flow("quarantine_breaches", "Vi phạm cách ly", "Số lần vi phạm cách ly được ghi nhận trong ngày."),
    _flow("contacts_positive", "F1 thành F0", "Người đang cách ly có kết quả dương tính trong ngày."),
    _flow("reports_f0", "F0 khai báo", "Số tờ khai của F0 trong ngày."),
    _flow("reports_quarantine", "Người cách ly khai báo", "Số tờ khai của người cách ly trong ngày."),
    _flow(
        "reports_symptomatic", "Tờ khai có triệu chứng", "Số tờ khai trong ngày có ít nhất một triệu chứng."
    ),
    _flow("reports_late", "Tờ khai muộn", "Số tờ khai trong ngày đến sau giờ hẹn."),
    _flow("reports_missed", "Lượt không khai báo", "Số lần đến hạn mà không có tờ khai, trong ngày."),
    _stock("permits_active", "Giấy đi đường hiệu lực", "Giấy đi đường đang có hiệu lực."),
    _stock("permits_suspended", "Giấy tạm dừng", "Giấy đi đường đang tạm dừng."),
    _flow("permits_issued", "Giấy cấp mới", "Giấy đi đường cấp trong ngày."),
    _flow("permits_revoked", "Giấy thu hồi", "Giấy đi đường bị thu hồi trong ngày."),
    _flow("scans", "Lượt kiểm tra", "Lượt kiểm tra giấy tại các chốt của địa bàn trong ngày."),
    _flow("scans_refused", "Không cho qua", "Lượt kiểm tra có kết quả không cho qua trong ngày."),
    _flow("scans_check", "Cần kiểm tra thêm", "Lượt kiểm tra phải xem thêm giấy tờ trong ngày."),
    _flow("scans_offline", "Kiểm tra ngoại tuyến", "Lượt kiểm tra thực hiện khi chốt không có mạng."),
    _stock("alerts_open", "Cảnh báo đang mở", "Cảnh báo chưa xử lý xong."),
    _stock("alerts_open_critical", "Cảnh báo khẩn cấp đang mở", "Cảnh báo mức khẩn cấp chưa xử lý xong."),
    _stock("alerts_waiting", "Cảnh báo chưa ai nhận", "Cảnh báo đang mở mà chưa có người bấm nhận."),
    _flow("alerts_raised", "Cảnh báo mới", "Cảnh báo phát ra trong ngày."),
    _flow("alerts_taken", "Cảnh báo được nhận", "Số lần một cảnh báo được người trực nhận trong ngày."),
    _flow("alerts_escalated", "Cảnh báo chuyển cấp", "Số lần cảnh báo phải chuyển cấp vì không ai nhận."),
    _flow("alerts_resolved", "Cảnh báo xử lý xong", "Cảnh báo kết thúc trong ngày."),
    _flow(
        "alert_seconds",
        "Tổng giây chờ nhận",
        "Tổng số giây từ lúc gọi đến lúc nhận của cảnh báo được nhận trong ngày.",
    ),
    _stock("f0_recovered_total", "Khỏi bệnh cộng dồn", "Hồ sơ F0 đã đóng với kết quả khỏi bệnh từ đầu dịch."),
    _stock("f0_died_total", "Tử vong cộng dồn", "Hồ sơ F0 đã đóng với kết quả tử vong từ đầu dịch."),
    _stock("quarantine_ordered_total", "Vào cách ly cộng dồn", "Lượt bắt đầu cách ly từ đầu dịch."),
    _stock("permits_issued_total", "Giấy cấp cộng dồn", "Giấy đi đường đã cấp từ đầu dịch."),
)

METRICS = MappingProxyType({metric.name: metric for metric in _ALL})
STOCKS = frozenset(metric.name for metric in _ALL if metric.kind is Kind.STOCK)
FROM_ALERTS = frozenset({"alerts_waiting"})
"""Counted from the state of each alert: an end does not tell whether anybody had taken it."""
COMPARED = (
    "f0_active",
    "f0_new",
    "f0_at_home",
    "f0_very_high",
    "f0_recovered",
    "f0_died",
    "quarantine_active",
    "reports_f0",
    "reports_quarantine",
    "reports_missed",
    "permits_active",
    "scans",
    "scans_refused",
    "alerts_raised",
)
"""Figures whose value of yesterday and of a week ago travels with every summary."""
