"""The template of a staff list, and the list that comes back with an answer beside every row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from common.geo import Units
from common.sheets import writing
from common.sheets.writing import RED, TYPE, YELLOW, Answers, Choice, Template
from permit.domain.staff_lists import RowOutcome
from permit.views.workbook.columns import LAYOUT

__all__ = ["TYPE", "answered", "template"]
_TITLE: Final = "DANH SÁCH NGƯỜI LAO ĐỘNG XIN GIẤY ĐI ĐƯỜNG"
_ANSWERS: Final = Answers(
    {
        RowOutcome.READY: "Chưa xét",
        RowOutcome.WRONG: "CẦN SỬA",
        RowOutcome.REPEATED: "Đã có giấy",
        RowOutcome.ISSUED: "Đã cấp",
        RowOutcome.QUEUED: "Chờ duyệt",
        RowOutcome.REFUSED: "Không cấp",
    },
    {RowOutcome.WRONG: RED, RowOutcome.REFUSED: RED, RowOutcome.QUEUED: YELLOW},
)
_MOST: Final = f"{LAYOUT.rows_max:,}".replace(",", ".")
_STEPS: Final = (
    "1. Điền mỗi người một dòng vào trang “Danh sách”, từ dòng 5. Dòng 4 là ví dụ, máy bỏ qua.",
    "2. Cột có dấu * bắt buộc. Nhóm, xã, giới tính: bấm mũi tên ở ô để chọn; tự gõ không dấu cũng được.",
    "3. Số CCCD mất số 0 ở đầu, ngày ghi 15/01/1984 hay 15.1.84, chữ hoa hay chữ thường: máy tự hiểu.",
    f"4. Lưu tệp dạng .xlsx rồi nộp ở trang “Danh sách đi đường”. Mỗi tệp nhiều nhất {_MOST} người.",
    "5. Dòng đúng được xét ngay. Dòng sai: tải tệp trả lời về, sửa chính dòng đó, gửi lại cả tệp.",
    "6. Gửi lại bao nhiêu lần cũng không sinh hai giấy: cùng người, cùng nhóm, cùng ngày là một giấy.",
    "7. Muốn đổi biển số, nơi đi của giấy đã cấp: hủy giấy đó trên trang, rồi gửi lại với ngày mới.",
    "8. Tệp được mã hóa và tự xóa sau 14 ngày. Không ghi thông tin sức khỏe vào danh sách.",
)


def template(units: Units, categories: Iterable[str], today: date) -> bytes:
    """Return the empty list; *categories* are the titles of those an employer may ask for."""
    areas = ("Cả tỉnh", *(unit.name for unit in units.districts()))
    choices = (
        Choice("commune", "Xã, phường", writing.communes_by_district(units)),
        Choice("category", "Nhóm", tuple(categories), is_strict=True),
        Choice("areas", "Nơi đi", areas),
        Choice("sex", "Giới tính", ("Nam", "Nữ"), is_strict=True),
    )
    days = {"from": today + timedelta(days=1), "until": today + timedelta(days=3)}
    examples = {key: day.strftime("%d/%m/%Y") for key, day in days.items()}
    return writing.empty(Template(LAYOUT, _TITLE, _STEPS, choices, examples))


def answered(
    name: str,
    above: Sequence[Sequence[str]],
    rows: Iterable[tuple[int, Sequence[str], Mapping[str, Any] | None]],
) -> bytes:
    """Return the list as it came; *rows* are number, cells and answer (`outcome`, `number`, `message`)."""
    told = ((number, cells, _ANSWERS.of(answer)) for number, cells, answer in rows)
    return writing.answered(LAYOUT.answers, name, above, told)
