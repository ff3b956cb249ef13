"""What every format of a report says, in Vietnamese."""

from collections.abc import Mapping
from typing import Final

from common.kernel.clock import VIETNAM
from ioc_aggregation.domain.metrics import METRICS
from ioc_aggregation.domain.report import Report
from ioc_aggregation.domain.suppression import LEAST_TOLD

HIDDEN: Final = f"<{LEAST_TOLD}"
HEADLINES: Final = ("f0_new", "f0_active", "f0_very_high", "quarantine_active", "f0_recovered", "f0_died")
SHORT: Final[Mapping[str, str]] = {
    "f0_new": "Ca mới",
    "f0_active": "F0 đang theo dõi",
    "f0_very_high": "Rất cao",
    "f0_recovered": "Khỏi",
    "f0_died": "Tử vong",
    "quarantine_ordered": "Vào cách ly",
    "quarantine_active": "Đang cách ly",
    "quarantine_ended": "Hết cách ly",
    "reports_missed": "Không khai",
    "quarantine_breaches": "Vi phạm",
    "permits_active": "Giấy hiệu lực",
    "scans": "Lượt kiểm tra",
    "scans_refused": "Không cho qua",
    "alerts_raised": "Cảnh báo",
}
"""Titles that fit above a narrow column; the whole titles stand beside the definitions."""


def title(report: Report) -> str:
    """Return the title."""
    kind = "BÁO CÁO CÔNG KHAI" if report.is_public else "BÁO CÁO NGÀY"
    return f"{kind} {report.day:%d/%m/%Y} - {report.total.unit.name}"


def as_of(report: Report) -> str:
    """Say what moment the figures are of."""
    at = report.drawn_at.astimezone(VIETNAM)
    if report.is_of_today:
        return f"Số liệu đến {at:%H:%M ngày %d/%m/%Y}, ngày chưa kết thúc."
    return f"Số liệu cả ngày {report.day:%d/%m/%Y}, tính lúc {at:%H:%M ngày %d/%m/%Y}."


def shown(value: int | None) -> str:
    """Write a figure as people here do: 1.234."""
    return HIDDEN if value is None else f"{value:,}".replace(",", ".")


def compared(value: int | None, before: int | None) -> str:
    """Say how *value* differs from *before*."""
    if value is None or before is None:
        return "-"
    difference = value - before
    return "=" if difference == 0 else f"{'+' if difference > 0 else '-'}{shown(abs(difference))}"


def notes(report: Report) -> list[str]:
    """Return what a reader must know about the figures."""
    found = []
    if report.silent:
        found.append(
            f"{len(report.silent)} xã, phường im lặng (chưa nghe quá lâu), số liệu là số gần nhất: "
            + ", ".join(report.silent[:12])
            + (" …" if len(report.silent) > len(report.silent[:12]) else ".")
        )
    if report.total.restated:
        titles = ", ".join(METRICS[name].title for name in sorted(report.total.restated))
        found.append(f"Đã điều chỉnh vì số liệu đến muộn (*): {titles}.")
    if report.is_public:
        found.append(f"Số từ 1 đến {LEAST_TOLD - 1} không công bố, để không nhận ra người bệnh.")
    found.append(f"Định nghĩa từng chỉ số: phiên bản {report.definitions_version}.")
    return found


def file_name(report: Report, ending: str) -> str:
    """Return a file name that sorts by area and day."""
    kind = "cong-khai" if report.is_public else "ngay"
    return f"bao-cao-{kind}-{report.total.unit.code}-{report.day:%Y-%m-%d}.{ending}"
