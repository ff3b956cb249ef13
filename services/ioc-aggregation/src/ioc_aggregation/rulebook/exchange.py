"""The dated YAML of `rules/dhis2`: by which codes the national system knows our figures and communes."""

from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import DatedRules, RuleBook, load_rules
from ioc_aggregation.domain.exchange import Measure
from ioc_aggregation.domain.metrics import FROM_ALERTS, METRICS

Scheme = Literal["uid", "code", "name"]


class MeasureRow(BaseModel):
    """One of our figures and its codes there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    data_element: str = Field(min_length=1, max_length=50)
    category_option_combo: str = Field(default="default", min_length=1, max_length=50)


class OrgUnits(BaseModel):
    """A commune is *prefix* and its code, unless it stands among *codes*."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: str = Field(max_length=20)
    codes: dict[str, str] = {}


class ExchangeFile(DatedRules):
    """One version."""

    data_set: str = Field(min_length=1, max_length=50)
    data_element_id_scheme: Scheme
    org_unit_id_scheme: Scheme
    category_option_combo_id_scheme: Scheme
    data_set_id_scheme: Scheme
    org_units: OrgUnits
    measures: tuple[MeasureRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_figure_is_known_and_has_its_own_place(self) -> Self:
        names = [row.metric for row in self.measures]
        places = [(row.data_element, row.category_option_combo) for row in self.measures]
        unknown = sorted({name for name in names if name not in METRICS or name in FROM_ALERTS})
        if unknown:
            raise ValueError(f"no figures by day: {', '.join(unknown)}")
        if len(set(names)) < len(names) or len(set(places)) < len(places):
            raise ValueError("a figure or a place for one is named twice")
        if len(set(self.org_units.codes.values())) < len(self.org_units.codes):
            raise ValueError("two communes have one org unit")
        return self

    def org_unit(self, commune_code: str) -> str:
        """Return by which code a commune is known there."""
        return self.org_units.codes.get(commune_code, f"{self.org_units.prefix}{commune_code}")

    def listed(self) -> tuple[Measure, ...]:
        """Return the figures in the order of the file."""
        return tuple(Measure(r.metric, r.data_element, r.category_option_combo) for r in self.measures)


class ExchangeBook:
    """All versions."""

    def __init__(self, book: RuleBook[ExchangeFile]) -> None:
        self._book = book

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read dhis2 below *folder*; raise `RuleFileInvalid` with the file's name."""
        return cls(load_rules(folder / "dhis2", ExchangeFile))

    def on(self, day: date) -> ExchangeFile:
        """Return the mapping in force."""
        return self._book.in_force(day)
