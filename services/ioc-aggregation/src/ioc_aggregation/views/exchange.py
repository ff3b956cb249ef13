"""Totals for DHIS2, in the words of its `dataValueSets` and `completeDataSetRegistrations`."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from common.kernel.areas import Actor
from common.kernel.clock import Clock, local_day
from ioc_aggregation.domain.exchange import DAY, Every, Exchange, Value, days_over
from ioc_aggregation.domain.model import Level
from ioc_aggregation.rulebook.exchange import ExchangeBook, ExchangeFile
from ioc_aggregation.views.asked import Period
from ioc_aggregation.views.errors import AreaUnknown, PeriodImpossible
from ioc_aggregation.views.hindsight import Hindsight
from ioc_aggregation.views.scope import Scope
from ioc_aggregation.views.tables import seen

CSV_TYPE: Final = "application/csv"
"""As DHIS2 wants it when it is sent on; without the mark of UTF-8, which it does not expect."""
COLUMNS: Final = ("dataelement", "period", "orgunit", "categoryoptioncombo", "attributeoptioncombo", "value")
DAYS_MAX: Final = 31
DEFAULT_OPTION: Final = "default"


class _Dxf(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class DataValue(_Dxf):
    """One value."""

    data_element: str
    period: str = Field(description="yyyyMMdd, hoặc yyyyWn theo tuần ISO")
    org_unit: str
    category_option_combo: str
    value: str


class DataValueSet(_Dxf):
    """Gửi nguyên văn tới POST /api/dataValueSets của DHIS2."""

    data_element_id_scheme: str
    org_unit_id_scheme: str
    category_option_combo_id_scheme: str
    data_values: list[DataValue]


class Registration(_Dxf):
    """Whether a commune's set of a period is whole."""

    data_set: str
    period: str
    organisation_unit: str
    completed: bool


class Registrations(_Dxf):
    """Gửi nguyên văn tới POST /api/completeDataSetRegistrations của DHIS2."""

    complete_data_set_registrations: list[Registration]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be handed on."""

    period: Period
    every: Every = Every.DAY
    only_restated: bool = False
    area: str | None = None


class ExchangeDesk:
    """Hands totals on; *history_days* is how far back days are kept at hand."""

    def __init__(self, hindsight: Hindsight, clock: Clock, book: ExchangeBook, history_days: int) -> None:
        self._hindsight, self._clock, self._book = hindsight, clock, book
        self._history = timedelta(days=history_days - 1)

    async def values(self, wanted: Wanted, by: Actor) -> DataValueSet:
        """Return the values of the communes that *by* may see. Raises `PeriodImpossible`, `AreaUnknown`."""
        exchange, mapping = await self._asked(wanted, by)
        found = exchange.values(only_restated=wanted.only_restated)
        return DataValueSet(
            data_element_id_scheme=mapping.data_element_id_scheme,
            org_unit_id_scheme=mapping.org_unit_id_scheme,
            category_option_combo_id_scheme=mapping.category_option_combo_id_scheme,
            data_values=[_value(one, mapping) for one in found],
        )

    async def registrations(self, wanted: Wanted, by: Actor) -> Registrations:
        """Return which communes are whole for each period; a silent one is not. Raises as `values` does."""
        exchange, mapping = await self._asked(wanted, by)
        return Registrations(
            complete_data_set_registrations=[
                Registration(
                    data_set=mapping.data_set,
                    period=one.period,
                    organisation_unit=mapping.org_unit(code),
                    completed=code in one.heard,
                )
                for one in exchange.coverage()
                for code in sorted((*one.heard, *one.silent))
            ]
        )

    async def _asked(self, wanted: Wanted, by: Actor) -> tuple[Exchange, ExchangeFile]:
        look = await self._hindsight.look(None)
        today = local_day(self._clock.now())
        span = self._span(wanted, today)
        mapping = self._book.on(today)
        units = [each.unit for each in seen(look, Scope.of(by), Level.COMMUNE)]
        if wanted.area is not None:
            units = [
                u for u in units if wanted.area in (u.code, u.parent_code, self._hindsight.tree.province.code)
            ]
        if not units:
            raise AreaUnknown
        oldest = today - self._history
        exchange = Exchange(
            look.province, self._hindsight.tree, units, mapping.listed(), wanted.every, span, oldest
        )
        return exchange, mapping

    def _span(self, wanted: Wanted, today: date) -> tuple[date, date]:
        """Return the days of whole periods that are over; yesterday or last week unless told otherwise."""
        oldest, newest = today - self._history, today - DAY
        last = wanted.period.last or newest
        back = 0 if wanted.every is Every.DAY else 12
        first = wanted.period.first or max(oldest, last - back * DAY)
        is_possible = oldest <= first <= last <= newest and (last - first).days < DAYS_MAX
        span = days_over(wanted.every, first, last) if is_possible else None
        if span is None:
            raise PeriodImpossible(oldest, newest)
        return span


def csv_of(values: DataValueSet) -> bytes:
    """Return the same as CSV, in the columns of DHIS2."""
    content = io.StringIO(newline="")
    writer = csv.writer(content, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in values.data_values:
        place = (one.data_element, one.period, one.org_unit, one.category_option_combo)
        writer.writerow((*place, DEFAULT_OPTION, one.value))
    return content.getvalue().encode()


def _value(one: Value, mapping: ExchangeFile) -> DataValue:
    return DataValue(
        data_element=one.measure.data_element,
        period=one.period,
        org_unit=mapping.org_unit(one.commune_code),
        category_option_combo=one.measure.category_option_combo,
        value=str(one.amount),
    )
