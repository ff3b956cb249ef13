"""The stores of this service in memory, with the same look-ups."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from common.work.memory import MemoryRecords, MemoryStore
from permit.app import Stores, WatchStores
from permit.domain.board import Minute, minute_of
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.flags import Flag
from permit.domain.keyring import KEYRING, Keyring
from permit.domain.model import Holder
from permit.domain.scans import Scan
from permit.ports import MinuteKey, Range, Search


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


class MemoryFlags(MemoryStore[Flag]):
    async def standing(self) -> list[Flag]:
        flags = [stored.state for stored in self.aggregates.values() if stored.state.is_open]
        return sorted(flags, key=lambda flag: (str(flag.latest_at), flag.subject), reverse=True)


class MemorySightings:
    def __init__(self, records: MemoryRecords[Scan]) -> None:
        self.records = records

    async def of_ids(self, scan_ids: Iterable[str]) -> list[Scan]:
        return [self.records.rows[key] for key in scan_ids if key in self.records.rows]

    async def around(self, permits: Mapping[str, Range], plates: Mapping[str, Range]) -> list[Scan]:
        never = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
        return [
            scan
            for scan in self.records.rows.values()
            if any(
                start <= scan.scanned_at <= end
                for start, end in (permits.get(scan.permit_id, never), plates.get(scan.plate_token, never))
            )
        ]

    async def in_minutes(self, keys: Iterable[MinuteKey]) -> list[Scan]:
        wanted = set(keys)
        return [
            scan
            for scan in self.records.rows.values()
            if (scan.checkpoint.checkpoint_id, minute_of(scan.scanned_at)) in wanted
        ]


class MemoryMinutes:
    def __init__(self) -> None:
        self.rows: dict[MinuteKey, Minute] = {}

    async def put(self, minutes: Iterable[Minute]) -> None:
        for minute in minutes:
            known = self.rows.get((minute.checkpoint_id, minute.minute))
            if known is None or known.total <= minute.total:
                self.rows[minute.checkpoint_id, minute.minute] = minute

    async def since(self, start: datetime) -> list[Minute]:
        return [minute for minute in self.rows.values() if minute.minute >= start]

    async def changed(self, mark: datetime | None, start: datetime) -> tuple[list[Minute], datetime | None]:
        return await self.since(start), mark


def memory_stores() -> Stores:
    scans = MemoryRecords[Scan]()
    watch = WatchStores(MemoryFlags(), MemoryFlags(), MemorySightings(scans), MemoryMinutes())
    return Stores(MemoryHolders(), MemoryDirectives(), MemoryCheckpoints(), MemoryRing(), scans, watch)
