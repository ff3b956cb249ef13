"""Tests: which kind, and the positive one that makes a contact an F0."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Assay(StrEnum):
    """Test nhanh or RT-PCR."""

    RAPID = "rapid"
    PCR = "pcr"


@dataclass(frozen=True, slots=True)
class PositiveTest:
    """
    Kết quả dương tính: taken on *tested_on*, recorded at *at*.

    Age in years and doses are what F0 care needs to judge the risk before it knows who it is.
    """

    test_id: str
    kind: Assay
    tested_on: date
    at: datetime
    by: str
    age_years: int | None = None
    doses: int | None = None


class Verdict(StrEnum):
    """Âm tính, dương tính, không xác định (to be taken again)."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INCONCLUSIVE = "inconclusive"


class SampledAt(StrEnum):
    """Where a sample was taken."""

    HOME = "home"
    STATION = "station"
    FACILITY = "facility"
    HOSPITAL = "hospital"


@dataclass(frozen=True, slots=True)
class Result:
    """
    Kết quả của một mẫu: taken on *taken_on*, known since *resulted_at*, recorded at *at* by *by*.

    *taken_at* is None where only the day is known. *sample_id* is what is written on the tube.
    """

    test_id: str
    kind: Assay
    verdict: Verdict
    sampled_at: SampledAt
    taken_on: date
    at: datetime
    by: str
    taken_at: datetime | None = None
    resulted_at: datetime | None = None
    sample_id: str = ""
