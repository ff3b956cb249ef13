"""
Keeps every open patient with a doctor on duty, and says within seconds where that cannot be done.

It looks at what is, not at what happened: a worker that is killed in the middle leaves nothing behind but
patients who are still to be moved, and whoever looks next moves them. Each move is a command of its own
whose decision checks that the reason for it still holds, so two workers at once do no harm.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from common.background import BackgroundTask
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.logs import logger
from common.work.engine import Work
from common.work.model import Cause, Errand, Outcome
from f0_monitoring.domain import cover
from f0_monitoring.domain.carers import MoveToDoctor
from f0_monitoring.domain.commands import Candidate
from f0_monitoring.domain.cover import NoteCover
from f0_monitoring.domain.model import Patient
from f0_monitoring.domain.rotation import Roster, plan
from f0_monitoring.ports import Covers, Patients, Uncovered
from f0_monitoring.views.staff import Staff

PAUSE_SECONDS: Final = 1.0
SLICE: Final = 200
GRACE: Final = timedelta(seconds=5)
"""How long moving may take before those still waiting are told of."""
log = logger(__name__)


class Lease(Protocol):
    """One holder at a time."""

    async def hold(self) -> bool:
        """Take or renew it."""


class Rotation(BackgroundTask):
    """Moves patients in slices, then checks that nobody is without a doctor on duty."""

    def __init__(
        self,
        staff: Staff,
        patients: Patients,
        covers: Covers,
        works: tuple[Work[Any, Any], Work[Any, Any]],
        clock: Clock,
        lease: Lease | None = None,
    ) -> None:
        self._staff = staff
        self._patients = patients
        self._covers = covers
        self._work, self._cover = works
        self._clock = clock
        self._lease = lease
        self._waiting_since: datetime | None = None

    async def start(self) -> None:
        """Begin to look."""
        self.begin(self._loop(), "rotation")

    async def _loop(self) -> None:
        while True:
            moved = 0
            try:
                if self._lease is None or await self._lease.hold():
                    moved = await self.round()
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("rotation-waiting", fault=repr(fault))
            if moved < SLICE:
                await asyncio.sleep(PAUSE_SECONDS)

    async def round(self) -> int:
        """Move one slice, then check everybody; return how many were moved."""
        moved = await self._move()
        await self._check(moved)
        return moved

    async def _move(self) -> int:
        candidates = await self._staff.candidates()
        moves = plan(await self._wanting(Roster(candidates)), candidates)
        results = await self._work.run_batch([self._errand(move) for move in moves])
        moved = sum(result.outcome is Outcome.APPLIED for result in results)
        if moved:
            log.info("patients-moved", patients=moved)
        return moved

    async def _wanting(self, roster: Roster) -> list[Patient]:
        """Return a slice of those who should be with another doctor: nobody on duty first."""
        on_duty = [c.doctor_id for c in roster.on_duty()]
        if not on_duty:
            return []
        found = await self._patients.misplaced(on_duty, limit=SLICE)
        with_room = [c.doctor_id for c in roster.with_room()]
        if with_room and len(found) < SLICE:
            found += await self._patients.away(with_room, limit=SLICE - len(found))
        for doctor_id, excess in roster.overfull().items() if with_room else ():
            if len(found) < SLICE:
                found += await self._patients.calmest_of(doctor_id, limit=min(excess, SLICE - len(found)))
        return list({patient.person_id: patient for patient in found}.values())

    async def _check(self, moved: int) -> None:
        candidates = await self._staff.candidates()
        on_duty = [c.doctor_id for c in candidates if c.on_duty]
        found = await self._patients.uncovered(on_duty)
        notes = self._notes(found, candidates, is_moving=self._is_moving(moved, found))
        broken = {each.area.commune_code: each for each in await self._covers.broken()}
        open_codes = {each.area.commune_code for each in found}
        mended = [NoteCover(each.area, 0) for code, each in broken.items() if code not in open_codes]
        await self._cover.run_batch([self._errand(note) for note in (*notes, *mended)])

    def _is_moving(self, moved: int, found: list[Uncovered]) -> bool:
        """Tell whether those found are still being moved, and not for too long."""
        now = self._clock.now()
        movable = sum(each.patients - each.pinned for each in found)
        self._waiting_since = (self._waiting_since or now) if moved and movable else None
        return self._waiting_since is not None and now - self._waiting_since < GRACE

    def _notes(
        self, found: list[Uncovered], candidates: tuple[Candidate, ...], *, is_moving: bool
    ) -> list[NoteCover]:
        is_anybody = any(c.on_duty for c in candidates)
        notes = []
        for each in found:
            movable = each.patients - each.pinned
            if not is_anybody:
                notes.append(NoteCover(each.area, each.patients, each.level, cover.NOBODY_ON_DUTY))
            elif movable and not is_moving:
                notes.append(NoteCover(each.area, each.patients, each.level, cover.SLOW))
            elif each.pinned:
                notes.append(NoteCover(each.area, each.pinned, each.level, cover.PINNED))
        return notes

    def _errand(self, command: MoveToDoctor | NoteCover) -> Errand:
        """Name the cause after the moment: the state decides whether it is done again."""
        cause = derived_id("rotation", command.aggregate_id, self._clock.now().isoformat(), repr(command))
        return Errand(command, Cause(id=cause, correlation_id=cause))
