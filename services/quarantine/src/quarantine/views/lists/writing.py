"""The template of a list of people in quarantine, and the list that comes back with answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from common.geo import Units
from common.sheets import writing
from common.sheets.upload_answers import UPLOADED
from common.sheets.writing import Choice, Template
from quarantine.views.lists import words
from quarantine.views.lists.columns import LAYOUT

_TITLE: Final = "DANH SÁCH NGƯỜI CÁCH LY"
_MOST: Final = f"{LAYOUT.rows_max:,}".replace(",", ".")
_STEPS: Final = (
    "1. Điền mỗi người một dòng vào trang “Danh sách”, từ dòng 5. Dòng 4 là ví dụ, máy bỏ qua.",
    "2. Dùng sổ sẵn có cũng được, cả .xlsx lẫn .csv: máy nhận tên cột quen dùng.",
    "3. Số CCCD mất số 0 ở đầu, ngày ghi 15/01/2022 hay 15.1.22, chữ hoa hay chữ thường: máy tự hiểu.",
    f"4. Nộp ở trang “Danh sách cách ly”. Mỗi tệp nhiều nhất {_MOST} người.",
    "5. Dòng đúng được nhập ngay, có ngày hết. Dòng sai: tải tệp trả lời, sửa dòng đó, gửi lại cả tệp.",
    "6. Gửi lại bao nhiêu lần cũng không sinh hai hồ sơ: ai đang cách ly thì giữ nguyên.",
    "7. Nhập nhầm tệp: bấm “Hủy cả lần nhập”, ghi lý do; quyết định được rút, giấy đi đường trở lại như cũ.",
    "8. Tệp được mã hóa và tự xóa sau 14 ngày.",
)


def template(units: Units, today: date) -> bytes:
    """Return the empty list to fill in."""
    choices = (
        Choice("commune", "Xã, phường", writing.communes_by_district(units)),
        Choice("category", "Đối tượng", tuple(words.CATEGORIES.values())),
        Choice("place", "Nơi cách ly", tuple(words.PLACES.values()), is_strict=True),
        Choice("sex", "Giới tính", ("Nam", "Nữ"), is_strict=True),
    )
    days = {"exposure": today - timedelta(days=1), "last_dose": today - timedelta(days=60)}
    examples = {key: day.strftime("%d/%m/%Y") for key, day in days.items()}
    return writing.empty(Template(LAYOUT, _TITLE, _STEPS, choices, examples))


def answered(
    name: str,
    above: Sequence[Sequence[str]],
    rows: Iterable[tuple[int, Sequence[str], Mapping[str, Any] | None]],
) -> bytes:
    """Return the list as it came; *rows* are number, cells and answer (`outcome`, `person_id`, `message`)."""
    told = ((number, cells, UPLOADED.of(answer)) for number, cells, answer in rows)
    return writing.answered(LAYOUT.answers, name, above, told)
