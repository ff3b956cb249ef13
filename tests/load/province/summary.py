"""The summary of a simulated week: what happened, what the system says, and how it went."""

from rich.console import Console
from rich.table import Table

from tests.load.province.comparison import Row
from tests.load.province.truth import Truth
from tests.load.province.world import World

TITLES = {
    "f0_declared": "F0 đã khai báo",
    "f0_now": "F0 đang theo dõi",
    "f0_at_home": "  đang ở nhà",
    "f0_in_hospital": "  đang nằm viện",
    "f0_recovered": "F0 khỏi bệnh",
    "f0_died": "F0 tử vong",
    "f0_reports": "Tờ khai của F0",
    "quarantined": "F1 vào cách ly",
    "quarantine_now": "F1 đang cách ly",
    "contacts_positive": "F1 thành F0",
    "quarantine_reports": "Tờ khai của F1",
    "reports_late": "Tờ khai muộn",
    "breaches": "Vi phạm cách ly",
    "permits_issued": "Giấy đã cấp",
    "permits_active": "Giấy đang hiệu lực",
    "permits_suspended": "Giấy đang tạm dừng",
    "permits_narrowed": "Giấy bị chỉ thị rút ngắn",
    "scans": "Lượt kiểm tra",
    "scans_refused": "  không cho qua",
    "scans_check": "  cần xem thêm",
    "scans_offline": "  khi mất mạng",
    "alerts_acknowledged": "Cảnh báo được nhận",
    "units_declared": "Trạm đã khai triển khai",
    "staff_declared": "  cán bộ sẵn sàng",
    "devices_declared": "  thiết bị dùng được",
    "apps_declared": "  lượt cài ứng dụng",
    "app_users": "Người khai qua ứng dụng khác",
    "barred": "Người bị tạm dừng giấy bị giữ lại",
    "worsened": "Người trở nặng, bác sĩ được báo",
    "silent": "Người im lặng một ngày, trạm được báo",
}
SHOWN_FAULTS = 10
TOLERABLE_LAG_SECONDS = 15.0
"""Four hours of the province at a thousand times real speed."""


def barred(truth: Truth) -> Row:
    """Return how many who had long been barred were scanned, beside how many of them were refused."""
    return Row("barred", truth.barred_scanned, truth.barred_refused)


def show(console: Console, world: World, rows: list[Row], seconds: float, prompt: list[str]) -> None:
    """Print what happened against what the system says, how soon, then what the people met on the way."""
    table = Table("số liệu", "đã xảy ra", "hệ thống nói", "", title="Tuần của tỉnh: sự thật và hệ thống")
    for row in sorted(rows, key=lambda row: list(TITLES).index(row.name)):
        sign = "=" if row.happened == row.told else "≠"
        table.add_row(TITLES[row.name], f"{row.happened:,}", f"{row.told:,}", sign)
    console.print(table)
    truth, agenda = world.truth, world.agenda
    for sentence in prompt:
        console.print(sentence)
    console.print(
        f"Cỡ {world.scale:g} của đường cong thật. {agenda.done:,} việc trong {seconds:.0f} giây; chậm nhất "
        f"{agenda.greatest_lag_seconds:.1f} giây (giờ thật), gửi lại vì mạng hay máy chủ {world.call.retried} lần."
    )
    if agenda.greatest_lag_seconds > TOLERABLE_LAG_SECONDS:
        console.print(
            "[yellow]Máy không theo kịp: mọi việc vẫn được làm đủ và đúng thứ tự nhưng muộn, nên nhiều tờ khai và "
            "lượt quét quá giờ. Hãy chạy chậm hơn (make demo SPEED=300) hoặc nhỏ hơn (--scale)."
        )
    console.print(
        f"{len(world.firms)} doanh nghiệp, {truth.permits_for_staff:,} giấy cho người lao động. "
        f"Gửi trùng {truth.duplicates_sent}, gửi sau khi mất mạng {truth.sent_late} tờ khai."
    )
    console.print(f"Khiếu nại về giấy bị rút ngắn: {dict(world.orders.appeals)}.")
    console.print(f"Kết quả quét: {dict(truth.scan_reasons.most_common())}.")
    console.print(f"Bị từ chối: {dict(truth.refused.most_common())}.")
    for fault in agenda.faults[:SHOWN_FAULTS]:
        console.print(f"[red]{fault}")
    if len(agenda.faults) > SHOWN_FAULTS:
        console.print(f"[red]... {len(agenda.faults)} lỗi")
