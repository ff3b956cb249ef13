"""The stores of this service in memory, with the same look-ups."""

from collections.abc import Collection, Mapping
from datetime import datetime

from common.work.memory import MemoryRecords, MemoryStore
from permit.app import Stores
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.firms import Firm, FirmStatus
from permit.domain.keyring import KEYRING, Keyring
from permit.domain.model import Holder
from permit.domain.scans import Scan
from permit.domain.staff_lists import ListStatus, StaffList
from permit.ports import ListPage, Search


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


After = tuple[datetime, str] | None


class MemoryFirms(MemoryStore[Firm]):
    async def of_id(self, firm_id: str) -> Firm | None:
        stored = self.aggregates.get(firm_id)
        return stored.state if stored else None

    async def in_areas(
        self, codes: Collection[str], status: FirmStatus | None, *, limit: int, after: After = None
    ) -> list[Firm]:
        found = [
            stored.state
            for stored in self.aggregates.values()
            if stored.state.area.codes() & set(codes) and status in (None, stored.state.status)
        ]
        found.sort(key=lambda firm: (firm.registered_at, firm.firm_id))
        return [f for f in found if after is None or (f.registered_at, f.firm_id) > after][:limit]

    async def with_tax_code(self, tax_code: str) -> int:
        return sum(stored.state.tax_code == tax_code for stored in self.aggregates.values())


class MemoryStaffLists(MemoryStore[StaffList]):
    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, int], ListPage] = {}

    async def of_id(self, list_id: str) -> StaffList | None:
        stored = self.aggregates.get(list_id)
        return stored.state if stored else None

    async def of_subject(self, subject: str, *, limit: int, after: After = None) -> list[StaffList]:
        found = [s.state for s in self.aggregates.values() if s.state.subject == subject]
        found.sort(key=_newest)
        return [f for f in found if after is None or _newest(f) > (-after[0].timestamp(), after[1])][:limit]

    async def in_status(
        self, status: ListStatus, *, limit: int, firm_id: str | None = None
    ) -> list[StaffList]:
        found = [s.state for s in self.aggregates.values() if s.state.status is status]
        return [one for one in found if firm_id in (None, one.firm_id)][:limit]

    async def waiting_firms(self) -> list[str]:
        return sorted({one.firm_id for one in await self.in_status(ListStatus.WAITING, limit=1000)})

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        self.kept |= {(page.list_id, page.number): page for page in pages}

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        numbers = range(first, first + count)
        return [self.kept[list_id, number] for number in numbers if (list_id, number) in self.kept]


def _newest(staff_list: StaffList) -> tuple[float, str]:
    return -staff_list.received_at.timestamp(), staff_list.list_id


class MemoryScans(MemoryRecords[Scan]):
    async def of_person(self, person_id: str, *, limit: int, after: After = None) -> list[Scan]:
        rows = [row for row in self.rows.values() if row.person_id == person_id]
        rows.sort(key=lambda row: (-row.scanned_at.timestamp(), row.scan_id))
        return [
            row
            for row in rows
            if after is None or (-row.scanned_at.timestamp(), row.scan_id) > (-after[0].timestamp(), after[1])
        ][:limit]


def memory_stores() -> Stores:
    return Stores(
        MemoryHolders(),
        MemoryDirectives(),
        MemoryCheckpoints(),
        MemoryRing(),
        MemoryScans(),
        MemoryFirms(),
        MemoryStaffLists(),
    )
