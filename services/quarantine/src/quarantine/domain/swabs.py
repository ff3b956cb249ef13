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
