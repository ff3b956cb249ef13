"""Files and declarations in dicts, looked up by the very fields that Mongo looks them up by."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import TimerFired
from common.work.memory import MemoryRecords, MemoryStore
from quarantine.app import Stores
from quarantine.domain.contacts import Contact
from quarantine.domain.merges import PENDING, Merge
from quarantine.domain.model import Case
from quarantine.domain.reports import Report
from quarantine.parts.files import FileStores
from quarantine.ports import Household, OpenStay, Search, Worklist
from quarantine.store import case_to_document, passed


def _find(case: Case) -> dict[str, Any]:
    return case_to_document(case)["find"]


class MemoryReports(MemoryRecords[Report]):
    """The ledger in a dict."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        mine = [row for row in self.rows.values() if row.person_id == person_id]
        return sorted(mine, key=lambda row: row.reported_at, reverse=True)[:limit]


class MemoryCases(MemoryStore[Case]):
    """Files in a dict, searched by the very fields that Mongo is searched by."""

    def __init__(self, reports: MemoryReports) -> None:
        super().__init__()
        self._reports = reports

    async def due(self, now: datetime, shards: list[int], limit: int) -> list[TimerFired]:
        rows = list(self._reports.rows.values())
        return [
            passed(one, [row.reported_at for row in rows if row.person_id == one.aggregate_id])
            for one in await super().due(now, shards, limit)
        ]

    async def get(self, person_id: str) -> Case | None:
        return (await self.many([person_id])).get(person_id)

    async def many(self, person_ids: Any) -> dict[str, Case]:
        return {key: stored.state for key, stored in (await self.load(list(person_ids))).items()}

    async def find(self, search: Search, *, limit: int, after: tuple[str, str] | None = None) -> list[Case]:
        found = [(f["ends_on"], c.person_id, c) for c, f in self._found(search)]
        return [c for *key, c in sorted(found, key=lambda r: r[:2]) if after is None or tuple(key) > after][
            :limit
        ]

    async def open_stays(
        self, search: Search, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[OpenStay]:
        cases = await self.find(replace(search, status=Worklist.OPEN), limit=limit, after=after)
        return [OpenStay(c.person_id, c.person.area, c.stay) for c in cases if c.person and c.stay]

    async def count(self, search: Search) -> dict[Worklist, int]:
        found = [f for _, f in self._found(search)]
        today = search.today.isoformat()
        return {status: sum(belongs(f, status, today) for f in found) for status in Worklist}

    async def open_like(self, tokens: Any, either: Any, *, but: str) -> list[Case]:
        return [
            stored.state
            for key, stored in self.aggregates.items()
            if (f := _find(stored.state))
            and key != but
            and f["is_open"]
            and set(tokens) <= set(f["blind"])
            and set(either) & set(f["blind"])
        ]

    def _found(self, search: Search) -> list[tuple[Case, dict[str, Any]]]:
        pairs = [(stored.state, _find(stored.state)) for stored in self.aggregates.values()]
        return [(c, f) for c, f in pairs if f and self._fits(f, search)]

    def _fits(self, f: dict[str, Any], search: Search) -> bool:
        return (
            bool(set(f["codes"]) & set(search.area_codes))
            and (search.status is None or belongs(f, search.status, search.today.isoformat()))
            and search.commune_code in (None, f["commune"])
            and set(search.tokens) <= set(f["blind"])
            and search.household_id in ("", f["household"])
        )


def belongs(f: dict[str, Any], status: Worklist, today: str) -> bool:
    is_due = f["next_on"] <= today <= f["ends_on"] and f["reported_on"] != today and f["missed"] == 0
    also = {
        Worklist.OPEN: True,
        Worklist.OVERDUE: f["missed"] > 0,
        Worklist.ABNORMAL: f["has_symptoms"],
        Worklist.DUE: is_due,
        Worklist.ENDING: f["ends_on"] <= today,
    }
    return not f["is_open"] if status is Worklist.ENDED else f["is_open"] and also[status]


class MemoryMerges(MemoryStore[Merge]):
    """Merges in a dict."""

    async def pending(self, before: datetime, *, limit: int) -> list[str]:
        found = [one.state for one in self.aggregates.values() if one.state.stage in PENDING]
        waiting = sorted((m.changed_at, m.merge_id) for m in found if m.changed_at <= before)
        return [merge_id for _, merge_id in waiting][:limit]

    async def of_person(self, person_id: str, *, limit: int) -> list[Merge]:
        found = [one.state for one in self.aggregates.values()]
        mine = [m for m in found if person_id in (m.joining.survivor.person_id, m.joining.other.person_id)]
        return sorted(mine, key=lambda m: m.changed_at, reverse=True)[:limit]


class MemoryContacts(MemoryStore[Contact]):
    """Contacts in a dict."""

    async def of_index(self, person_ids: Any, *, limit: int) -> list[Contact]:
        return self._latest(limit, lambda one: one.index_person_id in person_ids)

    async def one(self, contact_id: str) -> Contact | None:
        found = self.aggregates.get(contact_id)
        return found.state if found else None

    async def in_areas(self, area_codes: Any, *, limit: int) -> list[Contact]:
        codes = set(area_codes)
        return self._latest(limit, lambda one: bool(one.person_id and codes & one.area.codes()))

    def _latest(self, limit: int, fits: Any) -> list[Contact]:
        found = [one.state for one in self.aggregates.values() if fits(one.state)]
        return sorted(
            sorted(found, key=lambda c: c.contact_id), key=lambda c: c.meeting.met_on, reverse=True
        )[:limit]


OWED = (Worklist.DUE, Worklist.OVERDUE)


class MemoryPeople:
    """Further questions to the files in a dict."""

    def __init__(self, cases: MemoryCases) -> None:
        self._cases = cases

    async def like(self, area_codes: Any, words: Any, tokens: Any, *, limit: int) -> list[Case]:
        found = []
        for stored in self._cases.aggregates.values():
            f, person = _find(stored.state), stored.state.person
            if not f or person is None or not set(f["codes"]) & set(area_codes):
                continue
            by_piece = bool(words) and all(set(word) & set(person.grams) for word in words)
            if by_piece or (tokens and set(tokens) <= set(f["blind"])):
                found.append((not f["is_open"], stored.state.person_id, stored.state))
        return [case for *_, case in sorted(found, key=lambda row: row[:2])][:limit]

    async def households(self, search: Search, *, limit: int) -> list[Household]:
        today, homes = search.today.isoformat(), {}
        for case, f in sorted(self._cases._found(search), key=lambda pair: pair[0].person_id):
            if f["is_open"]:
                homes.setdefault(f["household"], []).append((case.person_id, f))
        made = [
            Household(
                home,
                tuple(person for person, _ in members),
                sum(
                    belongs(f, Worklist.DUE, today) or belongs(f, Worklist.OVERDUE, today) for _, f in members
                ),
                sum(belongs(f, Worklist.ABNORMAL, today) for _, f in members),
                max(f["ends_on"] for _, f in members),
            )
            for home, members in homes.items()
        ]
        return sorted(made, key=lambda h: (-h.abnormal, -h.owed, h.household_id))[:limit]


def memory_stores() -> Stores:
    """Keep everything of the service in dicts."""
    reports = MemoryReports()
    cases = MemoryCases(reports)
    return Stores(cases, reports, FileStores(MemoryMerges(), MemoryContacts(), MemoryPeople(cases)))
