"""Sealed personal data opens for whom it was sealed, survives key rotation and nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.mongo.sealing import SealBroken, Vault

OLD, NEW = b"o" * 32, b"n" * 32
VAULT = Vault({"k1": OLD})
fields = st.dictionaries(st.text(max_size=10), st.text(max_size=30) | st.integers() | st.none(), max_size=5)


@given(fields)
def test_what_was_sealed_opens_again(content: dict[str, object]) -> None:
    assert VAULT.open(VAULT.seal(content)) == content


def test_the_same_content_never_looks_the_same() -> None:
    assert VAULT.seal({"a": 1}) != VAULT.seal({"a": 1})


@given(st.data())
def test_any_changed_character_breaks_the_seal(data: st.DataObject) -> None:
    sealed = VAULT.seal({"full_name": "Trần Thị Mẫu"})
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("AZaz09-_.s"))
    changed = sealed[:place] + other + sealed[place + 1 :]
    try:
        assert VAULT.open(changed) == {"full_name": "Trần Thị Mẫu"}
    except SealBroken:
        return
    # Only the unused bits of the last base64 letter may differ without an effect.
    assert changed == sealed or place == len(sealed) - 1


@pytest.mark.parametrize(
    "text", ["", "s1", "s1.k1.person.", "s2.k1.person.AAAA", "a.b.c.d", "s1.k1.person.é"]
)
def test_text_that_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(text)


def test_a_seal_belongs_to_its_class_and_person() -> None:
    sealed = VAULT.seal({"a": 1}, data_class="vitals", person_id="p1")
    assert VAULT.open(sealed, data_class="vitals", person_id="p1") == {"a": 1}
    for wrong in ({"person_id": "p2"}, {}, {"person_id": "p1", "data_class": "person"}):
        with pytest.raises(SealBroken):
            VAULT.open(sealed, **wrong)
    moved = sealed.replace(".vitals.", ".person.")
    with pytest.raises(SealBroken):
        VAULT.open(moved, person_id="p1")


def test_rotation_reseals_quietly_and_the_old_key_may_go() -> None:
    sealed = VAULT.seal({"a": 1}, person_id="p1")
    both = Vault({"k2": NEW, "k1": OLD})
    assert both.open(sealed, person_id="p1") == {"a": 1}
    assert not both.is_current(sealed)
    resealed = both.reseal(sealed, person_id="p1")
    assert both.is_current(resealed)
    assert both.reseal(resealed, person_id="p1") == resealed
    assert Vault({"k2": NEW}).open(resealed, person_id="p1") == {"a": 1}
    with pytest.raises(SealBroken):
        Vault({"k2": NEW}).open(sealed, person_id="p1")


def test_the_setting_names_keys_and_the_first_one_seals() -> None:
    text = f"k2:{base64.b64encode(NEW).decode()},k1:{base64.b64encode(OLD).decode()}"
    assert Vault.parse(text).seal({}).startswith("s1.k2.person.")
