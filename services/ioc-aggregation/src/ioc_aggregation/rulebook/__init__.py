"""The dated YAML of `rules/ioc`, validated at start, as the domain wants it."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from common.rules import DatedRules, RuleBook, load_rules
from ioc_aggregation.domain.rules import IocRules

PerHundredThousand = Annotated[float, Field(gt=0)]


class DisplayRules(DatedRules):
    """One version of the thresholds on the wall."""

    levels_per_100k_week: tuple[PerHundredThousand, PerHundredThousand, PerHundredThousand]
    silent_after_hours: Annotated[int, Field(ge=1, le=24 * 7)]
    sources_silent_after_waking_hours: dict[str, Annotated[int, Field(ge=1, le=24 * 7)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        if list(self.levels_per_100k_week) != sorted(set(self.levels_per_100k_week)):
            raise ValueError("levels_per_100k_week must rise")
        return self

    @cached_property
    def rules(self) -> IocRules:
        """The same, as the domain reads it."""
        silent_after = timedelta(hours=self.silent_after_hours)
        sources = {
            source: timedelta(hours=hours) for source, hours in self.sources_silent_after_waking_hours.items()
        }
        return IocRules(self.version, self.document, silent_after, self.levels_per_100k_week, sources)


def load_rulebook(folder: Path) -> RuleBook[DisplayRules]:
    """Read `rules/ioc`; raises `common.rules.RuleFileInvalid`."""
    return load_rules(folder, DisplayRules)
