"""Sheets as people really keep them, and sheets made to harm."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from common.sheets import cells
from common.sheets.cells import Unclear
from common.sheets.layout import UnreadableSheet
from common.sheets.places import Gazetteer
from common.sheets.rows import Reading
from permit.views.workbook.rows import read_list
from permit.views.workbook.writing import answered
from services.permit.tests.sheets import CATEGORIES, TODAY, UNITS, filled, saved, sheet_of, worker

WAY = ("phổ yên", 44576, 44578)
PLACES = Gazetteer(UNITS)


def read(data: bytes) -> Reading:
    return read_list(data, UNITS, CATEGORIES, "Công ty Mẫu", TODAY)


def read_one(**changes: Any) -> Any:
    [row] = [row for row in read(filled([worker(1, **changes)])).rows if row.is_person]
    return row


def test_a_row_of_the_template_is_an_application_and_the_example_is_nobody() -> None:
    reading = read(filled([worker(1)]))
    assert [row.number for row in reading.rows if row.is_person] == [5]
    body = next(row.body for row in reading.rows if row.body)
    assert body["commune_code"] == "05434"
    assert body["category"] == "factory-work"
    assert body["areas"] == ["164", "172"]
    assert body["valid_from"] == "2022-01-15T00:00:00+07:00"
    assert body["valid_until"] == "2022-01-18T00:00:00+07:00"
    assert body["person"]["birth_year"] == 1984
    assert body["person"]["sex"] == "male"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (19084000999, {"cccd": "019084000999"}),
        (19084000999.0, {"cccd": "019084000999"}),
        ("19084000999", {"cccd": "019084000999"}),
        (1084000999, {"cccd": "001084000999"}),
        (" 019 084 000 999 ", {"cccd": "019084000999"}),
        ("'019084000999", {"cccd": "019084000999"}),
        ("090.123.456", {"cmnd": "090123456"}),
        (90123456, {"cmnd": "090123456"}),
        ("B1234567", {"passport": "B1234567"}),
    ],
)
def test_papers_get_back_what_excel_took(typed: Any, known: dict[str, str]) -> None:
    assert cells.paper_of(typed) == known


@pytest.mark.parametrize("typed", ["1.9084E+10", "1234", 1234567890123])
def test_papers_that_cannot_be_are_asked_for_again(typed: Any) -> None:
    with pytest.raises(Unclear):
        cells.paper_of(typed)


@pytest.mark.parametrize(
    "typed",
    [
        datetime(2022, 1, 15),  # noqa: DTZ001  as a sheet has it
        date(2022, 1, 15),
        44576,
        44576.0,
        "44576",
        "15/01/2022",
        " 15-1-2022 ",
        "15.1.22",
        "2022-01-15",
        "ngày 15 tháng 1 năm 2022",
        "15 / 1 / 2022",
    ],
)
def test_days_are_read_however_they_are_written(typed: Any) -> None:
    assert cells.day_of(typed) == TODAY


@pytest.mark.parametrize("typed", ["01/15/2022", "30/02/2022", "thứ hai", "sau Tết", "15/01"])
def test_days_that_are_none_are_asked_for_again(typed: str) -> None:
    with pytest.raises(Unclear):
        cells.day_of(typed)


@pytest.mark.parametrize(
    ("typed", "year"), [("1984", 1984), (1984, 1984), ("15.1.84", 1984), (30696, 1984), ("1/1/05", 2005)]
)
def test_birth_years_are_of_grown_people(typed: Any, year: int) -> None:
    assert cells.birth_of(typed, TODAY)["birth_year"] == year


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("5h30", "05:30"),
        ("5g30", "05:30"),
        ("05:30", "05:30"),
        ("05:30:00", "05:30"),
        (time(5, 30), "05:30"),
        (0.229166667, "05:30"),
        ("5 giờ 30 phút", "05:30"),
        ("22h", "22:00"),
        ("6", "06:00"),
        (6, "06:00"),
        ("24:00", "24:00"),
        ("", None),
    ],
)
def test_hours_are_read_however_they_are_written(typed: Any, clock: str | None) -> None:
    assert cells.clock_of(typed) == clock


def test_phones_names_and_sexes_are_tidied() -> None:
    assert cells.phone_of("0912.345.678 / 0987654321") == "0912.345.678"
    assert cells.phone_of(912345678) == "0912345678"
    assert cells.name_of("  NGUYỄN   VĂN  MẪU ") == "Nguyễn Văn Mẫu"
    assert cells.name_of("Hoàng Thị Mẫu") == "Hoàng Thị Mẫu"
    assert [cells.sex_of(word) for word in ("NAM", "nữ", "Nu ", "")] == ["male", "female", "female", None]


@pytest.mark.parametrize(
    "typed",
    ["Phường Quang Vinh, Thành phố Thái Nguyên", "quang vinh", "P.Quang Vinh", "PHƯỜNG QUANG VINH", "5434"],
)
def test_a_commune_is_found_by_whatever_it_is_called(typed: str) -> None:
    assert PLACES.commune(typed) == "05434"


def test_two_communes_of_one_name_need_their_district() -> None:
    with pytest.raises(Unclear, match="Hãy ghi thêm huyện"):
        PLACES.commune("Trung Thành")
    with pytest.raises(Unclear, match="Phường Quang Vinh"):
        PLACES.commune("Quang Vih")
    assert PLACES.commune("Trung Thành, Phổ Yên") != PLACES.commune("Trung Thành, TP Thái Nguyên")


def test_a_district_after_its_commune_widens_nothing() -> None:
    assert PLACES.areas("Phường Quang Vinh, TP Thái Nguyên") == ["05434"]
    assert PLACES.areas("TP Thái Nguyên, TP Sông Công") == ["164", "165"]
    assert PLACES.areas("Phổ Yên; phu luong và cả tỉnh") == ["172", "168", "19"]


def test_every_name_of_the_choices_leads_to_its_own_place() -> None:
    for commune in UNITS.communes():
        assert PLACES.commune(f"{commune.name}, {UNITS.name_of(commune.parent_code)}") == commune.code
    for district in UNITS.districts():
        assert PLACES.areas(district.name) == [district.code]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Họ và tên: chưa điền."),
        ({"paper": "019184000001", "sex": "nam"}, "Số CCCD"),
        ({"paper": "12345"}, "5 chữ số"),
        ({"phone": "12345"}, "Điện thoại"),
        ({"commune": "Xã Không Có"}, "Xã, phường nơi ở"),
        ({"category": "Việc riêng"}, "Nhóm đối tượng"),
        ({"areas": ""}, "Nơi được đi: chưa điền."),
        ({"leaves": "sáng sớm"}, "Giờ đi"),
        ({"returns": ""}, "điền cả hai ô"),
        ({"plate": "abc"}, "Biển số xe"),
        ({"from": "hôm nay"}, "Từ ngày"),
        ({"until": "14/01/2022"}, "Đến ngày"),
        ({"birth": "15/01/1990"}, "năm sinh"),
    ],
)
def test_a_wrong_cell_is_named_in_its_row(changes: dict[str, Any], says: str) -> None:
    row = read_one(**changes)
    assert row.body is None
    assert says.lower() in " ".join(row.faults).lower()


def test_a_list_of_ones_own_with_merged_titles_and_a_signature_is_read() -> None:
    head = ["TT", "Họ tên", "CCCD/CMND", "Nơi ở hiện tại", "Nhóm", "Nơi đi", "Thời gian", None]
    book = openpyxl.load_workbook(
        io.BytesIO(
            sheet_of(
                [
                    ["CÔNG TY TNHH MẪU"],
                    ["DANH SÁCH ĐI LÀM"],
                    [],
                    head,
                    [None] * 6 + ["Từ ngày", "Đến ngày"],
                    [
                        1,
                        "TRẦN THỊ MẪU",
                        19190000001,
                        "x. tan thanh, phu binh",
                        CATEGORIES["factory-work"],
                        *WAY,
                    ],
                    [],
                    ["", "Tổng cộng: 1 người"],
                    ["", "Người lập danh sách"],
                ]
            )
        )
    )
    book.active.merge_cells("A1:H1")
    book.active.merge_cells("G4:H4")
    for letter in "ABCDEF":
        book.active.merge_cells(f"{letter}4:{letter}5")
    reading = read(saved(book))
    [row] = [row for row in reading.rows if row.is_person]
    assert row.faults == []
    assert row.body is not None
    assert row.body["person"] == {
        "full_name": "Trần Thị Mẫu",
        "cccd": "019190000001",
        "birth_year": 1990,
        "sex": "female",
    }
    assert len(reading.above) == 5


def test_the_same_person_twice_in_one_sheet_is_one_row() -> None:
    rows = [
        row
        for row in read(filled([worker(1), worker(2), worker(1, name="Nguyen Van Mau")])).rows
        if row.is_person
    ]
    assert [row.repeats for row in rows] == [0, 0, 5]


def test_the_answered_sheet_is_the_same_sheet_and_reads_the_same_again() -> None:
    reading = read(filled([worker(1), worker(2, name=""), worker(3, purpose="'=1+1")]))
    told = {"outcome": "wrong", "message": "Họ và tên: chưa điền."}
    rows = [(row.number, row.shown, told if row.faults else None) for row in reading.rows]
    first = answered(reading.name, reading.above, rows)
    sheet = openpyxl.load_workbook(io.BytesIO(first)).worksheets[0]
    assert [cell.value for cell in sheet[3]][-3:] == ["Kết quả", "Số giấy", "Cần sửa, ghi chú"]
    assert sheet["R6"].value == "CẦN SỬA"
    assert sheet["I7"].data_type == "s"
    again = read(first)
    assert [row.body for row in again.rows] == [row.body for row in reading.rows]
    second = answered(again.name, again.above, [(row.number, row.shown, None) for row in again.rows])
    titles = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(second)).worksheets[0][3]]
    assert titles.count("Kết quả") == 1


def test_a_formula_is_never_computed_but_what_excel_stored_counts() -> None:
    row = read_one(purpose='=HYPERLINK("http://example.org","x")')
    assert row.body["purpose"] == ""


# ---- files made to harm -----------


def rezipped(change: Any) -> bytes:
    """A good list whose archive was tampered with."""
    source = zipfile.ZipFile(io.BytesIO(filled([worker(1)])))
    parts = change({name: source.read(name) for name in source.namelist()})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def with_doctype(parts: dict[str, bytes]) -> dict[str, bytes]:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    sheet = parts["xl/worksheets/sheet1.xml"]
    return {**parts, "xl/worksheets/sheet1.xml": bomb + sheet[sheet.index(b"<worksheet") :]}


HARMFUL = {
    "an entity bomb": lambda: rezipped(with_doctype),
    "a zip bomb": lambda: rezipped(lambda parts: {**parts, "xl/bomb.bin": b"\0" * 70_000_000}),
    "a thousand parts": lambda: rezipped(lambda parts: parts | {f"x/{n}": b"" for n in range(1000)}),
    "a macro": lambda: rezipped(lambda parts: {**parts, "xl/vbaProject.bin": b"x"}),
    "a broken part": lambda: rezipped(lambda parts: {**parts, "xl/workbook.xml": b"<workbook"}),
    "a missing sheet": lambda: rezipped(lambda parts: {k: v for k, v in parts.items() if "sheet1" not in k}),
    "another archive": lambda: rezipped(lambda _: {"readme.txt": b"x"}),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 100,
    "half a file": lambda: filled([worker(1)])[:3000],
    "a text": lambda: b"ho ten,cccd\n",
    "nothing": lambda: b"",
    "no titles": lambda: sheet_of([["a", "b"], ["c", "d"]]),
    "titles missing": lambda: sheet_of([["Họ và tên", "CCCD", "Điện thoại", "Biển số"], ["x", "y", "", ""]]),
    "nobody": lambda: filled([]),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_a_harmful_or_foreign_file_is_refused_in_a_sentence(kind: str) -> None:
    with pytest.raises(UnreadableSheet) as refusal:
        read(HARMFUL[kind]())
    assert refusal.value.field == "file"
    assert "Hãy" in refusal.value.detail


def test_a_sheet_that_claims_a_million_rows_is_read_to_its_end() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled([worker(1)])))
    book["Danh sách"].cell(1_048_576, 1, "x")
    assert sum(row.is_person for row in read(saved(book)).rows) == 1
