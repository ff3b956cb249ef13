"""The columns of a list of people in quarantine, and the titles under which communes keep them."""

from typing import Final

from common.sheets.layout import Column, Layout
from common.sheets.residents import PERSON_COLUMNS

COLUMNS: Final = (
    *PERSON_COLUMNS,
    Column(
        "household",
        "Hộ",
        ("ho gia dinh", "ho", "ma ho", "so ho", "chu ho", "ten chu ho", "ho ten chu ho"),
        22,
        "Hộ ông Mẫu",
        "Số hộ hoặc tên chủ hộ: cùng địa chỉ, cùng hộ thì khai báo thay nhau được. Bỏ trống nếu ở một mình.",
    ),
    Column(
        "category",
        "Đối tượng",
        ("doi tuong", "dien", "phan loai", "loai", "loai doi tuong", "dien cach ly", "doi tuong cach ly"),
        16,
        "F1",
        "F1, F2, về từ nơi khác, nghi mắc. Bỏ trống được nếu tên danh sách đã ghi F1 hoặc F2.",
    ),
    Column(
        "exposure",
        "Ngày tiếp xúc cuối",
        (
            "ngay tiep xuc",
            "ngay tiep xuc cuoi",
            "ngay tiep xuc gan nhat",
            "tiep xuc lan cuoi",
            "ngay tiep xuc lan cuoi",
            "ngay tx",
            "ngay ve",
            "ngay ve den",
            "ngay ve dia phuong",
            "ngay nhap canh",
        ),
        14,
        "",
        "Với người về từ nơi khác: ngày về đến.",
        is_required=True,
    ),
    Column(
        "start",
        "Ngày bắt đầu cách ly",
        ("ngay cach ly", "bat dau cach ly", "ngay bat dau", "tu ngay", "cach ly tu ngay", "ngay vao cach ly"),
        14,
        "",
        "Bỏ trống là hôm nay. Chậm nhất 30 ngày trước.",
    ),
    Column(
        "place",
        "Nơi cách ly",
        ("noi cach ly", "hinh thuc cach ly", "hinh thuc", "cach ly tai", "dia diem cach ly"),
        14,
        "Tại nhà",
        "Tại nhà hoặc tập trung. Bỏ trống là tại nhà.",
    ),
    Column(
        "origin",
        "Về từ",
        ("ve tu", "tu dau ve", "noi ve", "den tu", "noi di", "noi khoi hanh"),
        18,
        "",
        "Chỉ với người về từ nơi khác: nước ngoài, vùng phong tỏa (cấp 4), hoặc tên tỉnh.",
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
        "last_dose",
        "Ngày tiêm mũi cuối",
        ("ngay tiem mui cuoi", "ngay tiem", "mui cuoi", "ngay tiem gan nhat"),
        14,
        "",
        "Cần để được cách ly ít ngày hơn theo quy định.",
    ),
    Column(
        "order",
        "Số quyết định",
        ("so quyet dinh", "so qd", "quyet dinh so", "qd so", "quyet dinh cach ly", "so quyet dinh cach ly"),
        16,
        "12/QĐ-UBND",
        "Số quyết định cách ly, nếu đã có.",
    ),
    Column(
        "signed",
        "Ngày quyết định",
        ("ngay quyet dinh", "ngay qd", "ngay ky", "ngay ra quyet dinh"),
        14,
        "",
        "Ngày ký quyết định.",
    ),
    Column(
        "confirm",
        "Đúng là người khác",
        ("dung la nguoi khac",),
        10,
        "",
        "Chỉ ghi x khi máy báo trùng người mà đúng là hai người khác nhau.",
    ),
)
RESULT: Final = "Kết quả nhập"
NUMBER: Final = "Mã hồ sơ"
TO_DO: Final = "Cần sửa, ghi chú"
LAYOUT: Final = Layout(COLUMNS, (RESULT, NUMBER, TO_DO))
