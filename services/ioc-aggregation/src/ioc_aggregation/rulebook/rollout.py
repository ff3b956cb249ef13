"""The dated YAML of `rules/rollout`: how the score of a unit is made."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from common.rules import DatedRules, RuleBook, load_rules
from ioc_aggregation.domain.rollout import PARTS, RolloutRules


class RolloutFile(DatedRules):
    """One version."""

    fresh_days: Annotated[int, Field(ge=1, le=60)]
    app_target_percent: Annotated[float, Field(gt=0, le=100)]
    app_use_days: Annotated[int, Field(ge=1, le=60)] = 30
    weights: dict[str, Annotated[int, Field(ge=0, le=100)]]

    @model_validator(mode="after")
    def _all_parts(self) -> Self:
        if set(self.weights) != set(PARTS) or not sum(self.weights.values()):
            raise ValueError(f"weights must be of {', '.join(PARTS)}, and not all 0")
        return self


class RolloutBook:
    """All versions."""

    def __init__(self, book: RuleBook[RolloutFile]) -> None:
        self._book = book

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read rules/rollout below *folder*; raise `RuleFileInvalid` with the file's name."""
        return cls(load_rules(folder / "rollout", RolloutFile))

    def on(self, day: date) -> RolloutRules:
        """Return the rules in force."""
        found = self._book.in_force(day)
        return RolloutRules(
            found.version,
            found.document,
            not found.to_be_confirmed,
            found.weights,
            timedelta(days=found.fresh_days),
            found.app_target_percent,
            timedelta(days=found.app_use_days),
        )
