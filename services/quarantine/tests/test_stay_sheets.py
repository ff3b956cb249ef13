"""What communes write in their lists of people in quarantine, and what is made of it."""

from datetime import date
from typing import Any

import pytest

from common.sheets.layout import UnreadableSheet
from common.sheets.residents import office_of
from common.sheets.rows import Row
from quarantine.domain.model import Category, Origin, Place
from quarantine.views.lists.reading import read_stays
from services.quarantine.tests.stay_sheets import TODAY, UNITS, contact, filled, sheet_of

CITY, WARD = office_of({"164"}, UNITS), office_of({"05434"}, UNITS)
TITLES = ["TT", "Họ và tên", "Năm sinh", "SĐT", "Nơi ở", "Ngày TX cuối", "Hình thức cách ly"]


def read(data: bytes, office: Any = CITY) -> list[Row]:
    return [row for row in read_stays(data, UNITS, office, TODAY).rows if row.is_person]


def one(**changes: Any) -> Row:
    [row] = read(filled([contact(1, **changes)]))
    return row


def test_a_row_of_the_template_becomes_an_order() -> None:
    row = one(household="Hộ ông Mẫu", place="Tập trung", order="12/QĐ-UBND", signed="2.8.21", last_dose=44378)
    assert row.faults == []
    body = row.body or {}
    assert body["person"]["cccd"] == "019084000001"
    assert (body["commune_code"], body["category"], body["place"]) == ("05434", Category.F1, Place.FACILITY)
    assert (body["last_exposure_on"], body["starts_on"]) == ("2021-08-01", None)
    assert (body["vaccination_doses"], body["last_dose_on"]) == (2, "2021-07-01")
    assert body["order"] == {"number": "12/QĐ-UBND", "signed_on": "2021-08-02"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("F1", Category.F1),
        ("f 2", Category.F2),
        ("Diện F1 (gia đình)", Category.F1),
        ("Người về từ TP.HCM", Category.ENTRANT),
        ("NHẬP CẢNH", Category.ENTRANT),
        ("nghi nhiễm", Category.SUSPECT),
    ],
)
def test_kinds_of_people_are_known_as_they_are_written(written: str, meant: Category) -> None:
    assert (one(category=written).body or {})["category"] is meant


@pytest.mark.parametrize("written", ["F0", "F3", "abc"])
def test_who_is_not_to_be_quarantined_here_is_told_so(written: str) -> None:
    assert any("Đối tượng" in fault for fault in one(category=written).faults)


def test_an_entrant_says_where_from() -> None:
    origins = [
        (one(category="Về từ nơi khác", origin=text).body or {})["arrived_from"]
        for text in ("Nhật Bản, nhập cảnh", "vùng phong tỏa", "Bắc Giang")
    ]
    assert origins == [Origin.ABROAD, Origin.LOCKED_AREA, Origin.AFFECTED_AREA]


def test_a_list_of_a_communes_own_making_needs_no_column_for_what_its_title_says() -> None:
    rows = [
        ["UBND PHƯỜNG QUANG VINH"],
        ["DANH SÁCH F1 CÁCH LY TẠI NHÀ"],
        TITLES,
        [1, "TRẦN THỊ MẪU", 1990, "0912.345.678 / 0208", "Tổ 3", "1.8.21", "nhà"],
        [2, "lê mẫu", "5/6/1970", 912345679, "Tổ 3", date(2021, 8, 1), ""],
        ["", "Người lập biểu"],
    ]
    first, second = read(sheet_of(rows), WARD)
    assert first.faults == second.faults == []
    assert (first.body or {})["person"]["full_name"] == "Trần Thị Mẫu"
    assert (first.body or {})["category"] is Category.F1
    assert (second.body or {})["person"]["phone"] == "0912345679"
    assert (second.body or {})["last_exposure_on"] == "2021-08-01"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "cp1258"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files_are_read_in_the_encodings_that_offices_use(encoding: str, separator: str) -> None:
    lines = [TITLES, ["1", "Nguyễn Thị Mẫu", "1990", "0912345678", "Tổ 3", "01/08/2021", "Tại nhà"]]
    text = "DANH SÁCH F1\r\n" + "\r\n".join(separator.join(line) for line in lines)
    [row] = read(_encoded(text, encoding), WARD)
    assert row.faults == []
    assert (row.body or {})["person"]["full_name"] == "Nguyễn Thị Mẫu"


def _encoded(text: str, encoding: str) -> bytes:
    """Windows writes `ễ` in cp1258 as ê and a tone."""
    if encoding != "cp1258":
        return text.encode(encoding)
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = ""
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in apart if mark in tones)
        out += unicodedata.normalize("NFC", "".join(m for m in apart if m not in tones)) + tone
    return out.encode("cp1258")


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"%PDF-1.4\n\x00", b"chao\nban", b"PK\x03\x04rubbish"])
def test_what_is_no_list_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableSheet):
        read(data)


def test_people_of_one_label_and_address_are_one_household_and_of_another_address_are_not() -> None:
    rows = read(
        filled(
            [
                contact(1, household="Hộ 12"),
                contact(2, household="hộ 12"),
                contact(3, household="Hộ 12", address="Tổ 2"),
                contact(4),
            ]
        )
    )
    first, second, third, alone = [(row.body or {})["household_id"] for row in rows]
    assert first == second != third
    assert alone is None


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"exposure": ""}, "Ngày tiếp xúc cuối: chưa điền"),
        ({"exposure": "01/09/2021"}, "ở tương lai"),
        ({"exposure": "31/02/2021"}, "Không có ngày này"),
        ({"start": "30/07/2021"}, "trước ngày tiếp xúc cuối"),
        ({"paper": "12345"}, "Số giấy tờ có 5 chữ số"),
        ({"phone": "0123"}, "Điện thoại"),
        ({"commune": "Xã Không Có"}, "Không có xã"),
        ({"commune": "Phường Mỏ Chè, Thành phố Sông Công"}, "ngoài địa bàn"),
        ({"doses": "nhiều"}, "số mũi"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_column(changes: dict[str, Any], word: str) -> None:
    faults = " ".join(one(**changes).faults)
    assert word in faults


def test_the_same_person_twice_is_told_to_be_the_earlier_row() -> None:
    first, second = read(filled([contact(1), contact(2, paper="019084000001")]))
    assert (first.repeats, second.repeats) == (0, first.number)
