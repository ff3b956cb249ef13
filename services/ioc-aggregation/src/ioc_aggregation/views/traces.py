"""Vì sao có số này: the facts behind a figure of an area on a day, and who looked."""

from datetime import date, datetime, timedelta

from pydantic import BaseModel, Field

from common.http.pagination import PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from ioc_aggregation.domain.metrics import FROM_ALERTS, METRICS, Kind
from ioc_aggregation.ports.traces import Place, Traced, Traces
from ioc_aggregation.views.errors import AreaUnknown, DayUnseen, MetricUnknown, NotASum
from ioc_aggregation.views.scope import Scope
from ioc_aggregation.views.window import Window

ABOUT_PEOPLE = ("quarantine.", "f0-monitoring.")
"""Types whose subject is a person's pseudonym."""


class FactView(BaseModel):
    """One fact: its id on the bus, its type, whom it is about by pseudonym, and what it changed."""

    event_id: str
    type: str
    subject: str
    sequence: int
    commune_code: str
    commune_name: str
    recorded_at: datetime
    is_late: bool = Field(description="Recorded after the day was over: the number was restated.")
    change: int


class TraceView(BaseModel):
    """
    A figure and the facts behind it.

    Of a flow, *value* is the sum of all changes. Of a stock it is the value at the end of the day: that of
    the day before, plus these changes.
    """

    code: str
    name: str
    metric: str
    title: str
    definition: str
    kind: Kind
    day: date
    value: int
    before: int = Field(description="Of a stock: at the end of the day before; 0 for a flow.")
    facts: int
    change: int
    items: list[FactView]
    next: str | None = None


class TraceDesk:
    """Shows them, and notes each look."""

    def __init__(self, runtime: Runtime, traces: Traces, window: Window, history_days: int) -> None:
        self._runtime = runtime
        self._traces = traces
        self._window = window
        self._history = timedelta(days=history_days)

    async def show(self, code: str, metric: str, day: date | None, page: PageQuery, by: Actor) -> TraceView:
        """
        Show one page of the facts; the look is noted before anything is shown.

        Raises `AreaUnknown`, `MetricUnknown`, `NotASum`, `DayUnseen`, `BadCursor`.
        """
        today = local_day(self._runtime.clock.now())
        on, area = day or today, self._window.area(code, Scope.of(by))
        if area is None:
            raise AreaUnknown
        self._check(metric, on, today)
        communes = self._window.board.communes_of(code)
        after = page.after(datetime, str)
        rows = await self._traces.behind(communes, metric, on, after=_place(after), limit=page.limit + 1)
        shown, following = page_of(rows, page.limit, lambda row: (row.recorded_at, row.fact_id))
        await self._note(by, f"{code}/{metric}/{on}", shown)
        sums = await self._traces.sum_of(communes, metric, on)
        value = sum(self._window.board.value(commune, metric, on) for commune in communes)
        named = METRICS[metric]
        return TraceView(
            code=code,
            name=area.unit.name,
            metric=metric,
            title=named.title,
            definition=named.definition,
            kind=named.kind,
            day=on,
            value=value,
            before=value - sums.change if named.kind is Kind.STOCK else 0,
            facts=sums.facts,
            change=sums.change,
            items=[self._fact(row) for row in shown],
            next=following,
        )

    def _check(self, metric: str, day: date, today: date) -> None:
        if metric not in METRICS:
            raise MetricUnknown
        if metric in FROM_ALERTS:
            raise NotASum
        if not today - self._history < day <= today:
            raise DayUnseen(today - self._history + timedelta(days=1), today)

    async def _note(self, by: Actor, figure: str, shown: list[Traced]) -> None:
        people = [row.subject for row in shown if row.kind.startswith(ABOUT_PEOPLE)]
        await self._runtime.access_log.note(by, [figure, *people], f"Tra nguồn số liệu {figure}")

    def _fact(self, row: Traced) -> FactView:
        return FactView(
            event_id=row.fact_id,
            type=row.kind,
            subject=row.subject,
            sequence=row.sequence,
            commune_code=row.commune_code,
            commune_name=self._runtime.units.name_of(row.commune_code),
            recorded_at=row.recorded_at,
            is_late=local_day(row.recorded_at) > row.day,
            change=row.change,
        )


def _place(key: tuple[object, ...] | None) -> Place | None:
    match key:
        case (datetime() as at, str() as fact_id):
            return at, fact_id
        case _:
            return None
