"""Reading rules/facilities/*.yaml: how long a transfer may take, and when a stock is about to run out."""

from datetime import date, timedelta
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.rules import DatedRules, RuleBook, load_rules
from f0_monitoring.domain.stock_items import ItemRule, StockRules
from f0_monitoring.domain.transfer import TransferRules


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Minutes(_Part):
    """For ordinary transfers and for emergencies, which never have more time."""

    ordinary: int = Field(ge=1)
    emergency: int = Field(ge=1)

    @model_validator(mode="after")
    def _emergencies_hurry(self) -> Self:
        if self.emergency > self.ordinary:
            raise ValueError("an emergency has no more time than others")
        return self


class TransferMinutes(_Part):
    """The three waits of a transfer."""

    answer_minutes: Minutes
    reservation_minutes: Minutes
    transport_minutes: Minutes


class Words(_Part):
    """In both languages."""

    vi: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=60)


class ItemRow(_Part):
    """One kind of thing that is counted."""

    name: Words
    unit: Words
    warn_hours: float = Field(gt=0)
    critical_hours: float = Field(gt=0)

    @model_validator(mode="after")
    def _warns_first(self) -> Self:
        if self.critical_hours >= self.warn_hours:
            raise ValueError("the warning must come before it is critical")
        return self

    def to_domain(self) -> ItemRule:
        """Return it as the domain reads it."""
        return ItemRule(
            (self.name.vi, self.name.en),
            (self.unit.vi, self.unit.en),
            timedelta(hours=self.warn_hours),
            timedelta(hours=self.critical_hours),
        )


class FacilityFile(DatedRules):
    """rules/facilities: one version."""

    transfers: TransferMinutes
    items: dict[str, ItemRow] = Field(min_length=1)

    def transfer_rules(self) -> TransferRules:
        """Return the waits of a transfer as the domain reads them."""
        waits = self.transfers
        return TransferRules(
            version=self.version,
            answer=timedelta(minutes=waits.answer_minutes.ordinary),
            answer_emergency=timedelta(minutes=waits.answer_minutes.emergency),
            reservation=timedelta(minutes=waits.reservation_minutes.ordinary),
            reservation_emergency=timedelta(minutes=waits.reservation_minutes.emergency),
            transport=timedelta(minutes=waits.transport_minutes.ordinary),
            transport_emergency=timedelta(minutes=waits.transport_minutes.emergency),
        )


class FacilityRuleBook:
    """All versions; what is in force on a day is read as the domain needs it."""

    def __init__(self, book: RuleBook[FacilityFile]) -> None:
        self._book = book

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read rules/facilities below *folder*; raise `RuleFileInvalid` with the file's name."""
        return cls(load_rules(folder / "facilities", FacilityFile))

    def transfers_on(self, day: date) -> TransferRules:
        """Return how long the steps of a transfer may take."""
        return self._book.in_force(day).transfer_rules()

    def stock_on(self, day: date) -> StockRules:
        """Return what is counted and when its end is near."""
        return {name: row.to_domain() for name, row in self._book.in_force(day).items.items()}
