"""The board: the province's figures in memory, refreshed from the store, for everybody who asks."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import structlog

from common.background import BackgroundTask
from common.kernel.clock import Clock, local_day
from ioc_aggregation.domain.directives import in_force
from ioc_aggregation.domain.fold import DirectiveNote
from ioc_aggregation.domain.model import AreaSummary, Level, SeriesPoint, Unit
from ioc_aggregation.domain.province import Province
from ioc_aggregation.domain.report import Report, report_of
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.summary import (
    Surroundings,
    Tree,
    commune_summaries,
    series,
    summaries,
    with_sums,
)
from ioc_aggregation.ports import AlertRow, TotalsReader

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
LOOK_AGAIN = timedelta(seconds=10)
"""Silence and midnight come without any fact: the picture is drawn again at least this often."""
ALERTS_KEPT = 2_000
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
TAKEN = ("taken", "resolved")


@dataclass(frozen=True, slots=True)
class Picture:
    """One consistent state of the whole board; `drawn_at` is the server's time."""

    drawn_at: datetime
    areas: dict[str, AreaSummary]
    alerts: dict[str, AlertRow] = field(default_factory=dict)
    sources: dict[str, datetime] = field(default_factory=dict)
    number: int = 0

    def latest_alerts(self, codes: Callable[[str], bool], limit: int) -> list[AlertRow]:
        """Return the newest alerts of the communes that *codes* admits."""
        rows = [row for row in self.alerts.values() if codes(row.commune_code)]
        return sorted(rows, key=lambda row: (row.raised_at or row.at, row.alert_id), reverse=True)[:limit]


Listener = Callable[[Picture, list[str], list[AlertRow]], None]
"""Told the new picture, the codes of the areas that changed, and the alerts that did."""


class Board(BackgroundTask):
    """Draws the picture and tells listeners what changed in it."""

    def __init__(
        self,
        reader: TotalsReader,
        tree: Tree,
        clock: Clock,
        rules: Callable[[datetime], IocRules],
        *,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.tree = tree
        self.picture = Picture(clock.now(), {})
        self._reader = reader
        self._clock = clock
        self._rules = rules
        self._poll_seconds = poll_seconds
        self._province = Province()
        self._alerts: dict[str, AlertRow] = {}
        self._told: dict[str, list[DirectiveNote]] = {}
        self._directives: dict[str, str] = {}
        self._communes: dict[str, AreaSummary] = {}
        self._whole_at = LONG_AGO
        self._listeners: list[Listener] = []
        self._wake = asyncio.Event()

    def listen(self, listener: Listener) -> None:
        """Call *listener* after every change."""
        self._listeners.append(listener)

    def wake(self) -> None:
        """Look at once: this process has just written."""
        self._wake.set()

    async def start(self) -> None:
        """Read everything once, then follow."""
        await self.refresh()
        self.begin(self._follow(), "board")

    async def refresh(self) -> None:
        """Take what is new and draw the picture again if anything is."""
        news = await self._reader.news()
        if news.is_anew:
            self._forget_everything()
        moved: set[str] = set().union(*(self._province.put(document) or () for document in news.documents))
        alerts = [row for row in news.alerts if self._alerts.get(row.alert_id) != row]
        self._told |= news.directives
        self._alerts |= {row.alert_id: row for row in alerts}
        now = self._clock.now()
        directives = {code: held for code, told in self._told.items() if (held := in_force(told, now))}
        is_directed, self._directives = directives != self._directives, directives
        if is_directed or now - self._whole_at >= LOOK_AGAIN or local_day(now) != local_day(self._whole_at):
            self._draw(now, alerts, None)
        elif moved or alerts:
            self._draw(now, alerts, moved | {row.commune_code for row in alerts})

    @property
    def province(self) -> Province:
        """The figures as they are now; they go on changing."""
        return self._province

    def frozen(self) -> Province:
        """Return a copy of the figures as they are now, which goes on for nobody."""
        return self._province.copied()

    def drawn(self, province: Province, at: datetime) -> dict[str, AreaSummary]:
        """Return the areas as *province* has them at the instant *at*; who waited for alerts is not known."""
        directives = {code: held for code, told in self._told.items() if (held := in_force(told, at))}
        return summaries(province, self.tree, at, Surroundings(self._rules(at), {}, directives))

    def report(self, area: Unit, day: date) -> Report:
        """Return the report of *area* on *day*, which is not after today."""
        silent = [code for code, each in self._communes.items() if each.silent_since]
        return report_of(self._province, self.tree, area, day, self._clock.now(), silent)

    def series(self, code: str, metric: str, days: int) -> list[SeriesPoint]:
        """Return one figure of one area over the last *days* days, today last."""
        today = local_day(self._clock.now())
        return series(self._province, self._communes_of(code), metric, today, days)

    def _forget_everything(self) -> None:
        """Begin again: another generation holds. The old picture stays until the new one is drawn."""
        self._province, self._alerts, self._told = Province(), {}, {}
        self._whole_at = LONG_AGO

    def communes_of(self, code: str) -> list[str]:
        """Return the codes of the communes in the area *code*."""
        return list(self._communes_of(code))

    def value(self, commune: str, metric: str, day: date) -> int:
        """Return a figure of one commune on *day*; of a stock, at its end."""
        return self._province.value(commune, metric, day)

    def summed(self, commune: str, metrics: Iterable[str], days: int) -> dict[str, int]:
        """Return flows of one commune summed over the last *days* days, today included."""
        today = local_day(self._clock.now())
        flows = [self._province.flow(today - timedelta(days=back), commune) for back in range(days)]
        return {metric: sum(flow.get(metric, 0) for flow in flows) for metric in metrics}

    def _communes_of(self, code: str) -> Iterable[str]:
        communes = [s.unit for s in self.picture.areas.values() if s.unit.level is Level.COMMUNE]
        if code == self.tree.province.code:
            return [unit.code for unit in communes]
        return [unit.code for unit in communes if code in (unit.code, unit.parent_code)]

    def _draw(self, now: datetime, alerts: list[AlertRow], only: set[str] | None) -> None:
        self._forget_old_alerts()
        around = Surroundings(self._rules(now), self._waiting(), self._directives)
        fresh = commune_summaries(self._province, self.tree, now, around, only)
        self._communes = fresh if only is None else self._communes | fresh
        self._whole_at = now if only is None else self._whole_at
        before, areas = self.picture.areas, with_sums(self._communes, self.tree, around)
        changed = [code for code, area in areas.items() if before.get(code) != area]
        number = self.picture.number + 1
        self.picture = Picture(now, areas, dict(self._alerts), dict(self._province.sources), number)
        for listener in self._listeners:
            listener(self.picture, changed, alerts)

    def _waiting(self) -> dict[str, int]:
        waiting: dict[str, int] = {}
        for row in self._alerts.values():
            if row.state not in TAKEN:
                waiting[row.commune_code] = waiting.get(row.commune_code, 0) + 1
        return waiting

    def _forget_old_alerts(self) -> None:
        over = [row for row in self._alerts.values() if row.state == "resolved"]
        for row in sorted(over, key=lambda row: row.at)[: max(0, len(over) - ALERTS_KEPT)]:
            del self._alerts[row.alert_id]

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._poll_seconds):
                    await self._wake.wait()
            if self._wake.is_set():
                # Whoever writes fast is waited for: twice a second is live enough for people.
                await asyncio.sleep(self._poll_seconds)
            self._wake.clear()
            try:
                await self.refresh()
            except Exception as fault:  # noqa: BLE001 - the last picture stays, with its time
                log.warning("board not refreshed", fault=type(fault).__name__)
