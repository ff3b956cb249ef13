"""The columns of a staff list, and the many titles under which people keep them."""

import re
from dataclasses import dataclass
from typing import Final

from common.mongo.folding import folded

_BRACKETS: Final = re.compile(r"\(.*?\)")
_MARKS: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: *title* in our template, *known* titles elsewhere (folded), an *example*, a *hint*."""

    key: str
    title: str
    known: tuple[str, ...]
    width: int
    example: str
    hint: str
    is_required: bool = False


COLUMNS: Final = (
    Column("stt", "STT", ("stt", "tt", "so tt", "no"), 6, "VÍ DỤ", "Số thứ tự, không bắt buộc."),
    Column(
        "name",
        "Họ và tên",
        ("ho va ten", "ho ten", "ho va ten nguoi lao dong", "ten nguoi lao dong", "ten nhan vien", "ten"),
        28,
        "Nguyễn Văn Mẫu",
        "Như trên giấy tờ.",
        is_required=True,
    ),
    Column(
        "paper",
        "Số CCCD, CMND hoặc hộ chiếu",
        (
            "so cccd",
            "cccd",
            "cccd cmnd",
            "so cmnd",
            "cmnd",
            "cmnd cccd",
            "so can cuoc",
            "can cuoc cong dan",
            "so giay to",
            "ho chieu",
        ),
        24,
        "019084000999",
        "CCCD 12 chữ số, CMND 9 chữ số. Mất số 0 ở đầu vẫn đọc được.",
        is_required=True,
    ),
    Column(
        "birth",
        "Ngày sinh",
        ("ngay sinh", "nam sinh", "ngay thang nam sinh", "sinh ngay"),
        14,
        "15/01/1984",
        "Ngày/tháng/năm, hoặc chỉ năm. Bỏ trống nếu có CCCD.",
    ),
    Column(
        "sex",
        "Giới tính",
        ("gioi tinh", "nam nu", "phai"),
        11,
        "Nam",
        "Nam hoặc Nữ. Bỏ trống nếu có CCCD.",
    ),
    Column(
        "phone",
        "Điện thoại",
        ("dien thoai", "so dien thoai", "sdt", "so dt", "di dong"),
        16,
        "0912 345 678",
        "Không bắt buộc.",
    ),
    Column(
        "commune",
        "Xã, phường nơi ở",
        ("xa phuong", "xa phuong noi o", "noi o", "noi cu tru", "cho o", "thuong tru", "dia chi"),
        40,
        "Phường Quang Vinh, Thành phố Thái Nguyên",
        "Chọn trong danh sách, hoặc tự ghi tên xã (có dấu hay không dấu).",
        is_required=True,
    ),
    Column(
        "category",
        "Nhóm đối tượng",
        ("nhom doi tuong", "nhom", "doi tuong"),
        40,
        "Người lao động của nhà máy được hoạt động",
        "Chọn trong danh sách.",
        is_required=True,
    ),
    Column(
        "purpose",
        "Việc phải đi",
        ("viec phai di", "ly do", "cong viec", "muc dich", "chuc vu", "vi tri"),
        26,
        "Đi làm ca sáng",
        "Viết ngắn.",
    ),
    Column(
        "areas",
        "Nơi được đi",
        ("noi duoc di", "noi di", "noi den", "pham vi", "dia diem den", "noi lam viec"),
        36,
        "Thành phố Thái Nguyên; Thị xã Phổ Yên",
        "Huyện, thành phố hoặc xã, cách nhau dấu chấm phẩy; “Cả tỉnh” nếu đi khắp tỉnh.",
        is_required=True,
    ),
    Column(
        "route",
        "Tuyến đường",
        ("tuyen duong", "tuyen", "lo trinh"),
        26,
        "Quang Vinh - QL3 - KCN Yên Bình",
        "Không bắt buộc.",
    ),
    Column(
        "leaves",
        "Giờ đi",
        ("gio di", "gio bat dau", "tu gio"),
        9,
        "05:00",
        "Ví dụ 05:00 hoặc 5h30. Bỏ trống cả hai ô: theo giờ của nhóm.",
    ),
    Column("returns", "Giờ về", ("gio ve", "gio ket thuc", "den gio"), 9, "20:00", "Có thể qua nửa đêm."),
    Column(
        "plate",
        "Biển số xe",
        ("bien so", "bien so xe", "bks", "bien kiem soat"),
        14,
        "20C-123.45",
        "Bắt buộc với nhóm chở hàng, giao hàng.",
    ),
    Column(
        "with",
        "Người đi cùng",
        ("nguoi di cung", "di cung"),
        24,
        "",
        "Họ tên, cách nhau dấu phẩy. Mỗi người vẫn cần giấy riêng.",
    ),
    Column(
        "from",
        "Từ ngày",
        ("tu ngay", "ngay bat dau", "hieu luc tu"),
        13,
        "",
        "Ngày/tháng/năm.",
        is_required=True,
    ),
    Column(
        "until",
        "Đến ngày",
        ("den ngay", "ngay het han", "ngay ket thuc", "hieu luc den"),
        13,
        "",
        "Hết ngày này giấy hết hạn. Chỉ thị 16: nhiều nhất 3 ngày (72 giờ).",
        is_required=True,
    ),
)
BY_KEY: Final = {column.key: column for column in COLUMNS}
RESULT: Final = "Kết quả"
NUMBER: Final = "Số giấy"
TO_DO: Final = "Cần sửa, ghi chú"
ANSWERS: Final = (RESULT, NUMBER, TO_DO)
"""Titles of the columns that the answered sheet adds; a re-upload skips them."""


def bare_title(title: str) -> str:
    """Return a title without accents, marks and what stands in brackets."""
    return _MARKS.sub(" ", _BRACKETS.sub(" ", folded(title))).strip()


_OWN: Final = {bare_title(column.title): column.key for column in COLUMNS}
_KNOWN: Final = {known: column.key for column in COLUMNS for known in column.known} | _OWN
_LONGEST_FIRST: Final = sorted((known for known in _KNOWN if len(known) > 4), key=len, reverse=True)
_NOT_OURS: Final = frozenset(map(bare_title, ANSWERS))


def column_of(title: str) -> str | None:
    """Return the key of the column that a title names, or None."""
    bare = bare_title(title)
    if not bare or bare in _NOT_OURS:
        return None
    if bare in _KNOWN:
        return _KNOWN[bare]
    return next((_KNOWN[known] for known in _LONGEST_FIRST if bare.startswith(f"{known} ")), None)
