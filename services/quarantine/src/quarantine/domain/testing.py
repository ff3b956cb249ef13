"""Kết quả xét nghiệm: every sample of a stay is kept; a positive one makes an F0."""

from dataclasses import replace
from datetime import datetime

from common.kernel.clock import local_day
from quarantine.domain.acts import RecordTest, TestRecorded
from quarantine.domain.commands import RecordPositive
from quarantine.domain.errors import DateImpossible
from quarantine.domain.model import Case, Stay
from quarantine.domain.orders import open_stay
from quarantine.domain.positives import BEFORE_START, CLOCKS
from quarantine.domain.positives import record as record_positive
from quarantine.domain.swabs import Result, Verdict

RESULTS_KEPT = 24
"""More than any protocol asks for (5152: five); a file stays small."""


def record(case: Case | None, command: RecordTest, now: datetime) -> tuple[Case, tuple[TestRecorded, ...]]:
    """
    Keep a result; the same sample written down twice is one.

    Refuses a sample from the future or from long before the stay, a result before its sample, and a stay that
    has ended.
    """
    found, person, stay = open_stay(case, command.by)
    result = _result(command, now)
    if any(_is_same(result, kept) for kept in stay.results):
        return found, ()
    _refuse_impossible(stay, command, now)
    kept = replace(found, stay=replace(stay, results=(*stay.results, result)[-RESULTS_KEPT:]))
    if command.verdict is Verdict.POSITIVE:
        kept = record_positive(kept, _positive(command, result), now)
    told = TestRecorded(
        found.person_id,
        person.area,
        test_id=result.test_id,
        kind=result.kind,
        verdict=result.verdict,
        sampled_at=result.sampled_at,
        taken_on=result.taken_on,
        recorded_at=now,
    )
    return kept, (told,)


def _result(command: RecordTest, now: datetime) -> Result:
    return Result(
        command.test_id,
        command.kind,
        command.verdict,
        command.sampled_at,
        local_day(command.taken_at),
        now,
        command.by.subject,
        command.taken_at,
        command.resulted_at,
        command.sample_id,
    )


def _positive(command: RecordTest, result: Result) -> RecordPositive:
    return RecordPositive(
        command.person_id, command.by, command.test_id, command.kind, result.taken_on, command.age_years
    )


def _is_same(one: Result, other: Result) -> bool:
    """Two officers who write down the same tube, or the same test of the same day, mean one."""
    if one.test_id == other.test_id:
        return True
    if one.verdict is not other.verdict or one.kind is not other.kind or one.taken_on != other.taken_on:
        return False
    return one.sample_id == other.sample_id


def _refuse_impossible(stay: Stay, command: RecordTest, now: datetime) -> None:
    if command.taken_at > now + CLOCKS:
        raise DateImpossible("Giờ lấy mẫu ở tương lai. Hãy xem lại.", field="taken_at")
    if command.resulted_at and not command.taken_at <= command.resulted_at <= now + CLOCKS:
        raise DateImpossible(
            "Giờ có kết quả phải sau giờ lấy mẫu và không ở tương lai. Hãy xem lại.", field="resulted_at"
        )
    if local_day(command.taken_at) < stay.starts_on - BEFORE_START:
        raise DateImpossible(
            f"Ngày lấy mẫu trước đợt cách ly này ({stay.starts_on:%d/%m/%Y}). Hãy xem lại.", field="taken_at"
        )
