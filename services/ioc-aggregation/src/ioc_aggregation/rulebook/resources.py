"""The dated YAML of `rules/oxygen-need`, and the thresholds of `rules/facilities` of the wall."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import DatedRules, RuleBook, load_rules
from ioc_aggregation.domain.oxygen_need import LEVELS, LevelNeed, NeedRules
from ioc_aggregation.domain.resources import Threshold

Litres = Annotated[float, Field(gt=0)]


class Flow(BaseModel):
    """Litres of gas per minute of a patient on oxygen: the mean that is planned with, and its range."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: Litres
    lowest: Litres
    highest: Litres

    @model_validator(mode="after")
    def _mean_lies_between(self) -> Self:
        if not self.lowest <= self.mean <= self.highest:
            raise ValueError("the mean must lie between lowest and highest")
        return self


class Level(BaseModel):
    """One risk level."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on_oxygen_percent: float = Field(ge=0, le=100)
    litres_per_minute: Flow


class NeedFile(DatedRules):
    """rules/oxygen-need: one version."""

    cylinder_litres: Litres
    horizons_hours: tuple[Annotated[int, Field(ge=1, le=240)], ...] = Field(min_length=1)
    levels: dict[str, Level]

    @model_validator(mode="after")
    def _all_levels(self) -> Self:
        if set(self.levels) != set(LEVELS):
            raise ValueError(f"levels must be {', '.join(LEVELS)}")
        return self

    def to_domain(self) -> NeedRules:
        """Return it as the domain reads it."""
        levels = {
            name: LevelNeed(
                level.on_oxygen_percent / 100,
                level.litres_per_minute.mean,
                level.litres_per_minute.lowest,
                level.litres_per_minute.highest,
            )
            for name, level in self.levels.items()
        }
        return NeedRules(
            self.version,
            self.document,
            not self.to_be_confirmed,
            levels,
            self.cylinder_litres,
            self.horizons_hours,
        )


class _Words(BaseModel):
    vi: str
    en: str


class _ItemRow(BaseModel):
    name: _Words
    unit: _Words
    warn_hours: float
    critical_hours: float


class StockFile(DatedRules):
    """rules/facilities: of that file only what is counted; f0-monitoring owns and checks the rest."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    items: dict[str, _ItemRow]


class ResourceRules:
    """Both, by day."""

    def __init__(self, needs: RuleBook[NeedFile], stocks: RuleBook[StockFile]) -> None:
        self._needs = needs
        self._stocks = stocks

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read them below *folder*; raise `RuleFileInvalid` with the file's name."""
        return cls(load_rules(folder / "oxygen-need", NeedFile), load_rules(folder / "facilities", StockFile))

    def need_on(self, day: date) -> NeedRules:
        """Return the parameters of the forecast."""
        return self._needs.in_force(day).to_domain()

    def thresholds_on(self, day: date) -> dict[str, Threshold]:
        """Return what is counted and when its end is near."""
        return {
            name: Threshold(
                (row.name.vi, row.name.en),
                (row.unit.vi, row.unit.en),
                timedelta(hours=row.warn_hours),
                timedelta(hours=row.critical_hours),
            )
            for name, row in self._stocks.in_force(day).items.items()
        }
