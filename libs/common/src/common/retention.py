"""
Retention: rows of a class that are older than the rules allow are deleted, every hour, by every worker.

Classes and their days are dated data (`rules/purge/<service>`); which rows a class means is the service's
composition. Doing it twice, or by two workers at once, deletes nothing more.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.logs import logger
from common.rules import DatedRules, RuleBook, RuleFileInvalid, load_rules

EVERY_SECONDS: Final = 3600.0
log = logger(__name__)


class RowClass(BaseModel):
    """How long rows of one class are kept, and from when that counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z-]+$")
    keep_days: int = Field(ge=1, le=36_500)
    counted_from: Literal["received", "noted"]
    vi: str
    en: str


class PurgeRules(DatedRules):
    """The classes of one service."""

    classes: tuple[RowClass, ...] = Field(min_length=1)


class Aging(Protocol):
    """Rows that may be deleted in their time."""

    async def purge(self, before: datetime) -> int:
        """Delete what is older than *before*; return how many rows went."""


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
    def stores(self) -> list[Aging]:
        """What needs an index of its age."""
        return list(self._rows.values())

    async def start(self) -> None:
        """Begin."""
        self.begin(self._go_round(), "purge")

    async def round(self) -> dict[str, int]:
        """Delete what is due now; return how many rows of each class went."""
        now = self._clock.now()
        classes = self._rules.at(now).classes if self._rows else ()
        return {
            one.code: await self._rows[one.code].purge(now - timedelta(days=one.keep_days)) for one in classes
        }

    async def _go_round(self) -> None:
        while True:
            try:
                log.info("purged", **await self.round())
            except Exception:
                log.exception("retention could not go round")
            await asyncio.sleep(EVERY_SECONDS)
