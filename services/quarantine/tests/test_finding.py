"""An officer finds people by what is typed so far, with slips, within the officer's own areas."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.mongo.blind import BlindIndex
from common.mongo.grams import closeness, grams_of, words_of
from common.testing.sign_in import bearer
from services.quarantine.tests.test_routes import ORDER

OFFICER = bearer("health_officer", ["05443"], subject="cb-05443")
PEOPLE = [
    ("Nguyễn Thị Mẫu", "019184000123", "0912345678"),
    ("Nguyễn Văn Minh", "019084000124", "0987654321"),
    ("Đặng Thùy Trâm", "019184000125", "0976123456"),
]


@pytest.fixture
async def filled(running) -> Any:
    for name, cccd, phone in PEOPLE:
        who = {
            "full_name": name,
            "cccd": cccd,
            "phone": phone,
            "birth_year": 1984,
            "sex": "male" if "Văn" in name else "female",
        }
        made = await running.client.post("/v1/cases", json={**ORDER, "person": who}, headers=OFFICER)
        assert made.status_code == 201, made.text
    return running


async def found(running: Any, typed: str, headers: dict[str, str] = OFFICER) -> list[str]:
    reply = await running.client.get("/v1/people", params={"q": typed}, headers=headers)
    assert reply.status_code == 200, reply.text
    return [hit["full_name"] for hit in reply.json()["items"]]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ngu", ["Nguyễn Thị Mẫu", "Nguyễn Văn Minh"]),
        ("nguyen mi", ["Nguyễn Văn Minh"]),
        ("NGUYỄN VĂN", ["Nguyễn Văn Minh"]),
        ("mihn", ["Nguyễn Văn Minh"]),  # swapped
        ("nguyem minh", ["Nguyễn Văn Minh"]),  # a wrong letter
        ("thuyy tram", ["Đặng Thùy Trâm"]),  # one too many
        ("dang thuy", ["Đặng Thùy Trâm"]),
        ("0912", ["Nguyễn Thị Mẫu"]),
        ("+84 987 654", ["Nguyễn Văn Minh"]),
        ("3456", ["Đặng Thùy Trâm"]),  # last digits
        ("0191840001", ["Nguyễn Thị Mẫu", "Đặng Thùy Trâm"]),
        ("019184000125", ["Đặng Thùy Trâm"]),
        ("zz", []),
        ("phuong", []),
    ],
)
async def test_people_are_found_by_what_is_typed_so_far(filled, typed, names):
    assert sorted(await found(filled, typed)) == sorted(names)


async def test_the_best_fit_comes_first(filled):
    assert (await found(filled, "tram"))[0] == "Đặng Thùy Trâm"


async def test_only_ones_own_area_is_searched_and_only_what_was_shown_is_noted(filled):
    assert await found(filled, "nguyen", bearer("doctor", ["165"])) == []
    filled.service.runtime.access_log.rows.clear()
    await found(filled, "nguyen min")

    assert {row.purpose for row in filled.service.runtime.access_log.rows} == {"Tìm người"}
    assert len(filled.service.runtime.access_log.rows) == 1


NAMES = st.lists(st.text("abcdeghiklmnopqrstuvxy", min_size=2, max_size=7), min_size=1, max_size=4)
BLIND = BlindIndex(b"k" * 32)


@given(name=NAMES, at=st.integers(0, 3), cut=st.integers(0, 6), slip=st.booleans())
def test_what_fits_is_always_among_what_the_store_gives(name, at, cut, slip):
    full = " ".join(name)
    word = name[at % len(name)]
    typed = word[:cut] + word[cut + 1 :] if slip and len(word) > 4 else word[: max(2, cut)]
    kept = set(grams_of(BLIND, name=full))

    assert closeness(typed, name=full) is not None
    assert all(word & kept for word in words_of(BLIND, typed))


def test_pieces_are_small_numbers_and_say_nothing_without_the_key():
    grams = grams_of(BLIND, name="Nguyễn Thị Mẫu Hương", numbers=("019184000123", "+84912345678"))

    assert len(grams) < 70
    assert max(grams) < 2**31
    assert not set(grams) & set(grams_of(BlindIndex(b"x" * 32), name="Nguyễn Thị Mẫu Hương"))
