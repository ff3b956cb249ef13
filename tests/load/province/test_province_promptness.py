"""Who had to be noticed, and how long it took: the truth that the simulated week is held against."""

from datetime import datetime, timedelta

import pytest

from common.kernel.clock import VIETNAM
from tests.load.province.promptness import Promptness, are_met, rows, says_emergency, waited, waits


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 1, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"spo2_percent": 93, "spo2_repeat_percent": 93}, True),
        ({"spo2_percent": 93, "spo2_repeat_percent": 94}, False),
        ({"spo2_percent": 90}, False),
        ({"spo2_percent": 98, "symptoms": ["cough", "dyspnoea"]}, True),
        ({"spo2_percent": 98, "symptoms": ["cough"]}, False),
        ({}, False),
    ],
)
def test_only_what_is_beyond_doubt_is_an_emergency(body, expected: bool) -> None:
    assert says_emergency(body) is expected


def test_an_old_sheet_is_no_emergency_of_now_and_the_first_one_counts() -> None:
    low = {"spo2_percent": 90, "spo2_repeat_percent": 90}
    seen = Promptness()
    seen.took("late", low, at(15, 8), at(15, 20))
    seen.took("p", low, at(15, 8), at(15, 8, 1))
    seen.took("p", low, at(15, 18), at(15, 18, 1))

    assert seen.worsened == {"p": at(15, 8, 1)}


@pytest.mark.parametrize(
    ("heard", "due", "silent"),
    [
        (None, at(16, 21), True),
        (at(16, 4, 59), at(16, 21), True),
        (at(16, 5), at(16, 21), False),
        (at(16, 10, 30), at(16, 21), False),  # too late for the morning, and it began the row anew
        (at(15, 13), at(16, 10), True),
        (at(15, 14), at(16, 10), False),
    ],
)
def test_silence_is_nothing_at_all_over_two_deadlines(heard, due: datetime, silent: bool) -> None:
    seen = Promptness()
    if heard:
        seen.tried("p", heard)
    seen.deadline("p", at(14, 8), due)

    assert ("p" in seen.silent) is silent


def test_a_new_patient_owes_nothing_for_the_first_hours() -> None:
    seen = Promptness()
    seen.deadline("p", at(15, 7, 30), at(15, 21))
    assert seen.silent == {}, "the first deadline was the evening: only one has passed"
    seen.deadline("p", at(15, 7, 30), at(16, 10))
    assert seen.silent == {"p": at(16, 10)}


def alert(
    raised: datetime, *, called: datetime | None = None, ended: datetime | None = None, severity="critical"
):
    return {
        "raised_at": raised.isoformat(),
        "called_at": (called or raised).isoformat(),
        "severity": severity,
        "ended": {"at": ended.isoformat()} if ended else None,
    }


def test_waits_are_real_seconds_from_the_deed_to_the_call() -> None:
    begun = at(15, 8)
    since = dict.fromkeys(("quick", "running", "again", "over", "mild", "nobody"), begun)
    found = waited(
        since,
        {
            "quick": [alert(begun + timedelta(seconds=2000))],
            "running": [alert(at(15, 7))],
            "again": [alert(at(14, 7), called=begun + timedelta(seconds=500))],
            "over": [alert(at(14, 7), ended=at(14, 9))],
            "mild": [alert(begun, severity="warning")],
        },
        1000,
        "critical",
    )

    assert sorted(found.seconds) == [0.0, 0.5, 2.0]
    assert found.missed == ("mild", "nobody", "over")
    assert [(row.happened, row.told) for row in rows(found, found)] == [(6, 3), (6, 3)]
    assert are_met(found, found)


async def test_an_alert_that_a_later_one_replaced_still_counts_if_somebody_on_duty_saw_it() -> None:
    begun, again = at(15, 10), at(20, 10)

    def silence(alert_id: str, raised: datetime) -> dict[str, object]:
        return {**alert(raised), "alert_id": alert_id, "condition": "patient-silent", "person_id": "p"}

    class Inbox:
        at = type("At", (), {"alerting": ""})

        async def get(self, url: str, **_: str) -> dict[str, object]:
            return {"items": [silence("second", again)] if "status=open" in url else [], "next": None}

    unseen, seen = Promptness(silent={"p": begun}), Promptness(silent={"p": begun})
    seen.saw([silence("first", begun + timedelta(seconds=300))], at(15, 11))

    _, late = await waits(Inbox(), unseen, 1000)
    _, prompt = await waits(Inbox(), seen, 1000)
    assert (late.seconds, prompt.seconds) == ((432.0,), (0.3,))
