"""The columns of a list of F0, and the titles under which communes keep them."""

from typing import Final

from common.sheets.layout import Column, Layout
from common.sheets.residents import PERSON_COLUMNS

COLUMNS: Final = (
    *PERSON_COLUMNS,
    Column(
        "tested",
        "Ngày dương tính",
        (
            "ngay duong tinh",
            "ngay co ket qua",
            "ngay co ket qua duong tinh",
            "ngay xet nghiem",
            "ngay xn",
            "ngay test",
            "ngay lay mau",
            "ngay phat hien",
        ),
        14,
        "",
        "Ngày có kết quả dương tính.",
        is_required=True,
    ),
    Column(
        "result",
        "Kết quả xét nghiệm",
        ("ket qua xet nghiem", "ket qua", "ket qua xn", "kq xn", "kq"),
        12,
        "",
        "Dòng ghi âm tính không được nhập.",
        is_offered=False,
    ),
    Column(
        "onset",
        "Ngày khởi phát",
        ("ngay khoi phat", "ngay co trieu chung", "khoi phat"),
        14,
        "",
        "Ngày có triệu chứng đầu tiên. Không có triệu chứng thì bỏ trống.",
    ),
    Column(
        "doses",
        "Số mũi vắc xin",
        ("so mui vac xin", "so mui", "so mui tiem", "tiem chung", "tiem vac xin", "vac xin", "vaccine"),
        10,
        "2",
        "0, 1, 2, 3… hoặc “chưa tiêm”.",
    ),
    Column(
        "conditions",
        "Bệnh nền",
        ("benh nen", "benh ly nen", "benh kem theo", "benh man tinh", "tien su benh"),
        28,
        "Tăng huyết áp; Đái tháo đường",
        "Cách nhau dấu chấm phẩy hoặc dấu phẩy. Không có thì bỏ trống.",
    ),
    Column(
        "pregnant",
        "Mang thai",
        ("mang thai", "co thai", "thai ky", "phu nu co thai", "phu nu mang thai"),
        9,
        "",
        "Đánh dấu x, hoặc ghi Có.",
    ),
    Column("weight", "Cân nặng, kg", ("can nang", "kg"), 9, "", "Không bắt buộc; cần cho trẻ em."),
)
RESULT: Final = "Kết quả nhập"
NUMBER: Final = "Mã hồ sơ"
TO_DO: Final = "Cần sửa, ghi chú"
LAYOUT: Final = Layout(COLUMNS, (RESULT, NUMBER, TO_DO))
