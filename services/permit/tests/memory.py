"""The stores of this service in memory, with the same look-ups."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from common.contracts.permit import DECISIONS, DIRECTIVES, DecisionRecorded, DirectiveChanged
from common.kernel.trail import Entry, Seal
from common.work.memory import MemoryRecords, MemoryStore
from common.work.model import Cause
from permit.app import Stores
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.filing import Filed
from permit.domain.keyring import KEYRING, Keyring
from permit.domain.model import Holder
from permit.domain.rollouts import Rollout
from permit.domain.scans import Scan
from permit.ports import Queue, Search, Tally
from permit.store.waiting import waiting
from permit.translate import changed_directive, recorded_decision


class MemoryHolders(MemoryStore[Holder]):
    async def of_permit(self, permit_id: str) -> Holder | None:
        return (await self.of_permits([permit_id])).get(permit_id)

    async def of_permits(self, permit_ids: Collection[str]) -> Mapping[str, Holder]:
        return {
            permit.permit_id: stored.state
            for stored in self.aggregates.values()
            for permit in stored.state.permits
            if permit.permit_id in permit_ids
        }

    async def find(
        self, search: Search, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        files = [stored.state for stored in self.aggregates.values() if _fits(stored.state, search)]
        files.sort(key=_order)
        return [file for file in files if after is None or _order(file) > (-after[0].timestamp(), after[1])][
            :limit
        ]

    async def waiting(
        self, search: Search, what: Queue, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Holder]:
        files = [file for file in self._files(search) if waiting(file)[what.value]]
        files.sort(key=lambda file: (waiting(file)[what.value], file.person_id))
        return [f for f in files if after is None or (waiting(f)[what.value], f.person_id) > after][:limit]

    async def tally(self, search: Search, what: Queue, now: datetime) -> Tally:
        dues = [due for file in self._files(search) if (due := waiting(file)[what.value])]
        return Tally(len(dues), sum(due < now for due in dues))

    async def reached(self, area_codes: Collection[str], *, limit: int, after: str = "") -> list[Holder]:
        files = [self.aggregates[key].state for key in sorted(self.aggregates) if key > after]
        return [file for file in files if set(waiting(file)["reached"]) & set(area_codes)][:limit]

    def _files(self, search: Search) -> list[Holder]:
        return [stored.state for stored in self.aggregates.values() if _fits(stored.state, search)]


def _order(file: Holder) -> tuple[float, str]:
    return -max(permit.applied_at for permit in file.permits).timestamp(), file.person_id


def _fits(file: Holder, search: Search) -> bool:
    codes = {code for permit in file.permits for code in permit.area.codes()}
    return (
        bool(file.permits)
        and (search.area_codes is None or bool(codes & set(search.area_codes)))
        and (search.applied_by is None or search.applied_by in {p.applied_by for p in file.permits})
        and (search.person_id is None or search.person_id == file.person_id)
        and (search.status is None or search.status in {file.status_of(p) for p in file.permits})
        and (search.issuers is None or bool(set(waiting(file)["issuers"]) & set(search.issuers)))
        and set(search.tokens) <= set(file.blind)
    )


class MemoryDirectives(MemoryStore[AreaDirective]):
    async def of_areas(self, codes: Collection[str]) -> Mapping[str, AreaDirective]:
        return {code: stored.state for code, stored in (await self.load(list(codes))).items()}

    async def every(self) -> list[AreaDirective]:
        return [stored.state for _, stored in sorted(self.aggregates.items())]


class MemoryCheckpoints(MemoryStore[Checkpoint]):
    async def of_ids(self, ids: Collection[str]) -> Mapping[str, Checkpoint]:
        return {key: stored.state for key, stored in (await self.load(list(ids))).items()}

    async def every(self) -> list[Checkpoint]:
        return [stored.state for _, stored in sorted(self.aggregates.items())]


class MemoryRing(MemoryStore[Keyring]):
    async def ring(self) -> Keyring | None:
        stored = (await self.load([KEYRING])).get(KEYRING)
        return stored.state if stored else None


class MemoryRollouts(MemoryStore[Rollout]):
    async def running(self) -> list[Rollout]:
        found = [stored.state for stored in self.aggregates.values() if stored.state.is_running]
        return sorted(found, key=lambda rollout: rollout.started_at or rollout.due_at)

    async def latest(self, limit: int) -> list[Rollout]:
        found = [stored.state for stored in self.aggregates.values()]
        return sorted(found, key=lambda rollout: rollout.due_at, reverse=True)[:limit]


class MemoryRecord(MemoryRecords[Filed]):
    async def of_permit(self, permit_id: str) -> list[Entry]:
        entries = [row.entry for row in self.rows.values() if row.entry.body.get("permit_id") == permit_id]
        return sorted(entries, key=lambda entry: entry.position)

    async def tally(self, area_codes: Collection[str], since: datetime) -> Counter[tuple[str, str, str]]:
        bodies = (
            row.entry.body
            for row in self.rows.values()
            if row.entry.recorded_at >= since and set(row.entry.body["area_codes"]) & set(area_codes)
        )
        who = {"machine": "machine"}
        return Counter((body["act"], body.get("rule", ""), who.get(body["by"], "person")) for body in bodies)

    async def seal_next(self, key: bytes, now: datetime) -> Seal | None:
        return None


def memory_stores() -> Stores:
    return Stores(
        MemoryHolders(),
        MemoryDirectives(),
        MemoryCheckpoints(),
        MemoryRing(),
        MemoryRecords[Scan](),
        MemoryRollouts(),
        MemoryRecord(),
    )


async def hear_ourselves(stores: Any, works: Any) -> None:
    """Do what the consumers of our own facts do: file every decision, plan every change of directive."""
    for fact in (*stores.holders.facts(), *stores.directives.facts()):
        if fact.topic == DECISIONS:
            entry: Any = SimpleNamespace(data=DecisionRecorded.model_validate_json(fact.data))
            await works["record"].run(recorded_decision(entry), Cause(fact.id))
        if fact.topic == DIRECTIVES:
            change: Any = SimpleNamespace(data=DirectiveChanged.model_validate_json(fact.data))
            await works["rollouts"].run(changed_directive(change), Cause(fact.id))
