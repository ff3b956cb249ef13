"""People on forms: what cannot be true is refused by name, what can is kept in one form."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from common.kernel.clock import local_day
from common.mongo.blind import BlindIndex
from common.mongo.folding import folded
from common.mongo.pseudonyms import Pseudonyms
from common.people import papers
from common.people.body import PersonBody
from common.people.phones import NotAPhone, normal_phone, phone_number

PSEUDONYMS = Pseudonyms(b"p" * 32)
BLIND = BlindIndex(b"b" * 32)
GOOD: dict[str, Any] = {
    "full_name": "Nguyễn Văn Mẫu",
    "cccd": "087084000999",
    "birth_date": "1984-02-29",
    "sex": "male",
    "phone": "0912 345 678",
}


def _faults(change: dict[str, Any]) -> list[tuple[str, str]]:
    content = {name: value for name, value in (GOOD | change).items() if value is not None}
    try:
        PersonBody.model_validate(content)
    except ValidationError as error:
        return [
            (str(fault["loc"][0] if fault["loc"] else fault.get("ctx", {}).get("field")), fault["msg"])
            for fault in error.errors()
        ]
    return []


def test_the_example_of_the_circular_is_good() -> None:
    person = PersonBody.model_validate(GOOD)
    assert (person.birth_year, person.phone, person.paper) == (1984, "+84912345678", "087084000999")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"cccd": "08708400099"}, "cccd", "12 chữ số"),
        ({"cccd": "003084000999"}, "cccd", "003"),
        ({"cccd": "000084000999"}, "cccd", "000"),
        ({"cccd": "087184000999"}, "cccd", "giới tính nữ"),
        ({"sex": "female"}, "cccd", "giới tính nam"),
        ({"cccd": "087085000999"}, "cccd", "1985"),
        ({"cccd": "087284000999"}, "cccd", "2084"),
        ({"cccd": "０８７０８４０００９９９"}, "cccd", "12 chữ số"),
        ({"cmnd": "12345"}, "cmnd", "9 chữ số"),
        ({"cccd": None, "passport": "B-1"}, "passport", "hộ chiếu"),
        ({"phone": "0123456789"}, "phone", "di động"),
        ({"phone": "12"}, "phone", "di động"),
        ({"birth_year": 1985}, "birth_year", "không khớp"),
        ({"cccd": None, "birth_date": None}, "birth_year", "năm sinh"),
        ({"cccd": None, "birth_date": None, "birth_year": 1850}, "birth_year", "quá xa"),
        ({"cccd": None, "birth_date": "2990-01-01"}, "birth_date", "tương lai"),
        ({"cccd": None, "phone": None}, "cccd", "giấy tờ"),
        ({"full_name": "R2D2"}, "full_name", "chữ cái"),
        ({"full_name": "<script>"}, "full_name", "chữ cái"),
        ({"full_name": "--"}, "full_name", "chữ cái"),
    ],
)
def test_a_contradiction_is_refused_and_named(change: dict[str, Any], field: str, words: str) -> None:
    faults = _faults(change)
    assert [name for name, _ in faults] == [field]
    assert words in faults[0][1]


@pytest.mark.parametrize("change", [{"sex": "x"}, {"birth_date": "2021-02-30"}, {"hobby": "x"}])
def test_other_faults_are_refused_too(change: dict[str, Any]) -> None:
    assert _faults(change)


@given(
    st.sampled_from(sorted(papers.PROVINCES)),
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.sampled_from(["male", "female"]),
    st.integers(0, 999_999),
)
def test_every_number_made_by_the_rule_is_accepted(place: str, born: date, sex: str, serial: int) -> None:
    digit = 2 * ((born.year - 1900) // 100) + (sex == "female")
    number = f"{place}{digit}{born.year % 100:02}{serial:06}"
    assert _faults({"cccd": number, "birth_date": born.isoformat(), "sex": sex}) == [] or born.year < (
        local_day(datetime.now(UTC)).year - 125
    )


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("0912345678", "+84912345678"),
        ("+84 91 234 56 78", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("0208 3855 555", "+842083855555"),
        ("024 3825 1234", "+842438251234"),
    ],
)
def test_a_phone_has_one_form(text: str, normal: str) -> None:
    assert phone_number(text) == normal


@pytest.mark.parametrize(
    "text", ["0112345678", "091234567", "09123456789", "+85912345678", "abc", "", "０９１２３４５６７８"]
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    assert normal_phone(text) is None
    with pytest.raises(NotAPhone) as refusal:
        phone_number(text)
    assert refusal.value.field == "phone"


def test_a_person_id_is_the_same_however_the_number_is_written_and_tells_nothing() -> None:
    first = PSEUDONYMS.person_id("087084000999")
    assert first == PSEUDONYMS.person_id("087 084 000 999")
    assert first != Pseudonyms(b"q" * 32).person_id("087084000999")
    assert first != PSEUDONYMS.person_id("087084000998")
    assert "087084" not in first
    assert len(first) == 27


def test_equal_passport_numbers_of_two_countries_are_two_people() -> None:
    assert PSEUDONYMS.person_id("B1234567", nationality="VN") != PSEUDONYMS.person_id(
        "B1234567", nationality="LA"
    )


def test_a_child_without_papers_gets_a_provisional_id() -> None:
    child = PersonBody.model_validate(
        {"full_name": "Nguyễn Bé Mẫu", "birth_year": 2019, "sex": "female", "phone": "0912345678"}
    )
    first = child.id_from(PSEUDONYMS, commune_code="05431")
    assert first.startswith("t")
    assert first == child.id_from(PSEUDONYMS, commune_code="05431")
    assert first != child.id_from(PSEUDONYMS, commune_code="05434")


def test_age_counts_birthdays() -> None:
    person = PersonBody.model_validate(GOOD)
    assert person.age_years(date(2021, 2, 28)) == 36
    assert person.age_years(date(2021, 3, 1)) == 37


def test_names_are_found_without_accents_and_in_any_order() -> None:
    tokens = set(BLIND.tokens_of_name("Đặng Thị Đào"))
    assert set(BLIND.tokens_of_query("dao dang")) <= tokens
    assert set(BLIND.tokens_of_query("ĐẶNG thị")) <= tokens
    assert not set(BLIND.tokens_of_query("dan")) <= tokens
    assert BLIND.tokens_of_query("  ") == []


def test_numbers_are_found_however_they_are_written() -> None:
    assert BLIND.tokens_of_query("+84 912 345 678") == [BLIND.token("0912345678")]
    assert BLIND.tokens_of_query("087 084 000 999") == [BLIND.token("087084000999")]
    assert BLIND.tokens_of_query("b1234567") == [BLIND.token("B1234567")]


def test_a_token_needs_the_key() -> None:
    assert BlindIndex(b"c" * 32).token("0912345678") != BLIND.token("0912345678")


@given(st.text(max_size=40))
def test_folding_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)
