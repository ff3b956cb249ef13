"""Xét nghiệm dương tính: a contact in quarantine turns out to be ill."""

from dataclasses import replace
from datetime import datetime, timedelta

from common.kernel.clock import local_day
from quarantine.domain.commands import RecordPositive
from quarantine.domain.errors import DateImpossible
from quarantine.domain.model import Case
from quarantine.domain.orders import open_stay
from quarantine.domain.swabs import PositiveTest, Result, SampledAt, Verdict

BEFORE_START = timedelta(days=3)
"""A sample is often taken before the order is signed."""
CLOCKS = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""


def record(case: Case | None, command: RecordPositive, now: datetime) -> Case:
    """
    Keep the positive test of an open stay; from it follows that the stay ended (see `standing.ending_of`).

    Refuses a day in the future or long before the stay, and a stay that has ended.
    """
    found, _person, stay = open_stay(case, command.by)
    if command.tested_on > local_day(now):
        raise DateImpossible("Ngày xét nghiệm ở tương lai. Hãy xem lại.", field="tested_on")
    if command.tested_on < stay.starts_on - BEFORE_START:
        raise DateImpossible(
            f"Ngày xét nghiệm trước đợt cách ly này ({stay.starts_on:%d/%m/%Y}). Hãy xem lại.",
            field="tested_on",
        )
    positive = PositiveTest(
        test_id=command.test_id,
        kind=command.kind,
        tested_on=command.tested_on,
        at=now,
        by=command.by.subject,
        age_years=command.age_years,
        doses=stay.basis.immunity.doses if stay.basis else None,
    )
    return replace(found, stay=replace(stay, positive=positive, results=_with(stay.results, positive)))


def _with(results: tuple[Result, ...], positive: PositiveTest) -> tuple[Result, ...]:
    """Add the positive test to the tests of the stay, unless it is there already."""
    if any(one.test_id == positive.test_id for one in results):
        return results
    one = Result(
        positive.test_id,
        positive.kind,
        Verdict.POSITIVE,
        SampledAt.STATION,
        positive.tested_on,
        positive.at,
        positive.by,
    )
    return (*results, one)
