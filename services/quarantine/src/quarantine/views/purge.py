"""Retention: what is older than its class may be is deleted or made nameless; safe to do twice."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from common.background import BackgroundTask
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.logs import logger
from common.retention import measure
from common.rules import RuleBook
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause, Errand
from quarantine.domain.model import Case
from quarantine.domain.retention import Anonymise
from quarantine.ports.citizens import AgedCases, AgedEnrolments, AgedReports
from quarantine.ports.photos import Photos
from quarantine.rulebook import RetentionFile

AT_ONCE: Final = 200
EVERY_SECONDS: Final = 3600.0
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """How much went in one round."""

    declarations: int
    files: int
    phones: int
    photos: int


class Purge(BackgroundTask):
    """Goes round every hour; a round that was cut off is done again by the next."""

    def __init__(
        self,
        runtime: Runtime,
        work: Work[Case, Any],
        retention: RuleBook[RetentionFile],
        *,
        cases: AgedCases,
        reports: AgedReports,
        enrolments: AgedEnrolments,
        photos: Photos,
    ) -> None:
        self._runtime, self._work, self._retention = runtime, work, retention
        self._cases, self._reports, self._enrolments = cases, reports, enrolments
        self._photos = photos

    async def start(self) -> None:
        """Begin."""
        self.begin(self._go_round(), "retention")

    async def _go_round(self) -> None:
        while True:
            try:
                went = asdict(await self.round())
                measure(went)
                log.info("purged", **went)
            except Exception:
                log.exception("retention could not go round")
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> Purged:
        """Delete and anonymise what is due now."""
        now = self._runtime.clock.now()
        rules = self._retention.at(now)
        return Purged(
            await self._reports.purge(now - rules.keep("declarations")),
            await self._anonymise(rules.keep("file")),
            await self._enrolments.purge(now - rules.keep("phones")),
            await self._photos.purge(now - rules.keep("photos")),
        )

    async def _anonymise(self, keep: timedelta) -> int:
        before = local_day(self._runtime.clock.now() - keep)
        done, after = 0, ""
        while found := await self._cases.ended_before(before, limit=AT_ONCE, after=after):
            causes = [Cause(derived_id("anonymise", one, before.isoformat())) for one in found]
            await self._work.run_batch(
                [Errand(Anonymise(one, before), cause) for one, cause in zip(found, causes, strict=True)]
            )
            done, after = done + len(found), found[-1]
        return done
