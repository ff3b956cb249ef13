"""
Retention: what is older than the rules allow is deleted or made nameless, every hour, by every worker.

Rows are deleted; files keep what the figures need and lose who it was (`Forgetting`), each in one write.

Classes and their days are dated data (`rules/purge/<service>`); which rows a class means is the service's
composition. Doing it twice, or by two workers at once, deletes nothing more.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from common import metrics
from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.rules import DatedRules, RuleBook, RuleFileInvalid, load_rules
from common.work.engine import Work
from common.work.model import Cause, Errand, Outcome

EVERY_SECONDS: Final = 3600.0
AT_ONCE: Final = 200
NAME_REMOVED: Final = "Đã xóa họ tên theo thời hạn lưu"
"""Stands for a name that is gone."""
log = logger(__name__)


class RowClass(BaseModel):
    """How long one class is kept, from when that counts, and whether it then goes or only loses its names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z-]+$")
    keep_days: int = Field(ge=1, le=36_500)
    counted_from: Literal["received", "noted", "closed", "ended", "settled"]
    how: Literal["deleted", "anonymised"] = "deleted"
    vi: str
    en: str


class PurgeRules(DatedRules):
    """The classes of one service."""

    classes: tuple[RowClass, ...] = Field(min_length=1)


class Aging(Protocol):
    """What may be deleted or made nameless in its time."""

    async def purge(self, before: datetime) -> int:
        """Delete or make nameless what is older than *before*; return how much went."""


class AgedFiles(Protocol):
    """Files of which some are over their time."""

    async def over(self, before: datetime, *, limit: int, after: str) -> list[str]:
        """Return ids of files that were over before *before* and are still named, beyond *after*."""


class Forgetting:
    """
    Files that lose their names, each by a command of its own.

    *forget* makes the command of a file's id and the instant; its decision looks again whether the file is
    over, and answers `forgotten` if it did anything. One file is one write, so none is ever half done.
    """

    def __init__(
        self, work: Work[Any, Any], files: AgedFiles, forget: Callable[[str, datetime], Any]
    ) -> None:
        self._work, self.files, self._forget = work, files, forget

    async def purge(self, before: datetime) -> int:
        """Make nameless what was over before *before*; return how many files were."""
        done, after = 0, ""
        faults: list[Exception] = []
        while found := await self.files.over(before, limit=AT_ONCE, after=after):
            results = await self._work.run_batch([self._errand(one, before) for one in found])
            done += sum(one.outcome is Outcome.APPLIED and "forgotten" in one.answer for one in results)
            faults += [result.error for result in results if result.error]
            after = found[-1]
        if faults:
            raise ExceptionGroup("files could not be made nameless", faults)
        return done

    def _errand(self, one: str, before: datetime) -> Errand:
        return Errand(self._forget(one, before), Cause(derived_id("forget", one, before.isoformat())))


class Together:
    """Rows of several collections that make up one class."""

    def __init__(self, *parts: Aging) -> None:
        self.parts = parts

    async def purge(self, before: datetime) -> int:
        """Delete what is older than *before* in each; return how many rows went."""
        return sum([await part.purge(before) for part in self.parts])


def read_purge_rules(data: Path, service: str) -> RuleBook[PurgeRules]:
    """Read `rules/purge/<service>` below the folder *data*; raises `RuleFileInvalid`."""
    return load_rules(data / "rules" / "purge" / service, PurgeRules)


class Purge(BackgroundTask):
    """Goes round every hour; *rows* says which rows each class of the rules means."""

    def __init__(self, clock: Clock, rules: RuleBook[PurgeRules], rows: Mapping[str, Aging]) -> None:
        for version in rules.versions:
            if rows and (unknown := {one.code for one in version.classes} ^ rows.keys()):
                raise RuleFileInvalid(f"{version.version}: classes without rows or rules: {sorted(unknown)}")
        self._clock, self._rules, self._rows = clock, rules, rows

    @property
    def stores(self) -> list[Any]:
        """What needs an index of its age."""
        return [store for rows in self._rows.values() for store in _kept_in(rows)]

    async def start(self) -> None:
        """Begin."""
        self.begin(self._go_round(), "purge")

    async def round(self) -> dict[str, int]:
        """Do what is due now; return how much of each class went. A class that fails keeps no other back."""
        now = self._clock.now()
        classes = self._rules.at(now).classes if self._rows else ()
        went, faults = {}, []
        for one in classes:
            try:
                went[one.code] = await self._rows[one.code].purge(now - timedelta(days=one.keep_days))
            except Exception as fault:  # noqa: BLE001 - raised below, after the other classes
                faults.append(fault)
        measure(went)
        log.info("purged", **went)
        if faults:
            raise ExceptionGroup("retention", faults)
        return went

    async def _go_round(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("retention could not go round")
            await asyncio.sleep(EVERY_SECONDS)


def measure(went: Mapping[str, int]) -> None:
    """Tell the measures that a round was made and how much went, by class."""
    for code, count in went.items():
        metrics.purged.labels(code).inc(count)
    metrics.purged_at.set_to_current_time()


def _kept_in(rows: Aging) -> list[Any]:
    match rows:
        case Together():
            return [store for part in rows.parts for store in _kept_in(part)]
        case Forgetting():
            return [rows.files]
    return [rows]
