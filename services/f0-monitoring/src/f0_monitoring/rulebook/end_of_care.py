"""Reading rules/end-of-care/*.yaml: who may be released on which day."""

from datetime import date
from pathlib import Path as Folder
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import Confidence, DatedRules, RuleBook, load_rules
from f0_monitoring.domain.end_of_care import EndRule, Path
from f0_monitoring.domain.model import Level


class PathRow(BaseModel):
    """One way out, with how sure we are of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9-]+$")
    from_day: int = Field(ge=0, le=60)
    needs_negative_test: bool = False
    is_fully_vaccinated: bool | None = None
    confidence: Confidence

    def to_domain(self) -> Path:
        """Return it as the domain reads it."""
        return Path(self.code, self.from_day, self.needs_negative_test, self.is_fully_vaccinated)


class EndFile(DatedRules):
    """rules/end-of-care: one document's rule."""

    paths: tuple[PathRow, ...] = Field(min_length=1)
    test_from_day: int = Field(ge=0, le=60)
    most_signs: Level
    certificate_days: int = Field(ge=1, le=400)

    @model_validator(mode="after")
    def _everybody_gets_out(self) -> Self:
        if not any(not p.needs_negative_test and p.is_fully_vaccinated is None for p in self.paths):
            raise ValueError("a path without a test must be open to everybody: some stay positive for weeks")
        return self

    def to_domain(self) -> EndRule:
        """Return it as the domain reads it."""
        return EndRule(
            version=self.version,
            document=self.document,
            paths=tuple(row.to_domain() for row in self.paths),
            test_from_day=self.test_from_day,
            most_signs=self.most_signs,
            certificate_days=self.certificate_days,
        )


class EndRuleBook:
    """All versions; `on(day)` is what the domain reads."""

    def __init__(self, book: RuleBook[EndFile]) -> None:
        self.book = book

    @classmethod
    def load(cls, folder: Folder) -> Self:
        """Read rules/end-of-care below *folder*; raise `RuleFileInvalid` with the file's name."""
        return cls(load_rules(folder / "end-of-care", EndFile))

    def on(self, day: date) -> EndRule:
        """Return the rule in force on *day*."""
        return self.book.in_force(day).to_domain()

    def version(self, version: str) -> EndRule:
        """Return one version by its name."""
        return self.book.version(version).to_domain()
