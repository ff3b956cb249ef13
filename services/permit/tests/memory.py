"""The stores of this service in memory, with the same look-ups."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from common.contracts.permit import DECISIONS, DecisionRecorded, DirectiveChanged, DirectiveWithdrawn
from common.kernel.trail import Entry, Seal
from common.sheets.pages import ListPage
from common.work.memory import MemoryRecords, MemoryStore
from common.work.model import Cause
from permit.domain.board import Minute, minute_of
from permit.domain.checkpoints import Checkpoint
from permit.domain.directives import AreaDirective
from permit.domain.filing import Filed
from permit.domain.firms import Firm, FirmStatus
from permit.domain.flags import Flag
from permit.domain.gate_actions import GateAction
from permit.domain.keyring import KEYRING, Keyring
from permit.domain.listed import Listed, listed
from permit.domain.model import Holder
from permit.domain.rollouts import Rollout
from permit.domain.scans import Scan
from permit.domain.shifts import Shift
from permit.domain.staff_lists import ListStatus, StaffList
from permit.ports import Queue, Search, Tally
from permit.ports.gate import ActCount
from permit.ports.lists import Base, ListEntry
from permit.ports.watch import MinuteKey, Range
from permit.store.waiting import waiting
from permit.stores import ListStores, Stores, WatchStores
from permit.translate import changed_directive, recorded_decision, withdrawn_directive


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


class MemoryChanges:
    """Versions of files as they were at the last look."""

    def __init__(self, holders: MemoryHolders) -> None:
        self._holders = holders
        self._looks: dict[str, dict[str, int]] = {}

    async def since(self, token: str) -> tuple[set[str] | None, str]:
        now = {key: stored.version for key, stored in self._holders.aggregates.items()}
        following = str(len(self._looks) + 1)
        self._looks[following] = now
        if token not in self._looks:
            return None, following
        before = self._looks[token]
        return {key for key, version in now.items() if before.get(key) != version}, following


class MemoryStandings:
    def __init__(self, holders: MemoryHolders) -> None:
        self._holders = holders

    async def barred(self) -> list[Listed]:
        return [row for stored in self._holders.aggregates.values() for row in listed(stored.state)]

    async def of_people(self, person_ids: Collection[str]) -> tuple[list[Listed], Collection[str]]:
        files = [self._holders.aggregates[key].state for key in person_ids if key in self._holders.aggregates]
        permits = [permit.permit_id for file in files for permit in file.permits]
        return [row for file in files for row in listed(file)], permits

    async def ends(self, permit_ids: Collection[str]) -> Mapping[str, datetime]:
        return {
            permit.permit_id: permit.terms.valid_until
            for stored in self._holders.aggregates.values()
            for permit in stored.state.permits
            if permit.permit_id in permit_ids
        }


class MemoryJournal:
    def __init__(self) -> None:
        self.entries: dict[int, ListEntry] = {}
        self.bases: dict[int, Base] = {}
        self.checked: datetime | None = None

    async def append(self, entry: ListEntry) -> bool:
        return self.entries.setdefault(entry.sequence, entry) is entry

    async def after(self, sequence: int, *, until: int | None = None) -> list[ListEntry]:
        numbers = sorted(n for n in self.entries if n > sequence and (until is None or n <= until))
        return [self.entries[number] for number in numbers]

    async def newest(self) -> ListEntry | None:
        return self.entries[max(self.entries)] if self.entries else None

    async def base(self) -> Base | None:
        return self.bases[max(self.bases)] if self.bases else None

    async def keep_base(self, base: Base) -> None:
        self.bases.setdefault(base.sequence, base)

    async def note_checked(self, at: datetime) -> None:
        self.checked = max(at, self.checked or at)

    async def checked_at(self) -> datetime | None:
        return self.checked

    async def forget(self, before_sequence: int, issued_before: datetime) -> None:
        self.entries = {
            n: e for n, e in self.entries.items() if n >= before_sequence or e.issued_at >= issued_before
        }
        self.bases = {
            n: b for n, b in self.bases.items() if n >= before_sequence or b.built_at >= issued_before
        }


class MemoryGateActions(MemoryRecords[GateAction]):
    async def find(
        self,
        codes: Collection[str],
        acts: Collection[str],
        *,
        officer: str | None = None,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[GateAction]:
        rows = [
            row
            for row in self.rows.values()
            if row.checkpoint.area.codes() & set(codes)
            and row.act in acts
            and (officer is None or row.officer == officer)
        ]
        return _newest(rows, lambda row: (-row.acted_at.timestamp(), row.action_id), limit, after)

    async def tally(self, codes: Collection[str], acts: Collection[str], since: datetime) -> list[ActCount]:
        found = Counter(
            (row.checkpoint.checkpoint_id, row.checkpoint.name, str(row.act), row.reason_code)
            for row in self.rows.values()
            if row.checkpoint.area.codes() & set(codes) and row.act in acts and row.acted_at >= since
        )
        return [ActCount(*key, count) for key, count in found.items()]


class MemoryShifts(MemoryStore[Shift]):
    def __init__(self, scans: MemoryRecords[Scan]) -> None:
        super().__init__()
        self._scans = scans

    async def find(
        self, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Shift]:
        states = (stored.state for stored in self.aggregates.values())
        rows = [row for row in states if row.checkpoint.area.codes() & set(codes)]
        return _newest(rows, lambda row: (-row.opened_at.timestamp(), row.shift_id), limit, after)

    async def received(self, shift: Shift, until: datetime) -> int:
        end = shift.closed_at or until
        return sum(
            row.officer == shift.officer
            and row.checkpoint.checkpoint_id == shift.checkpoint.checkpoint_id
            and shift.opened_at <= row.scanned_at <= end
            for row in self._scans.rows.values()
        )


def _newest(rows: list[Any], key: Any, limit: int, after: tuple[datetime, str] | None) -> list[Any]:
    start = (-after[0].timestamp(), after[1]) if after else None
    return [row for row in sorted(rows, key=key) if start is None or key(row) > start][:limit]


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
        found.sort(key=_list_order)
        return [f for f in found if after is None or _list_order(f) > (-after[0].timestamp(), after[1])][
            :limit
        ]

    async def in_status(
        self, status: ListStatus, *, limit: int, firm_id: str | None = None
    ) -> list[StaffList]:
        found = [s.state for s in self.aggregates.values() if s.state.status is status]
        found.sort(key=lambda one: (one.received_at, one.list_id))
        return [one for one in found if firm_id in (None, one.firm_id)][:limit]

    async def waiting_firms(self) -> list[str]:
        return sorted({one.firm_id for one in await self.in_status(ListStatus.WAITING, limit=1000)})

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        self.kept |= {(page.list_id, page.number): page for page in pages}

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        numbers = range(first, first + count)
        return [self.kept[list_id, number] for number in numbers if (list_id, number) in self.kept]


def _list_order(staff_list: StaffList) -> tuple[float, str]:
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


class MemoryFlags(MemoryStore[Flag]):
    async def standing(self) -> list[Flag]:
        flags = [stored.state for stored in self.aggregates.values() if stored.state.is_open]
        return sorted(flags, key=lambda flag: (str(flag.latest_at), flag.subject), reverse=True)

    async def flagged(self, subjects: Collection[str] | None = None) -> frozenset[str]:
        found = {flag.subject for flag in await self.standing()}
        return frozenset(found if subjects is None else found & set(subjects))


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
    holders, scans = MemoryHolders(), MemoryScans()
    return Stores(
        holders=holders,
        directives=MemoryDirectives(),
        checkpoints=MemoryCheckpoints(),
        ring=MemoryRing(),
        scans=scans,
        rollouts=MemoryRollouts(),
        record=MemoryRecord(),
        shifts=MemoryShifts(scans),
        gate_actions=MemoryGateActions(),
        lists=ListStores(MemoryStandings(holders), MemoryChanges(holders), MemoryJournal()),
        watch=WatchStores(MemoryFlags(), MemoryFlags(), MemorySightings(scans), MemoryMinutes()),
        firms=MemoryFirms(),
        staff_lists=MemoryStaffLists(),
    )


async def hear_ourselves(stores: Any, works: Any) -> None:
    """Do what the consumers of our own facts do: file every decision, plan every change of directive."""
    for fact in (*stores.holders.facts(), *stores.directives.facts()):
        if fact.topic == DECISIONS:
            entry: Any = SimpleNamespace(data=DecisionRecorded.model_validate_json(fact.data))
            await works["record"].run(recorded_decision(entry), Cause(fact.id))
        if fact.type == DirectiveChanged.type:
            change: Any = SimpleNamespace(data=DirectiveChanged.model_validate_json(fact.data))
            await works["rollouts"].run(changed_directive(change), Cause(fact.id))
        if fact.type == DirectiveWithdrawn.type:
            back: Any = SimpleNamespace(data=DirectiveWithdrawn.model_validate_json(fact.data))
            await works["rollouts"].run(withdrawn_directive(back), Cause(fact.id))
