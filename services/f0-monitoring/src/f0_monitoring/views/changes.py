"""What people ask and get back about a change of the risk rules."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from common.http.bodies import Body
from f0_monitoring.domain.foresight import Move
from f0_monitoring.domain.model import Level
from f0_monitoring.rulebook.candidate import LONGEST
from f0_monitoring.views.explanation import CauseView, DocumentView
from f0_monitoring.views.requests import CommuneCode

RuleText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, strip_whitespace=False)]
Version = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$")]


class ChangeBody(Body):
    """
    Xem trước: a day, a version of the rules to try, or the text of a file that nobody has adopted.

    With none of them: the next change of the calendar. Nothing is changed or kept by asking.
    """

    day: date | None = Field(default=None, description="Ngày xem trước; để trống là lần đổi tới")
    version: Version | None = Field(default=None, description="Bộ quy định xem thử, như 604-2022")
    file: RuleText | None = Field(default=None, description="Nội dung tệp quy định (YAML) muốn thử")
    commune_code: CommuneCode | None = Field(default=None, description="Chỉ một xã, phường")


class MoveCountView(BaseModel):
    """How many open records would go from one level to another."""

    from_level: Level
    to_level: Level
    records: int


class CommuneMovesView(BaseModel):
    """How many open records of one commune would rise, fall, stay; and how many would be very high."""

    commune_code: str
    commune_name: str
    rises: int
    falls: int
    stays: int
    very_high: int


class ChangeView(BaseModel):
    """Xem trước thay đổi quy định phân loại nguy cơ."""

    day: date
    applies_at: datetime
    tried: DocumentView | None
    """The file that is only tried; empty for a change that is in the calendar."""
    starting: list[DocumentView]
    ceasing: list[DocumentView]
    records: int
    rises: int
    falls: int
    moves: list[MoveCountView]
    communes: list[CommuneMovesView]
    text: str
    text_en: str
    as_of: datetime


class MoveView(BaseModel):
    """One record that would be at another level, and why. Names are shown to those who may open records."""

    person_id: str
    full_name: str | None
    age_years: int
    commune_code: str
    commune_name: str
    from_level: Level
    to_level: Level
    last_report_at: datetime | None
    causes: list[CauseView]
    """What would count then; when the level falls, what counts today and would not any more."""


class Tally:
    """Counts moves as they pass by; keeps no record."""

    def __init__(self) -> None:
        self.pairs: Counter[tuple[Level, Level]] = Counter()
        self._communes: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, commune_code: str, move: Move) -> None:
        """Count one record."""
        self.pairs[move.from_level, move.to_level] += 1
        commune = self._communes[commune_code]
        commune["stays" if move.is_none else "rises" if move.rises else "falls"] += 1
        commune["very_high"] += move.to_level is Level.VERY_HIGH and not move.is_none

    @property
    def records(self) -> int:
        """How many records were looked at."""
        return sum(self.pairs.values())

    def total(self, way: str) -> int:
        """How many rise, fall or stay."""
        return sum(commune[way] for commune in self._communes.values())

    def moves(self) -> list[MoveCountView]:
        """Return the pairs that differ, the worst level first."""
        pairs = [(*pair, count) for pair, count in self.pairs.items() if pair[0] is not pair[1]]
        ordered = sorted(pairs, key=lambda pair: (-pair[1].rank, -pair[0].rank))
        return [MoveCountView(from_level=f, to_level=t, records=n) for f, t, n in ordered]

    def by_commune(self, names: Mapping[str, str]) -> list[CommuneMovesView]:
        """Return the communes where somebody would move, those with most rises first."""
        rows = [
            CommuneMovesView(
                commune_code=code,
                commune_name=names.get(code, code),
                rises=counts["rises"],
                falls=counts["falls"],
                stays=counts["stays"],
                very_high=counts["very_high"],
            )
            for code, counts in self._communes.items()
            if counts["rises"] + counts["falls"]
        ]
        return sorted(rows, key=lambda row: (-row.rises, -row.falls, row.commune_code))

    def codes(self) -> list[str]:
        """Return the communes that were seen."""
        return list(self._communes)
