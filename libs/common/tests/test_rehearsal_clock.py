"""The clock of demonstrations."""

from datetime import UTC, datetime, timedelta

import pytest

from common.clocks import FrozenClock, RehearsalClock, real_seconds_since, shown_before

ANCHOR = datetime(2026, 1, 8, tzinfo=UTC)
CLOCK = RehearsalClock("2026-01-01T00:00:00+00:00@2026-01-08T00:00:00+00:00*1000")


def test_it_starts_in_the_past_and_runs_fast() -> None:
    assert CLOCK.at(ANCHOR) == datetime(2026, 1, 1, tzinfo=UTC)
    assert CLOCK.at(ANCHOR + timedelta(seconds=60)) == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(
        seconds=60_000
    )


def test_it_becomes_real_when_it_has_caught_up_and_never_runs_ahead() -> None:
    caught_up = ANCHOR + timedelta(seconds=606)

    assert CLOCK.at(caught_up) == caught_up
    assert CLOCK.at(caught_up + timedelta(days=1)) == caught_up + timedelta(days=1)


def test_an_instant_shown_can_be_turned_back_into_real_time() -> None:
    shown = CLOCK.at(ANCHOR + timedelta(seconds=17))

    assert CLOCK.real_time_of(shown) == ANCHOR + timedelta(seconds=17)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-09T00:00:00+00:00@2026-01-08T00:00:00+00:00*10",
        "2026-01-01T00:00:00+00:00@2026-01-08T00:00:00+00:00*0.5",
    ],
)
def test_a_rehearsal_of_the_future_or_in_slow_motion_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="rehearsal"):
        RehearsalClock(text)


def test_a_rehearsal_measures_how_long_something_really_took() -> None:
    now = datetime.now(UTC)
    fast = RehearsalClock(f"{(now - timedelta(days=7)).isoformat()}@{now.isoformat()}*1000")

    assert 0 <= real_seconds_since(fast, fast.at(now)) < 5
    assert timedelta(0) < fast.now() - shown_before(fast, timedelta(seconds=1)) < timedelta(hours=1)


def test_another_clock_measures_by_itself() -> None:
    still = FrozenClock(ANCHOR)

    assert real_seconds_since(still, ANCHOR - timedelta(seconds=90)) == 90
    assert real_seconds_since(still, ANCHOR + timedelta(seconds=90)) == 0, "clocks of two machines differ"
    assert shown_before(still, timedelta(seconds=1)) == ANCHOR - timedelta(seconds=1)
