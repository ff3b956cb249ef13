"""Directives, checkpoints, keys and scans."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from common.kernel.areas import Actor
from common.kernel.errors import OutsideYourArea
from permit.domain import checkpoints, directives, keyring, scans
from permit.domain.decide import decide as decide_holder
from permit.domain.directives import AreaDirective, OrderDirective, directive_for
from permit.domain.errors import InvalidPeriod, NotInForce, NotYourRole, UnknownCheckpoint, UnknownKey
from permit.domain.keyring import EstablishKeyring, Keyring, RevokeKey, RotateKey, RotateWhenDue, ShortenKey
from permit.domain.keys import KeyStatus, NewKey, Scope
from permit.domain.model import Source
from permit.domain.rules import Directive
from permit.domain.scans import Mode, RecordScan, ScanContext, Shown
from permit.domain.verdict import Judgement, Verdict
from services.permit.tests.samples import (
    ADMIN,
    CHECKPOINT,
    HOUR,
    NOW,
    OFFICER,
    PERSON,
    RULES,
    SCANNER,
    application,
    standing,
    terms,
)

DAY = timedelta(days=1)


def order(code: str = "164", directive: str = "16", **changes: Any) -> OrderDirective:
    covers = frozenset({code, "19"})
    sample = OrderDirective(code, covers, Directive(directive), NOW, "Công văn mẫu", ADMIN)
    return replace(sample, **changes)


def test_a_directive_changes_from_what_was_in_force() -> None:
    first = directives.decide(None, order(), None, NOW)
    assert (first.facts[0].from_directive, first.facts[0].to_directive) == ("none", "16")  # type: ignore[attr-defined]
    later = order(directive="15", effective_at=NOW + DAY)
    second = directives.decide(first.state, later, None, NOW)
    assert (second.facts[0].from_directive, second.facts[0].to_directive) == ("16", "15")  # type: ignore[attr-defined]
    assert second.state is not None
    assert second.state.in_force(NOW).directive == "16"  # type: ignore[union-attr]
    assert second.state.in_force(NOW + DAY).directive == "15"  # type: ignore[union-attr]


def test_the_same_order_twice_changes_nothing() -> None:
    first = directives.decide(None, order(), None, NOW)
    second = directives.decide(first.state, order(), None, NOW)
    assert second.state is first.state
    assert second.facts == ()


def test_an_order_cannot_slip_in_before_a_later_one() -> None:
    first = directives.decide(None, order(effective_at=NOW + DAY), None, NOW)
    with pytest.raises(InvalidPeriod):
        directives.decide(first.state, order(directive="19"), None, NOW)


def test_only_leaders_of_the_area_order_directives() -> None:
    with pytest.raises(NotYourRole):
        directives.decide(None, order(by=OFFICER), None, NOW)
    elsewhere = Actor("lanhdao-mau", frozenset({"leader"}), frozenset({"172"}))
    with pytest.raises(OutsideYourArea):
        directives.decide(None, order(by=elsewhere), None, NOW)


def test_the_most_local_order_counts_and_then_the_strictest_place() -> None:
    known: dict[str, AreaDirective] = {}
    for code, directive in (("19", "19"), ("164", "16"), ("05431", "none")):
        state = directives.decide(None, order(code, directive), None, NOW).state
        assert state is not None
        known[code] = state
    quan_trieu, quang_vinh, pho_yen = ("05431", "164", "19"), ("05434", "164", "19"), ("172", "19")
    assert directive_for([quan_trieu], known, NOW) == "none"
    assert directive_for([quang_vinh], known, NOW) == "16"
    assert directive_for([pho_yen, quan_trieu], known, NOW) == "19"
    assert directive_for([pho_yen, quang_vinh], known, NOW) == "16"


def test_a_checkpoint_is_placed_once() -> None:
    command = checkpoints.PlaceCheckpoint(CHECKPOINT, ADMIN)
    first = checkpoints.decide(None, command, None, NOW)
    assert checkpoints.decide(first.state, command, None, NOW).state is first.state
    with pytest.raises(NotYourRole):
        checkpoints.decide(None, replace(command, by=SCANNER), None, NOW)


def key(name: str) -> NewKey:
    return NewKey(name, f"spki-{name}", f"s1.mau.key.{name}")


def ring(*commands: Any, at: Any = NOW) -> Keyring:
    state = keyring.decide(None, EstablishKeyring(key("root"), key("one")), None, NOW).state
    for command in commands:
        state = keyring.decide(state, command, None, at).state
    assert state is not None
    return state


def test_a_ring_is_established_once() -> None:
    first = ring()
    assert keyring.decide(first, EstablishKeyring(key("x"), key("y")), None, NOW).state is first


def test_rotation_keeps_the_old_key_believed() -> None:
    rotated = ring(RotateKey(key("two"), ADMIN), at=NOW + DAY)
    old, new = rotated.keys
    assert (old.status, new.status) == (KeyStatus.RETIRED, KeyStatus.ACTIVE)
    assert old.not_after == NOW + DAY
    assert old.accept_until == NOW + keyring.SIGNS_FOR + keyring.COUNTS_AFTER
    assert rotated.sequence == 2
    assert rotated.active.key.kid == "two"
    assert rotated.signing_at(NOW + HOUR, NOW + 72 * HOUR, 4, ["164"]).key.kid == "one"
    assert rotated.signing_at(NOW + 2 * DAY, NOW + 5 * DAY, 4, ["164"]).key.kid == "two"


def test_a_revoked_key_signs_nothing_again() -> None:
    revoked = ring(RotateKey(key("two"), ADMIN), RevokeKey("one", ADMIN))
    assert revoked.keys[0].status is KeyStatus.REVOKED
    assert revoked.sequence == 3
    assert revoked.signing_at(NOW, NOW + 72 * HOUR, 4, ["164"]).key.kid == "two"
    assert keyring.decide(revoked, RevokeKey("one", ADMIN), None, NOW).state is revoked


LENT = Scope(categories=(4,), areas=("164", "05434"))


def test_a_limited_key_signs_what_it_is_for_and_nothing_else() -> None:
    lent = ring(RotateKey(key("lent"), ADMIN, LENT))
    week = NOW + 7 * DAY
    assert lent.active.key.kid == "one", "the general key still signs all the rest"
    assert lent.signing_at(NOW + HOUR, week, 4, ["05434"]).key.kid == "lent"
    assert lent.signing_at(NOW + HOUR, week, 4, ["05434", "172"]).key.kid == "one"
    assert lent.signing_at(NOW + HOUR, week, 5, ["164"]).key.kid == "one"
    assert lent.signing_at(NOW - HOUR, week, 4, ["164"]).key.kid == "lent", "nothing else signed then"
    again = ring(RotateKey(key("lent"), ADMIN, LENT), RotateKey(key("lent2"), ADMIN, LENT))
    assert [(k.key.kid, k.status) for k in again.keys] == [
        ("one", KeyStatus.ACTIVE),
        ("lent", KeyStatus.RETIRED),
        ("lent2", KeyStatus.ACTIVE),
    ]
    stolen = ring(RotateKey(key("lent"), ADMIN, LENT), RevokeKey("lent", ADMIN))
    assert stolen.signing_at(NOW + HOUR, week, 4, ["164"]).key.kid == "one"


def test_in_an_emergency_the_key_in_use_is_replaced_and_revoked_in_one_step() -> None:
    after = ring(RevokeKey("one", ADMIN, key("two")))
    assert [(k.key.kid, k.status) for k in after.keys] == [
        ("one", KeyStatus.REVOKED),
        ("two", KeyStatus.ACTIVE),
    ]
    assert after.signing_at(NOW, NOW + DAY, 4, ["164"]).key.kid == "two"
    again = keyring.decide(after, RevokeKey("one", ADMIN, key("three")), None, NOW).state
    assert again is after, "a repeat makes no third key"


def test_a_retired_key_can_be_believed_less_long_and_never_longer() -> None:
    rotated = ring(RotateKey(key("two"), ADMIN))
    soon = NOW + 2 * DAY
    shorter = keyring.decide(rotated, ShortenKey("one", soon, ADMIN), None, NOW).state
    assert shorter
    assert shorter.keys[0].accept_until == soon
    assert shorter.sequence == rotated.sequence + 1
    assert shorter.signing_at(NOW, NOW + 3 * DAY, 4, ["164"]).key.kid == "two", (
        "longer permits are signed anew"
    )
    for kid, until, refusal in (
        ("one", NOW - DAY, InvalidPeriod),
        ("one", NOW + 900 * DAY, InvalidPeriod),
        ("two", soon, NotInForce),
        ("x", soon, UnknownKey),
    ):
        with pytest.raises(refusal):
            keyring.decide(rotated, ShortenKey(kid, until, ADMIN), None, NOW)


def test_a_key_is_changed_by_itself_before_it_grows_old_and_only_once() -> None:
    fresh = ring()
    due = NOW + keyring.SIGNS_FOR - keyring.ROTATES_AHEAD
    assert keyring.decide(fresh, RotateWhenDue(key("two")), None, due - HOUR).state is fresh
    rotated = keyring.decide(fresh, RotateWhenDue(key("two")), None, due).state
    assert rotated
    assert rotated.active.key.kid == "two"
    assert keyring.decide(rotated, RotateWhenDue(key("three")), None, due).state is rotated


def test_the_active_key_is_rotated_before_it_is_revoked() -> None:
    with pytest.raises(NotInForce):
        ring(RevokeKey("one", ADMIN))
    with pytest.raises(UnknownKey):
        ring(RevokeKey("none", ADMIN))
    with pytest.raises(NotYourRole):
        ring(RotateKey(key("two"), OFFICER))


def scan(**changes: Any) -> RecordScan:
    shown = Shown(application().permit_id, terms())
    sample = RecordScan("luot-quet-1", SCANNER, CHECKPOINT.checkpoint_id, shown, "", NOW)
    return replace(sample, **changes)


def holder(*more: Any) -> Any:
    state = decide_holder(None, application(), RULES, NOW).state
    for command in more:
        state = decide_holder(state, command, RULES, NOW).state
    return state


def recorded(command: RecordScan, file: Any = None) -> Any:
    return scans.decide(ScanContext(CHECKPOINT, file), command, RULES, NOW)


def test_a_scan_is_judged_by_the_newest_state_and_says_whose_permit_it_is() -> None:
    decision = recorded(scan(), holder())
    assert decision.answer["verdict"] == "allowed"
    assert decision.facts[0].subject == application().permit_id
    barred = recorded(scan(), holder(standing(Source.F0, 1, is_barred=True)))
    assert barred.answer["reason_code"] == "not-valid-now"
    assert barred.state.person_id == PERSON


def test_a_text_that_proves_nothing_is_recorded_as_unreadable() -> None:
    decision = recorded(scan(shown=Shown(fault="bad-signature")))
    assert decision.answer == {
        "scan_id": "luot-quet-1",
        "verdict": "refused",
        "reason_code": "bad-signature",
        "permit_id": None,
    }
    assert decision.facts[0].subject == "unreadable"


def test_a_genuine_code_without_record_is_for_the_officer_and_a_typed_number_is_not() -> None:
    assert recorded(scan()).answer["verdict"] == "check"
    assert recorded(scan(shown=Shown("KHONGCO"))).answer["verdict"] == "refused"


def test_an_offline_scan_keeps_what_the_officer_was_told() -> None:
    told = Judgement(Verdict.ALLOWED, "valid")
    late = scan(told=told, list_age_seconds=2160, scanned_at=NOW - 6 * HOUR)
    decision = recorded(late, holder(standing(Source.F0, 1, is_barred=True)))
    assert decision.state.judgement == told
    assert decision.state.mode is Mode.OFFLINE
    assert decision.state.list_age_seconds == 2160
    assert decision.state.scanned_at == NOW - 6 * HOUR
    assert decision.state.person_id == PERSON


def test_a_fast_phone_clock_cannot_scan_in_the_future() -> None:
    assert recorded(scan(scanned_at=NOW + 9 * HOUR), holder()).state.scanned_at == NOW


def test_scans_need_a_known_checkpoint_and_its_officer() -> None:
    with pytest.raises(UnknownCheckpoint):
        scans.decide(ScanContext(None, None), scan(), RULES, NOW)
    with pytest.raises(NotYourRole):
        recorded(scan(by=OFFICER))
    with pytest.raises(OutsideYourArea):
        recorded(scan(by=replace(SCANNER, area_codes=frozenset({"172"}))))
