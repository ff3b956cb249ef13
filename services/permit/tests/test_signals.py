"""Signs of fraud: what contradicts itself, what does not, and that the order of arrival changes nothing."""

import asyncio
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.kernel.errors import OutsideYourArea
from common.work.model import Cause
from permit.domain.errors import FlagNotFound, NothingToClear, NotYourRole
from permit.domain.flags import KEPT, ClearFlag, Flag, PermitFlagCleared, decide
from permit.domain.scans import UNREADABLE, Scan
from permit.domain.signals import Signal, contradictions, kilometres, seen
from services.permit.tests.samples import CHECKPOINT, NOW, OFFICER, SCANNER
from services.permit.tests.samples import OTHER_OFFICER as OFFICER_THERE
from services.permit.tests.watching import GATE, ONE, OTHER, PHO_YEN, RULES, minutes, offline, scan, watched


def signs(*scans: Scan) -> set[tuple[str, Signal]]:
    return {
        (permit, piece.signal) for permit, piece in contradictions((seen(s, RULES) for s in scans), RULES)
    }


def test_twenty_kilometres_take_longer_than_five_minutes() -> None:
    here, there = scan("a"), scan("b", NOW + minutes(5), checkpoint=PHO_YEN)
    assert signs(here, there) == {(ONE, Signal.IMPOSSIBLE_TRAVEL)}
    assert kilometres((21.5980, 105.8422), (21.4139, 105.8731)) == pytest.approx(20.7, abs=0.1)


def test_the_same_way_within_half_an_hour_is_a_journey() -> None:
    assert signs(scan("a"), scan("b", NOW + minutes(30), checkpoint=PHO_YEN)) == set()


def test_a_phone_that_was_never_compared_gets_the_benefit_of_the_doubt() -> None:
    here = scan("a")
    assert signs(here, offline("b", NOW + minutes(5), checkpoint=PHO_YEN)) == {
        (ONE, Signal.IMPOSSIBLE_TRAVEL)
    }
    assert signs(here, offline("b", NOW + minutes(5), None, checkpoint=PHO_YEN)) == set()


def test_two_lanes_within_a_minute_are_a_sign_and_a_second_look_in_one_lane_is_none() -> None:
    other = {"lane": "2", "officer": "chot-khac"}
    assert signs(scan("a", lane="1"), scan("b", NOW + minutes(1), **other)) == {
        (ONE, Signal.TWO_PLACES_AT_ONCE)
    }
    assert signs(scan("a"), scan("b", NOW + minutes(1))) == set()
    assert signs(scan("a", lane="1"), scan("b", NOW + minutes(1), lane="1", officer="chot-khac")) == set()
    assert signs(scan("a", lane="1"), scan("b", NOW + minutes(20), **other)) == set()


def test_without_coordinates_only_the_same_minutes_are_a_sign() -> None:
    assert signs(scan("a"), scan("b", NOW + minutes(1), checkpoint=GATE)) == {
        (ONE, Signal.TWO_PLACES_AT_ONCE)
    }
    assert signs(scan("a"), scan("b", NOW + minutes(10), checkpoint=GATE)) == set()


def test_a_plate_far_apart_on_two_peoples_permits_flags_both() -> None:
    mine = scan("a", plate_token="t1")
    theirs: dict[str, Any] = {"permit_id": OTHER, "person_id": "pmau0002", "plate_token": "t1"}
    both = {(ONE, Signal.PLATE_ON_TWO_PERMITS), (OTHER, Signal.PLATE_ON_TWO_PERMITS)}
    assert signs(mine, scan("b", NOW + minutes(4), checkpoint=PHO_YEN, **theirs)) == both
    # Driver and mate of one truck pass together, and pass the next post together.
    assert signs(mine, scan("b", NOW + minutes(1), **theirs, officer="chot-khac")) == set()
    assert signs(mine, scan("b", NOW + minutes(25), checkpoint=PHO_YEN, **theirs)) == set()
    # The same person with two permits is one vehicle's owner, not two.
    own = theirs | {"person_id": "pmau0001"}
    assert signs(mine, scan("b", NOW + minutes(4), checkpoint=PHO_YEN, **own)) == set()


def test_texts_that_prove_nothing_are_never_one_permit() -> None:
    bad = {"permit_id": UNREADABLE, "person_id": None}
    assert signs(scan("a", **bad), scan("b", checkpoint=PHO_YEN, **bad)) == set()


STORY = [
    scan("a", plate_token="t1"),
    offline("b", NOW + minutes(4), checkpoint=PHO_YEN, plate_token="t1"),
    scan("c", NOW + minutes(5), checkpoint=PHO_YEN, permit_id=OTHER, person_id="p2", plate_token="t1"),
    scan("d", permit_id=UNREADABLE, person_id=None, reason="bad-signature"),
    scan("e", NOW + minutes(9), permit_id=UNREADABLE, person_id=None, reason="unknown-key"),
    scan("f", NOW + minutes(20), permit_id=UNREADABLE, person_id=None, reason="bad-signature"),
]


