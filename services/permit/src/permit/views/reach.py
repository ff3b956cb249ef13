"""Which permits a change reaches and which directive is over each: for the preview and for the rollout."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from common.background import BackgroundTask
from common.geo import PROVINCE_CODE
from common.kernel.clock import VIETNAM
from common.kernel.ids import derived_id
from common.logs import logger
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause, Errand
from permit.domain.commands import Reevaluate
from permit.domain.directives import AreaDirective, directive_for
from permit.domain.model import Holder, Permit
from permit.domain.rollouts import NoteBatch, PlanRollout, Rollout
from permit.domain.rules import Directive
from permit.ports import Directives, Holders, Rollouts
from permit.rulebook import Rulebook
from permit.views.places import places_of, within

BATCH: Final = 100
"""Files that are read and noted at once."""
SLICE: Final = 20
"""Files that are decided at once: whoever else asks waits for some tens of milliseconds at most."""
PAUSE_SECONDS: Final = 0.5
RECENT: Final = timedelta(days=40)
"""Policies that started before that have no permit left from before them: 30 days are the most."""

log = logger(__name__)


class Reach:
    """Finds the permits that a change in an area reaches, and the directive over each."""

    def __init__(self, runtime: Runtime, holders: Holders, directives: Directives) -> None:
        self._units = runtime.units
        self._holders = holders
        self._directives = directives

    async def known(self) -> Mapping[str, AreaDirective]:
        """Return all orders, by area."""
        return {area.area_code: area for area in await self._directives.every()}

    async def files(self, area_code: str, after: str) -> list[Holder]:
        """Return the next batch of files that a change in the area reaches."""
        return await self._holders.reached(within(self._units, area_code), limit=BATCH, after=after)

    def directive(self, permit: Permit, known: Mapping[str, AreaDirective], at: datetime) -> Directive:
        """Return the strictest directive over home and way of a permit."""
        return directive_for(places_of(self._units, permit), known, at)


class RolloutRunner(BackgroundTask):
    """
    Carries changes through the permits of their areas, a batch at a time, in one worker or in several.

    A batch is re-evaluated and then noted. Whoever is killed in between re-evaluates it again, which changes
    nothing and answers the same, so nothing is doubled or lost.
    """

    def __init__(
        self,
        runtime: Runtime,
        reach: Reach,
        rollouts: Rollouts,
        rulebook: Rulebook,
        works: Mapping[str, Work[Any, Any]],
    ) -> None:
        self._runtime = runtime
        self._reach = reach
        self._rollouts = rollouts
        self._rulebook = rulebook
        self._works = works

    async def start(self) -> None:
        """Begin looking for changes whose minute has come."""
        self.begin(self._loop(), "rollouts")

    async def plan_policies(self) -> None:
        """Plan the first minute of every policy that starts or started lately; again it changes nothing."""
        now = self._runtime.clock.now()
        for day, document in self._rulebook.starts():
            at = datetime.combine(day, time(), VIETNAM).astimezone(now.tzinfo)
            if at > now - RECENT:
                plan = PlanRollout(PROVINCE_CODE, at, document)
                await self._works["rollouts"].run(plan, Cause(plan.aggregate_id))

    async def step(self) -> bool:
        """Do one batch of the change that runs longest; false when none runs."""
        running = await self._rollouts.running()
        if running:
            await self._batch(running[0])
        return bool(running)

    async def _loop(self) -> None:
        is_planned = False
        while True:
            try:
                if not is_planned:
                    await self.plan_policies()
                    is_planned = True
                is_busy = await self.step()
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("rollouts-waiting", error=repr(fault))
                is_busy = False
            await asyncio.sleep(0 if is_busy else PAUSE_SECONDS)

    async def _batch(self, rollout: Rollout) -> None:
        files = await self._reach.files(rollout.area_code, rollout.cursor)
        known, now = await self._reach.known(), self._runtime.clock.now()
        effects: Counter[str] = Counter()
        for at in range(0, len(files), SLICE):
            errands = [self._errand(holder, rollout, known, now) for holder in files[at : at + SLICE]]
            for result in await self._works["holders"].run_batch(errands):
                if result.error is not None:
                    raise result.error
                effects.update(result.answer)
            await asyncio.sleep(0)
        cursor = files[-1].person_id if files else rollout.cursor
        done = NoteBatch(
            rollout.rollout_id, rollout.cursor, cursor, len(files), dict(effects), is_last=len(files) < BATCH
        )
        cause = derived_id("rollout-batch", rollout.rollout_id, rollout.cursor, cursor)
        await self._works["rollouts"].run(done, Cause(cause))

    def _errand(
        self, holder: Holder, rollout: Rollout, known: Mapping[str, AreaDirective], now: datetime
    ) -> Errand:
        directives = tuple(
            (permit.permit_id, str(self._reach.directive(permit, known, now)))
            for permit in holder.permits
            if permit.is_open
        )
        command = Reevaluate(holder.person_id, directives, rollout.due_at)
        return Errand(command, Cause(derived_id("rollout", rollout.rollout_id, holder.person_id)))
