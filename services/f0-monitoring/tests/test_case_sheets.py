"""Lists of F0 as communes really keep them: other titles, two columns of years, words for diseases."""

from datetime import date, datetime
from importlib import import_module
from typing import Any

import pytest

from common.sheets.cells import Unclear
from common.sheets.layout import UnreadableSheet
from common.sheets.residents import office_of
from common.sheets.rows import Reading
from f0_monitoring.views.lists import words
from f0_monitoring.views.lists.reading import read_cases

sheets = import_module("services.f0-monitoring.tests.sheets")  # a folder that Python cannot name in an import
CONDITIONS, TODAY, UNITS = sheets.CONDITIONS, sheets.TODAY, sheets.UNITS
filled, ill, sheet_of = sheets.filled, sheets.ill, sheets.sheet_of
CITY = office_of({"164"}, UNITS)
WARD = office_of({"05434"}, UNITS)
DISEASES = words.Diseases(CONDITIONS)


def read(data: bytes, office: Any = CITY) -> Reading:
    return read_cases(data, UNITS, CONDITIONS, office, TODAY)


def people(reading: Reading) -> list[Any]:
    return [row for row in reading.rows if row.is_person]


def only(office: Any = CITY, **changes: Any) -> Any:
    [row] = people(read(filled([ill(1, **changes)]), office))
    return row


def test_a_row_of_the_template_is_a_declaration_and_the_example_is_nobody() -> None:
    row = only(conditions="Tăng huyết áp; tiểu đường", onset=datetime(2022, 2, 8), weight="54,5")  # noqa: DTZ001
    assert row.number == 5
    assert row.faults == []
    assert row.body["commune_code"] == "05434"
    assert row.body["person"]["birth_year"] == 1984
    assert row.body["person"]["sex"] == "male"
    assert (row.body["tested_on"], row.body["onset_on"]) == ("2022-02-10", "2022-02-08")
    assert row.body["conditions"] == ["hypertension", "diabetes"]
    assert (row.body["vaccination_doses"], row.body["weight_kg"]) == (2, 54.5)


def test_a_register_with_years_of_men_and_women_in_two_columns_is_understood() -> None:
    data = sheet_of(
        [
            ["TRẠM Y TẾ PHƯỜNG QUANG VINH"],
            ["TT", "Họ tên", "Năm sinh", None, "SĐT", "Địa chỉ", "Ngày XN", "KQ XN", "Bệnh nền"],
            [None, None, "Nam", "Nữ", None, None, None, None, None],
            [1, "TRẦN VĂN MẪU", 1950, None, 912345678, "Tổ 3", 44600, "Dương tính", "THA, ĐTĐ"],
            [2, "lê thị mẫu", None, 1991, "0912345679", "Tổ 4", "9.2.22", "(+)", None],
            [3, "Phạm Thị Mẫu", None, 1988, "0912345670", "Tổ 4", "9.2.22", "Âm tính", None],
            [None, "Tổng cộng: 3 ca"],
        ]
    )
    man, woman, negative = people(read(data, WARD))
    assert man.body["person"] | {} == {
        "full_name": "Trần Văn Mẫu",
        "birth_year": 1950,
        "sex": "male",
        "phone": "0912345678",
    }
    assert man.body["tested_on"] == date(2022, 2, 8).isoformat()
    assert man.body["conditions"] == ["hypertension", "diabetes"]
    assert (woman.body["person"]["sex"], woman.body["person"]["birth_year"]) == ("female", 1991)
    assert woman.body["commune_code"] == "05434"
    assert "âm tính" in negative.faults[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tested": "12/02/2022"}, "tương lai"),
        ({"tested": "10/02/2020"}, "quá 60 ngày"),
        ({"tested": ""}, "Ngày dương tính: chưa điền"),
        ({"address": ""}, "Địa chỉ: chưa điền"),
        ({"paper": "", "birth": 1980, "phone": ""}, "người thân"),
        ({"commune": "Phường Ba Hàng"}, "ngoài địa bàn"),
        ({"commune": ""}, "địa chỉ không ghi xã"),
        ({"conditions": "có"}, "ghi rõ tên bệnh nền"),
        ({"conditions": "tăng huyết áp, đau lưng"}, "dau lung"),
        ({"doses": "đủ"}, "số mũi"),
        ({"pregnant": "x"}, "giới tính nam"),
        ({"paper": "019184000001", "sex": "Nam"}, "giới tính"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_words_that_help(changes: dict[str, Any], said: str) -> None:
    row = only(**changes)
    assert row.body is None
    assert said in " ".join(row.faults)


def test_a_commune_may_stand_at_the_end_of_the_address() -> None:
    assert only(commune="", address="Số 5, tổ 2, P. Quang Vinh").body["commune_code"] == "05434"
    assert only(WARD, commune="").body["commune_code"] == "05434"


def test_the_same_person_twice_counts_once() -> None:
    first, second = people(read(filled([ill(1), ill(1, name="NGUYỄN VĂN MẪU", address="Tổ 9")])))
    assert (first.repeats, second.repeats) == (0, 5)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("không", []),
        ("HIV/AIDS", ["hiv"]),
        ("COPD và bệnh phổi khác", ["lung_disease"]),
        ("Tăng huyết áp và tiểu đường", ["hypertension", "diabetes"]),
        ("Béo phì; thừa cân", ["obesity"]),
        ("Suy thận + THA", ["kidney_disease", "hypertension"]),
        ("bệnh tim", ["heart_disease"]),
    ],
)
def test_diseases_are_known_by_what_people_write(typed: str, codes: list[str]) -> None:
    assert DISEASES(typed) == codes


def test_every_disease_of_the_form_can_be_chosen_in_the_template() -> None:
    for word in CONDITIONS:
        assert DISEASES(word.vi.replace(",", ";")) == [word.code]


@pytest.mark.parametrize(("typed", "count"), [("Mũi 3", 3), ("2 mũi", 2), ("chưa tiêm", 0), (3, 3), ("", 0)])
def test_doses_are_counted(typed: Any, count: int) -> None:
    assert words.doses(typed) == count


def test_a_file_without_the_columns_that_are_needed_is_told_which() -> None:
    with pytest.raises(UnreadableSheet, match="Địa chỉ"):
        read(sheet_of([["STT", "Họ tên", "Năm sinh", "Ngày XN"], [1, "A B", 1990, "1/2/2022"]]))
    with pytest.raises(Unclear):
        words.kilograms("nặng")
