"""The Python verifier on the vectors that the JavaScript one runs too."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.credential import revocation, travel_permit, trust_list
from common.credential.narrowing import narrowing_of
from common.credential.refusals import Unverifiable
from common.kernel.areas import Area
from libs.common.tests.credential.samples import NOW, ROOT, permit, trust, trusted_key
from permit.domain.model import Status, Terms, Window
from permit.domain.rules import CheckpointRules
from permit.domain.verdict import judge
from services.permit.tests.vectors.make_vectors import FILE, document

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
TRUSTED = trust()


def name_of(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def outcome(text: str) -> str:
    try:
        travel_permit.verify(text, TRUSTED, NOW)
    except Unverifiable as refusal:
        return refusal.reason
    return "verified"


def test_the_committed_vectors_are_those_of_the_format() -> None:
    assert document() == VECTORS
    assert len(VECTORS["texts"]) >= 100


@pytest.mark.parametrize("vector", VECTORS["texts"], ids=name_of)
def test_a_text_is_accepted_or_refused_for_its_reason(vector: dict[str, Any]) -> None:
    assert outcome(vector["text"]) == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["lists"], ids=name_of)
def test_a_trust_list_is_believed_or_refused_for_its_reason(vector: dict[str, Any]) -> None:
    now = datetime.fromtimestamp(vector["now"], UTC)
    pinned = trusted_key(ROOT)
    try:
        trust_list.read(bytes.fromhex(vector["data"]), pinned, now, newest_seen=vector["newest_seen"])
        found = "believed"
    except Unverifiable as refusal:
        found = refusal.reason
    assert found == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["judgements"], ids=name_of)
def test_a_genuine_permit_is_judged_by_place_and_time(vector: dict[str, Any]) -> None:
    shown = travel_permit.verify(vector["text"], TRUSTED, NOW)
    terms = Terms(
        category=str(shown.category),
        areas=shown.areas,
        windows=tuple(Window(w.weekdays, w.from_minute, w.to_minute) for w in shown.windows),
        plate=shown.plate,
        valid_from=shown.valid_from,
        valid_until=shown.valid_until,
    )
    at = datetime.fromtimestamp(vector["now"], UTC)
    judgement = judge(terms, Status.ISSUED, Area(*vector["codes"]), vector["plate"], at, CheckpointRules())
    assert judgement.reason == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["full_lists"], ids=name_of)
def test_a_full_list_is_believed_or_refused_for_its_reason(vector: dict[str, Any]) -> None:
    found = "believed"
    try:
        revocation.read_full(
            bytes.fromhex(vector["data"]), trusted_key(ROOT), newest_seen=vector["newest_seen"]
        )
    except Unverifiable as refusal:
        found = refusal.reason
    assert found == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["changes"], ids=name_of)
def test_changes_are_taken_or_refused_for_their_reason(vector: dict[str, Any]) -> None:
    root, found = trusted_key(ROOT), "believed"
    head, listing = revocation.read_full(bytes.fromhex(vector["full"]), root)
    try:
        for signed in vector["changes"]:
            delta = revocation.read_delta(bytes.fromhex(signed), root)
            listing, head = revocation.apply(listing, head, delta)
    except Unverifiable as refusal:
        found = refusal.reason
    assert found == vector["expect"]
    if found == "believed":
        assert head.list_hash.hex() == vector["list_hash"]


@pytest.mark.parametrize("vector", VECTORS["listed_judgements"], ids=name_of)
def test_the_graver_reason_is_told_whatever_list_it_comes_from(vector: dict[str, Any]) -> None:
    shown = travel_permit.verify(vector["text"], TRUSTED, NOW)
    if vector["narrowing"]:
        shown = narrowing_of(bytes.fromhex(vector["narrowing"])).applied(shown)
    status = {"suspended": Status.SUSPENDED, "revoked": Status.REVOKED, None: Status.ISSUED}
    found = judge(
        Terms(str(shown.category), shown.areas, (_window(shown),), "", shown.valid_from, shown.valid_until),
        status[vector["standing"]],
        Area(*vector["codes"]),
        "",
        datetime.fromtimestamp(vector["now"], UTC),
        CheckpointRules(),
        is_watched=vector["is_watched"],
    )
    assert found.reason == vector["expect"]


def _window(shown: Any) -> Window:
    [window] = shown.windows
    return Window(window.weekdays, window.from_minute, window.to_minute)


GENUINE = VECTORS["texts"][0]["text"]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GENUINE) - 1), st.characters(codec="utf-8"))
def test_no_changed_letter_is_accepted(at: int, letter: str) -> None:
    changed = GENUINE[:at] + letter + GENUINE[at + 1 :]
    assert changed == GENUINE or outcome(changed) != "verified"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=1_300))
def test_no_other_text_is_accepted_and_none_breaks_the_verifier(text: str) -> None:
    assert outcome(text) != "verified"
    assert outcome("TP1:" + text) != "verified"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_other_message_is_accepted_even_when_truly_signed(payload: bytes) -> None:
    from libs.common.tests.credential.samples import CURRENT
    from services.permit.tests.vectors.make_vectors import signed

    assert outcome(signed(payload, CURRENT)) == "bad-claims"


def test_the_sample_means_what_it_says() -> None:
    assert travel_permit.verify(GENUINE, TRUSTED, NOW) == permit()
