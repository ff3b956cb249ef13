"""Reading rules/intake/*.yaml: how long people who declared themselves may wait."""

from datetime import date, timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from common.rules import DatedRules, RuleBook, load_rules
from f0_monitoring.domain.self_declared import Patience


class IntakeFile(DatedRules):
    """rules/intake: minutes for the station, then for the district, from the declaration on."""

    station_minutes: int = Field(ge=1)
    district_minutes: int = Field(ge=1)
    most_waiting: int = Field(ge=1, le=50)
    oldest_test_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _goes_up_in_order(self) -> Self:
        if self.district_minutes <= self.station_minutes:
            raise ValueError("the district must be asked before the province")
        return self

    def to_domain(self) -> Patience:
        """Return it as the domain reads it."""
        return Patience(
            version=self.version,
            station=timedelta(minutes=self.station_minutes),
            district=timedelta(minutes=self.district_minutes),
            most_waiting=self.most_waiting,
            oldest_test_days=self.oldest_test_days,
        )


class IntakeRuleBook:
    """All versions; `on(day)` is what the domain reads."""

    def __init__(self, book: RuleBook[IntakeFile]) -> None:
        self._book = book

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read rules/intake below *folder*; raise `RuleFileInvalid` with the file's name."""
        return cls(load_rules(folder / "intake", IntakeFile))

    def on(self, day: date) -> Patience:
        """Return what is in force on *day*."""
        return self._book.in_force(day).to_domain()
