"""The agenda on machines that keep up and on those that do not; what the acting parts count."""

import asyncio
from datetime import UTC, datetime, timedelta

from common.clocks import RehearsalClock
from deploy.local.rehearsal import START_UP, last_week
from tests.load.province.__main__ import scale_that_fits
from tests.load.province.agenda import Agenda
from tests.load.province.moments import at_local, midnight
from tests.load.province.truth import Truth

START = datetime(2022, 1, 14, 17, 0, tzinfo=UTC)  # midnight in Vietnam
SPEED = 100_000


def fast() -> RehearsalClock:
    return RehearsalClock(f"{START.isoformat()}@{datetime.now(UTC).isoformat()}*{SPEED}")


async def test_a_machine_that_cannot_keep_up_does_everything_in_order() -> None:
    agenda, done = Agenda(fast(), at_once=1), []

    async def deed(number: int) -> None:
        await asyncio.sleep(0.005)
        done.append(number)

    for number in range(40):
        agenda.add(START + timedelta(minutes=number), lambda n=number: deed(n))  # type: ignore[misc]
    await agenda.run_until(START + timedelta(minutes=39))

    assert done == list(range(40))
    assert agenda.greatest_lag_seconds > 0.05
    assert agenda.faults == []


async def test_what_a_late_deed_plans_before_the_end_is_done_too_and_what_is_later_waits() -> None:
    agenda, done = Agenda(fast()), []
    end = START + timedelta(minutes=10)

    async def follow(name: str) -> None:
        done.append(name)

    async def begin() -> None:
        await asyncio.sleep(0.05)
        agenda.add(end - timedelta(minutes=1), lambda: follow("before"))
        agenda.add(end + timedelta(days=300), lambda: follow("after"))

    agenda.add(START, begin)
    await agenda.run_until(end)

    assert done == ["before"]
    assert agenda.pending == 1


async def test_a_fault_of_one_deed_is_told_and_stops_nobody_else() -> None:
    agenda, done = Agenda(fast()), []

    async def fails() -> None:
        raise RuntimeError("nobody at home")

    async def works() -> None:
        done.append(True)

    agenda.add(START, fails)
    agenda.add(START + timedelta(seconds=1), works)
    await agenda.run_until(START + timedelta(minutes=1))

    assert agenda.faults == ["RuntimeError: nobody at home"]
    assert done == [True]


def test_the_week_of_the_demonstration_has_seven_whole_days_and_one_to_spare() -> None:
    now = datetime(2022, 3, 5, 1, 30, tzinfo=UTC)
    clock = RehearsalClock(last_week(1000, now).text)
    first = clock.at(now + START_UP)

    assert first == midnight(first)
    assert midnight(first, days=7) == midnight(now) - timedelta(days=1)
    assert at_local(now, 25.5) == midnight(now) + timedelta(days=1, hours=1.5)


def test_the_size_of_the_province_fits_the_machine_and_the_speed() -> None:
    assert scale_that_fits(2, 1000) == 0.2
    assert scale_that_fits(8, 1000) == 0.8
    assert scale_that_fits(2, 1) == 1.0


def test_what_was_sent_twice_counts_once() -> None:
    truth = Truth()
    for _ in range(2):
        truth.report(truth.f0_reports, "05431", "report-1", is_late=True)
        truth.scan("05500", "scan-1", "refused", "expired", is_offline=True)

    totals = truth.totals()
    assert totals["f0_reports"] == totals["reports_late"] == 1
    assert totals["scans"] == totals["scans_refused"] == totals["scans_offline"] == 1
