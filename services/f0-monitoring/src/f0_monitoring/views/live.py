"""The live worklist: whose record changed, to everybody who may see it. Never a name."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from fastapi.responses import StreamingResponse

from common.background import BackgroundTask
from common.http.sse import Broadcast, Message, for_codes, stream_response
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.logs import logger
from f0_monitoring.domain.model import Patient
from f0_monitoring.ports import Changes, Patients

EVERY_SECONDS: Final = 0.25
log = logger(__name__)


class Live(BackgroundTask):
    """Runs in the api process and follows the store while somebody looks, because the worker is another."""

    def __init__(self, changes: Changes, patients: Patients, clock: Clock) -> None:
        self.broadcast = Broadcast("worklist")
        self._changes = changes
        self._patients = patients
        self._clock = clock

    async def start(self) -> None:
        """Begin to follow."""
        self.begin(self._follow(), "worklist-feed")

    def follow(self, by: Actor, until: float) -> StreamingResponse:
        """Answer with the changes of the areas and the patients of *by*."""

        async def snapshot() -> Iterable[Message]:
            return [Message("snapshot", {"as_of": self._clock.now().isoformat()})]

        mine = for_codes((*by.area_codes, by.subject))
        return stream_response(self.broadcast, snapshot, select=mine, until=until)

    async def _follow(self) -> None:
        while True:
            try:
                await self.tell()
            except Exception as fault:  # noqa: BLE001 - the database may be away for a while
                log.warning("worklist-feed-waiting", fault=repr(fault))
                await asyncio.sleep(1)
            await asyncio.sleep(EVERY_SECONDS)

    async def tell(self) -> None:
        """Publish what changed since the last time; a gap in what is known asks the pages to read anew."""
        if not self.broadcast.readers:
            await self._changes.rest()
            return
        try:
            await self._tell_of(await self._changes.since_last())
        except Exception:
            await self._changes.rest()  # what was taken and not told would never be heard of: begin anew
            raise

    async def _tell_of(self, people: set[str] | None) -> None:
        if people is None:
            self.broadcast.publish(Message("refresh", {}))
            return
        for patient in (await self._patients.many(people)).values() if people else ():
            audience = patient.area.codes() | patient.carer_ids
            self.broadcast.publish(Message("changed", self._change(patient), audience))

    def _change(self, patient: Patient) -> dict[str, Any]:
        attention = patient.attention
        snooze, knock = attention.snooze, attention.knock
        return {
            "person_id": patient.person_id,
            "risk_level": patient.risk.level.value,
            "risk_since": patient.risk.since.isoformat(),
            "care_state": patient.care.value,
            "is_closed": patient.is_closed,
            "last_report_at": patient.last_report_at.isoformat() if patient.last_report_at else None,
            "missed_in_a_row": patient.missed_in_a_row,
            "is_silent": patient.missed_in_a_row > 0,
            "carer_id": patient.carer_id,
            "taken_by": attention.taken.by if attention.taken else None,
            "snoozed_until": snooze.until.isoformat() if snooze else None,
            "knock_due_at": knock.due_at.isoformat() if knock else None,
            "unanswered_calls": attention.unanswered,
            "as_of": self._clock.now().isoformat(),
        }
