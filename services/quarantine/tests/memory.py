"""Files and declarations in dicts, looked up by the very fields that Mongo looks them up by."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from common.kernel.decision import TimerFired
from common.work.memory import MemoryRecords, MemoryStore
from quarantine.app import Stores
from quarantine.domain.callbacks import Callback
from quarantine.domain.enrolment import Enrolment
from quarantine.domain.model import Case
from quarantine.domain.reports import Report
from quarantine.parts.phones import PhoneStores
from quarantine.ports import OpenStay, Search, Worklist
from quarantine.store import case_to_document, passed
from quarantine.store.enrolments import enrolment_to_document


def _find(case: Case) -> dict[str, Any]:
    return case_to_document(case)["find"]


class MemoryReports(MemoryRecords[Report]):
    """The ledger in a dict."""

    async def latest_of(self, person_id: str, *, limit: int) -> list[Report]:
        mine = [row for row in self.rows.values() if row.person_id == person_id]
        return sorted(mine, key=lambda row: row.reported_at, reverse=True)[:limit]

    async def purge(self, before: datetime) -> int:
        old = [key for key, row in self.rows.items() if row.received_at < before and not self.outbox.get(key)]
        for key in old:
            del self.rows[key], self.answers[key]
        return len(old)


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

    async def ended_before(self, day: Any, *, limit: int, after: str) -> list[str]:
        found = [(key, _find(stored.state)) for key, stored in self.aggregates.items() if key > after]
        old = [key for key, f in found if f and not f["is_open"] and f["ends_on"] < day.isoformat()]
        return sorted(old)[:limit]

    async def with_tokens(self, tokens: Any) -> list[Case]:
        return [
            s.state for s in self.aggregates.values() if set(tokens) & set(_find(s.state).get("blind", []))
        ]

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


class MemoryEnrolments(MemoryStore[Enrolment]):
    """Codes and phones in a dict."""

    async def get(self, enrolment_id: str) -> Enrolment | None:
        stored = self.aggregates.get(enrolment_id)
        return stored.state if stored else None

    async def of_person(self, person_id: str) -> list[Enrolment]:
        found = [stored.state for stored in self.aggregates.values() if person_id in stored.state.people]
        return sorted(found, key=lambda one: one.given_at, reverse=True)

    async def purge(self, before: datetime) -> int:
        ends = {k: enrolment_to_document(s.state)["ended_at"] for k, s in self.aggregates.items()}
        old = [key for key, at in ends.items() if at is not None and at < before]
        for key in old:
            del self.aggregates[key]
        return len(old)


class MemoryCallbacks(MemoryStore[Callback]):
    """Wishes to be called in a dict."""

    async def waiting(self, area_codes: Any, *, limit: int) -> list[Callback]:
        found = [s.state for s in self.aggregates.values() if s.state.called_at is None]
        mine = [one for one in found if set(area_codes) & one.area.codes()]
        return sorted(mine, key=lambda one: one.asked_at)[:limit]


class MemoryAnswered:
    """Answered challenges in a set."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def is_first(self, challenge: str, at: datetime) -> bool:
        is_first = challenge not in self.seen
        self.seen.add(challenge)
        return is_first


def memory_stores() -> Stores:
    """Keep everything of the service in dicts."""
    reports = MemoryReports()
    return Stores(
        MemoryCases(reports), reports, PhoneStores(MemoryEnrolments(), MemoryAnswered()), MemoryCallbacks()
    )
