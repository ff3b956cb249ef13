"""Which causes an aggregate has applied: every order, every duplicate, once."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from common.work import inbox
from common.work.model import Cause, Stored


def applied_once(causes: list[Cause]) -> list[str]:
    stored: Stored[int] = Stored(state=0)
    taken = []
    for cause in causes:
        if inbox.first_answer(stored, cause) is None:
            taken.append(cause.id)
            stored = Stored(state=0, **inbox.remember(stored, cause, {})._asdict())
    return taken


def event(sequence: int, source: str = "f0-monitoring:p1") -> Cause:
    return Cause(id=f"{source}#{sequence}", source=source, sequence=sequence, gapless=True)


def test_every_order_of_five_facts_is_applied_once() -> None:
    for order in itertools.permutations(range(1, 6)):
        taken = applied_once([event(n) for n in order])

        assert sorted(taken) == sorted(event(n).id for n in range(1, 6))


@given(st.lists(st.integers(1, 30), max_size=120))
def test_duplicates_and_reordering_within_the_window_apply_each_fact_once(order: list[int]) -> None:
    taken = applied_once([event(n) for n in order])

    assert len(taken) == len(set(order))


def test_a_whole_replay_applies_nothing_again() -> None:
    facts = [event(n) for n in range(1, 400)]

    assert len(applied_once(facts + facts)) == 399


def test_a_replay_of_unordered_records_is_stopped_by_the_offset_mark() -> None:
    records = [Cause(id=f"r{n}", source="f0.reports.v1-0", sequence=n) for n in range(200)]

    assert len(applied_once(records + records)) == 200


def test_a_record_published_twice_nearby_is_applied_once() -> None:
    first = Cause(id="r1", source="f0.reports.v1-0", sequence=7)
    again = Cause(id="r1", source="f0.reports.v1-0", sequence=9)

    assert applied_once([first, again]) == ["r1"]


def test_a_fact_from_the_retry_topic_is_applied_late() -> None:
    assert applied_once([event(1), event(3), event(4), event(2), event(2)])[-1] == event(2).id


def test_an_http_request_repeated_gets_its_first_answer() -> None:
    stored: Stored[int] = Stored(state=0)
    stored = Stored(state=0, **inbox.remember(stored, Cause(id="key-1"), {"receipt": "A1"})._asdict())

    assert inbox.first_answer(stored, Cause(id="key-1")) == {"receipt": "A1"}


def test_the_inbox_stays_small() -> None:
    stored: Stored[int] = Stored(state=0)
    for n in range(1, 1000, 2):
        record = Cause(id=f"r-{n}", source="f0.reports.v1-0", sequence=n)
        for cause, answer in ((event(n), {}), (record, {}), (Cause(id=f"http-{n}"), {"n": n})):
            stored = Stored(state=0, **inbox.remember(stored, cause, answer)._asdict())

    assert len(stored.results) == 16
    assert len(stored.recent) == 16 * 8
    assert len(stored.marks["f0-monitoring:p1"].missing) == 32