def test_every_order_of_arrival_ends_in_the_same_flags() -> None:
    expected = watched(STORY)
    whole, posts = expected.flags(), expected.flags("checkpoint_flags")
    assert whole[ONE].signals == (Signal.IMPOSSIBLE_TRAVEL, Signal.PLATE_ON_TWO_PERMITS)
    assert whole[OTHER].signals == (Signal.PLATE_ON_TWO_PERMITS,)
    assert posts[CHECKPOINT.checkpoint_id].signals == (Signal.REPEATED_TAMPERING,)
    for order in permutations(range(len(STORY))):
        if order[0] > order[-1]:
            continue  # half of the 720 orders say enough
        story = watched(*([STORY[index]] for index in order))
        assert (story.flags(), story.flags("checkpoint_flags")) == (whole, posts), order


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(STORY),
    cuts=st.lists(st.integers(1, len(STORY)), max_size=4),
    repeats=st.lists(st.sampled_from(STORY), max_size=6),
)
def test_batches_and_repeats_change_nothing(order: list[Scan], cuts: list[int], repeats: list[Scan]) -> None:
    edges = [0, *sorted(set(cuts)), len(order)]
    batches = [order[start:end] for start, end in pairwise(edges) if start < end]
    story = watched(*batches, *([again] for again in repeats))
    expected = watched(STORY)
    assert story.flags() == expected.flags()
    assert story.flags("checkpoint_flags") == expected.flags("checkpoint_flags")
    once = watched(*batches)
    assert story.told() == once.told(), "a repeat tells nothing"


def test_two_attempts_are_none_and_three_are_a_sign() -> None:
    two = watched(STORY[3:5]).flags("checkpoint_flags")[CHECKPOINT.checkpoint_id]
    assert not two.is_open
    assert len(two.evidence) == 2
    assert watched(STORY[3:6]).flags("checkpoint_flags")[CHECKPOINT.checkpoint_id].is_open


def test_three_attempts_over_three_hours_are_none() -> None:
    spread = [
        scan(f"s{n}", NOW + minutes(70 * n), permit_id=UNREADABLE, reason="bad-signature") for n in range(3)
    ]
    assert not watched(spread).flags("checkpoint_flags")[CHECKPOINT.checkpoint_id].is_open


def test_one_use_of_a_revoked_key_is_a_sign_of_its_own() -> None:
    used = watched([scan("k", permit_id=UNREADABLE, person_id=None, reason="key-revoked")])
    assert used.flags("checkpoint_flags")[CHECKPOINT.checkpoint_id].signals == (Signal.DEAD_KEY,)
    assert used.told() == ["permit.permit-flagged.v1"]


def test_a_damaged_print_is_no_attempt() -> None:
    assert watched([scan("k", permit_id=UNREADABLE, reason="damaged")]).flags("checkpoint_flags") == {}


def flag_of(story: Any) -> Flag:
    flag: Flag = story.stores.watch.permit_flags.aggregates[ONE].state
    return flag


def test_an_officer_clears_with_a_reason_and_only_new_evidence_raises_it_again() -> None:
    story = watched(STORY[:2])
    cleared = decide(flag_of(story), ClearFlag(ONE, OFFICER_THERE, "sealed"), RULES, NOW)
    assert cleared.state
    assert not cleared.state.is_open
    assert cleared.state.clearing
    assert cleared.state.clearing.note == "sealed"
    [told] = cleared.facts
    assert isinstance(told, PermitFlagCleared)
    assert told.from_signals == (Signal.IMPOSSIBLE_TRAVEL,)

    async def again() -> None:
        await story.permits.run(ClearFlag(ONE, OFFICER_THERE, "sealed"), Cause("clear"))
        await story.look(STORY[:2])
        assert not flag_of(story).is_open, "the same scans, read again, do not raise it"
        late = offline("late", NOW - minutes(3), checkpoint=PHO_YEN)
        await story.store([late])
        await story.look([late])
        assert flag_of(story).is_open
        assert {piece.scan_ids for piece in flag_of(story).standing} == {("late", "a")}

    asyncio.run(again())


def test_a_flag_is_cleared_once_by_somebody_of_its_area() -> None:
    flag = flag_of(watched(STORY[:2]))
    with pytest.raises(OutsideYourArea):
        decide(flag, ClearFlag(ONE, OFFICER, "s"), RULES, NOW)
    with pytest.raises(NotYourRole):
        decide(flag, ClearFlag(ONE, SCANNER, "s"), RULES, NOW)
    with pytest.raises(FlagNotFound):
        decide(None, ClearFlag(ONE, OFFICER_THERE, "s"), RULES, NOW)
    after = decide(flag, ClearFlag(ONE, OFFICER_THERE, "s"), RULES, NOW)
    with pytest.raises(NothingToClear):
        decide(after.state, ClearFlag(ONE, OFFICER_THERE, "s"), RULES, NOW)


def test_a_flag_stays_small_however_much_is_shown() -> None:
    many = [
        scan(f"s{n:03d}", NOW + minutes(n / 10), permit_id=UNREADABLE, reason="bad-signature")
        for n in range(60)
    ]
    forwards, backwards = watched(many), watched(*([each] for each in reversed(many)))
    flag = forwards.flags("checkpoint_flags")[CHECKPOINT.checkpoint_id]
    assert len(flag.evidence) == KEPT
    assert flag == backwards.flags("checkpoint_flags")[CHECKPOINT.checkpoint_id]


def test_what_is_told_says_from_and_to() -> None:
    story = watched(STORY[:2])
    [entry] = story.stores.watch.permit_flags.facts()
    assert entry.type == "permit.permit-flagged.v1"
    assert '"from_signals":[],"to_signals":["impossible-travel"]' in entry.data
