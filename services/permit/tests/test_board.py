"""The checkpoint board: counts that are restated, a waiting estimate that admits what it does not know."""

import asyncio
from itertools import permutations
from typing import Any

import pytest

from common.kernel.areas import Actor
from permit.domain.board import Minute, by_reason, counted, handling, minute_of, sliced, summed, wait
from services.permit.tests.conftest import Province
from services.permit.tests.samples import CHECKPOINT, NOW
from services.permit.tests.watching import BOARD_RULES, minutes, offline, scan, watched

POST = CHECKPOINT.checkpoint_id
BUSY_MORNING = [
    Minute(POST, minute_of(NOW) - minutes(120 + n), total=6, lanes={"lane-0": 6}) for n in range(30)
]
"""Six a minute in one lane, two hours ago: ten seconds each when nobody waits for customers."""


def lane_minutes(per_minute: int, count: int = 15, lanes: int = 1) -> list[Minute]:
    share = {f"lane-{lane}": per_minute for lane in range(lanes)}
    return [
        Minute(
            POST,
            minute_of(NOW) - minutes(n),
            total=per_minute * lanes,
            allowed=per_minute * lanes,
            lanes=share,
        )
        for n in range(count)
    ]


def test_a_minute_counts_verdicts_reasons_lanes_and_how_old_the_lists_were() -> None:
    scans = [
        scan("a"),
        scan("b", reason="outside-area", lane="2"),
        offline("c", NOW, list_age_seconds=5400),
        offline("d", NOW, reason="expired"),
    ]
    minute = counted(POST, NOW, scans, BOARD_RULES)
    assert (minute.total, minute.allowed, minute.refused, minute.offline, minute.late) == (4, 2, 2, 2, 2)
    assert minute.reasons == {"outside-area": 1, "expired": 1}
    assert minute.lanes == {"chot-mau": 3, "2": 1}
    assert minute.list_age_seconds == 5400


def test_late_shuffled_and_repeated_uploads_end_in_the_same_minutes() -> None:
    story = [scan("a"), offline("b", NOW - minutes(40)), scan("c"), offline("d", NOW - minutes(40))]
    expected = watched(story).stores.watch.minutes.rows
    assert sorted(row.total for row in expected.values()) == [2, 2]
    for order in permutations(story):
        again = watched(*([each] for each in order), [order[0]])
        assert again.stores.watch.minutes.rows == expected


def test_nobody_scanned_means_that_nothing_is_known_about_the_wait() -> None:
    assert wait([], NOW, BOARD_RULES).seconds is None
    old = [Minute(POST, NOW - minutes(30), total=3, lanes={"1": 3})]
    assert wait(old, NOW, BOARD_RULES).seconds is None


def test_a_quiet_road_does_not_wait_and_a_full_one_says_at_least() -> None:
    quiet = wait([*BUSY_MORNING, *lane_minutes(1)], NOW, BOARD_RULES)
    full = wait([*BUSY_MORNING, *lane_minutes(6, 21)], NOW, BOARD_RULES)
    assert quiet.seconds is not None
    assert quiet.seconds < 5
    assert not quiet.is_more
    assert full.seconds is not None
    assert full.seconds > 120
    assert full.is_more
    assert full.full_minutes == 20


def test_a_second_lane_more_than_halves_the_wait() -> None:
    one = wait([*BUSY_MORNING, *lane_minutes(5)], NOW, BOARD_RULES)
    two = wait([*BUSY_MORNING, *lane_minutes(3, lanes=2)], NOW, BOARD_RULES)
    assert one.seconds is not None
    assert two.seconds is not None
    assert two.seconds < one.seconds / 2


def test_the_estimate_by_hand() -> None:
    """One lane, 10 s each, 3 a minute: load 0.5; s r^(sqrt(4)-1) / (1 - r) = 10 x 0.5 / 0.5 = 10 s."""
    estimate = wait([*BUSY_MORNING, *lane_minutes(3)], NOW, BOARD_RULES)
    assert (estimate.handling_seconds, estimate.load, estimate.lanes) == (10, 0.5, 1)
    assert estimate.seconds == pytest.approx(10)


def test_seconds_each_stay_within_what_is_believed() -> None:
    assert handling([], BOARD_RULES) == BOARD_RULES.handling_seconds
    assert handling(lane_minutes(1), BOARD_RULES) == BOARD_RULES.handling_seconds
    assert handling(lane_minutes(50), BOARD_RULES) == BOARD_RULES.quickest_seconds


def test_slices_lose_and_double_nothing() -> None:
    one: dict[str, Any] = {"total": 1, "refused": 1, "reasons": {"expired": 1}}
    rows = [Minute(POST, minute_of(NOW) - minutes(n), **one) for n in range(60)]
    quarters = sliced(rows, NOW, minutes(15), 4)
    assert [each.total for each in quarters] == [15, 15, 15, 15]
    assert summed(rows).refused == 60
    assert by_reason(rows) == {"expired": 60}


# ---- over HTTP ---------------------------------------------------------------------------------------------


async def test_the_board_shows_the_posts_of_the_area_and_no_person(province: Province) -> None:
    paper = (await province.apply()).json()
    await province.scan(qr=paper["qr"])
    await province.scan(permit_id="0000000000000000")
    await province.look()
    board = (await province.get("/v1/checkpoints/board", "checkpoint_officer", ("164",))).json()
    [post] = board["items"]
    assert (post["checkpoint_id"], post["hour"]["total"], post["is_silent"]) == ("thai-nguyen", 2, False)
    assert post["reasons"] == {"unknown-permit": 1}
    assert "√" in board["formula"]
    silent = (await province.get("/v1/checkpoints/board", "leader", ("172", "173"))).json()["items"]
    assert [(post["hour"]["total"], post["is_silent"], post["last_scan_at"]) for post in silent] == [
        (0, True, None)
    ]
    text = (await province.get("/v1/checkpoints/board", "leader")).text
    assert paper["person"]["full_name"] not in text
    assert province.person_id not in text


async def test_one_post_by_hour_only_for_its_area(province: Province) -> None:
    await province.scan(permit_id="0000000000000000")
    await province.look()
    hours = (await province.get("/v1/checkpoints/thai-nguyen/board", "permit_officer", ("164",))).json()
    assert [each["total"] for each in hours["hours"]] == [0] * 23 + [1]
    assert (
        await province.get("/v1/checkpoints/thai-nguyen/board", "permit_officer", ("173",))
    ).status_code == 404


async def test_the_stream_begins_with_the_board_and_tells_what_changes(province: Province) -> None:
    board: Any = province.part("board")
    officer = Actor("chot", frozenset({"checkpoint_officer"}), frozenset({"164"}))
    stream = board.follow(officer, 4_000_000_000.0).body_iterator
    assert b"retry" in await anext(stream)
    assert b"event: board" in await anext(stream)
    task = asyncio.create_task(anext(stream))
    await asyncio.sleep(0)
    await province.scan(permit_id="0000000000000000")
    await province.look()
    told = await asyncio.wait_for(task, 5)
    assert b"event: post" in told
    assert b'"total":1' in told
    await stream.aclose()
