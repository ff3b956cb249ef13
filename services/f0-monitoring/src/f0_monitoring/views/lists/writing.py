"""The template of a list of F0, and the list that comes back with an answer beside every row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from common.geo import Units
from common.sheets import writing
from common.sheets.upload_answers import UPLOADED
from common.sheets.writing import Choice, Template
from f0_monitoring.rulebook import Word
from f0_monitoring.views.lists.columns import LAYOUT

_TITLE: Final = "DANH SÁCH F0"
_MOST: Final = f"{LAYOUT.rows_max:,}".replace(",", ".")
_STEPS: Final = (
    "1. Điền mỗi người một dòng vào trang “Danh sách”, từ dòng 5. Dòng 4 là ví dụ, máy bỏ qua.",
    "2. Dùng sổ sẵn có cũng được: máy nhận tên cột quen dùng, kể cả năm sinh ghi ở hai cột Nam, Nữ.",
    "3. Số CCCD mất số 0 ở đầu, ngày ghi 15/01/2022 hay 15.1.22, chữ hoa hay chữ thường: máy tự hiểu.",
    f"4. Lưu tệp dạng .xlsx rồi nộp ở trang “Nhập danh sách F0”. Mỗi tệp nhiều nhất {_MOST} người.",
    "5. Dòng đúng được nhập ngay và có bác sĩ. Dòng sai: tải tệp trả lời, sửa chính dòng đó, gửi lại cả tệp.",
    "6. Gửi lại bao nhiêu lần cũng không sinh hai hồ sơ: mỗi người một hồ sơ đang theo dõi.",
    "7. Nhập nhầm tệp: bấm “Hủy cả lần nhập”, ghi lý do; hồ sơ, giấy đi đường, số liệu trở lại như cũ.",
    "8. Tệp được mã hóa và tự xóa sau 14 ngày.",
)


def template(units: Units, conditions: Iterable[Word], today: date) -> bytes:
    """Return the empty list to fill in."""
    choices = (
        Choice("commune", "Xã, phường", writing.communes_by_district(units)),
        Choice("conditions", "Bệnh nền", tuple(word.vi.replace(",", ";") for word in conditions)),
        Choice("sex", "Giới tính", ("Nam", "Nữ"), is_strict=True),
    )
    days = {"tested": today - timedelta(days=1), "onset": today - timedelta(days=3)}
    examples = {key: day.strftime("%d/%m/%Y") for key, day in days.items()}
    return writing.empty(Template(LAYOUT, _TITLE, _STEPS, choices, examples))


def answered(
    name: str,
    above: Sequence[Sequence[str]],
    rows: Iterable[tuple[int, Sequence[str], Mapping[str, Any] | None]],
) -> bytes:
    """Return the list as it came; *rows* are number, cells and answer (`outcome`, `number`, `message`)."""
    told = ((number, cells, UPLOADED.of(answer)) for number, cells, answer in rows)
    return writing.answered(LAYOUT.answers, name, above, told)
