"""Files and declarations in dicts, looked up by the very fields that Mongo looks them up by."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from common.kernel.decision import TimerFired
from common.testing.kept import MemoryKeyRing, MemoryMessages, MemoryUploads
from common.work.memory import MemoryRecords, MemoryStore
from quarantine.app import Stores
from quarantine.domain.callbacks import Callback
from quarantine.domain.contacts import Contact
from quarantine.domain.enrolment import Enrolment
from quarantine.domain.facility import Facility
from quarantine.domain.figures import HEARD, ORDERED, FigureRow, Figures
from quarantine.domain.merges import PENDING, Merge
from quarantine.domain.model import Case
from quarantine.domain.papers import Paper
from quarantine.domain.reports import Report
from quarantine.domain.supervision.model import Supervision
from quarantine.parts.files import FileStores
from quarantine.parts.moves import MoveStores
from quarantine.parts.papers import PaperStores
from quarantine.parts.phones import PhoneStores
from quarantine.ports import (
    HandoverSide,
    Lookalike,
    OpenStay,
    Search,
    TestCounts,
    TestList,
    TestSearch,
    Worklist,
)
from quarantine.ports.files import Household
from quarantine.ports.photos import KeptPhoto
from quarantine.ports.supervision import Watched, WatchList, lists_of
from quarantine.store import _lookalike, case_to_document, passed
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

    async def open_with(self, names: Any, either: Any) -> list[Lookalike]:
        finds = {key: _find(stored.state) for key, stored in self.aggregates.items()}
        return [
            _lookalike(key, f)
            for key, f in finds.items()
            if f and f["is_open"] and set(names) & set(f["blind"]) and set(either) & set(f["blind"])
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


class MemorySupervisions(MemoryStore[Supervision]):
    """Supervision in a dict, listed as Mongo lists it."""

    async def get(self, person_id: str) -> Supervision | None:
        return (await self.many([person_id])).get(person_id)

    async def many(self, person_ids: Any) -> dict[str, Supervision]:
        return {key: stored.state for key, stored in (await self.load(list(person_ids))).items()}

    async def find(
        self, watched: Watched, on: WatchList, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[Supervision]:
        rows = sorted((lists_of(s)[on], s.person_id, s) for s in self._on(watched, on))
        return [s for *key, s in rows if after is None or tuple(key) > after][:limit]

    async def count(self, watched: Watched) -> dict[WatchList, int]:
        return {on: len(self._on(watched, on)) for on in WatchList}

    def _on(self, watched: Watched, on: WatchList) -> list[Supervision]:
        states = [stored.state for stored in self.aggregates.values()]
        return [
            s
            for s in states
            if on in lists_of(s)
            and s.area.codes() & set(watched.area_codes)
            and watched.commune_code in (None, s.area.commune_code)
        ]


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


class MemoryMoves:
    """The same files, asked about tests, households, handovers and beds."""

    def __init__(self, cases: MemoryCases) -> None:
        self._cases = cases

    def _within(self, codes: Any, name: str) -> list[tuple[Case, dict[str, Any]]]:
        pairs = [(stored.state, _find(stored.state)) for stored in self._cases.aggregates.values()]
        return [(c, f) for c, f in pairs if f.get(name) and set(f["codes"]) & set(codes)]

    async def tests(
        self, search: TestSearch, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[Case]:
        today = search.today.isoformat()
        rows = [
            (f.get("test_on", ""), c.person_id, c)
            for c, f in self._within(search.area_codes, "is_open")
            if search.commune_code in (None, f["commune"]) and _owes(f, search.status, today)
        ]
        return [c for *key, c in sorted(rows, key=lambda r: r[:2]) if after is None or tuple(key) > after][
            :limit
        ]

    async def test_counts(self, search: TestSearch) -> dict[str, TestCounts]:
        today, counts = search.today.isoformat(), {}
        for _, f in self._within(search.area_codes, "is_open"):
            if search.commune_code in (None, f["commune"]):
                old = counts.get(f["commune"], (0, 0, 0))
                own = [_owes(f, status, today) for status in (TestList.DUE, TestList.OVERDUE, TestList.DONE)]
                counts[f["commune"]] = tuple(a + b for a, b in zip(old, own, strict=True))
        return {commune: TestCounts(*found) for commune, found in counts.items()}

    async def proposals(self, area_codes: Any, *, limit: int) -> list[Case]:
        rows = sorted(self._within(area_codes, "home_on"), key=lambda r: r[0].person_id)
        return [c for c, _ in sorted(rows, key=lambda r: r[1]["home_on"], reverse=True)][:limit]

    async def handovers(self, area_codes: Any, side: HandoverSide, states: Any, *, limit: int) -> list[Case]:
        pairs = [(stored.state, _find(stored.state)) for stored in self._cases.aggregates.values()]
        rows = [
            c
            for c, f in pairs
            if (asked := f.get("handover"))
            and set(asked[side]) & set(area_codes)
            and asked["state"] in states
        ]
        return sorted(rows, key=lambda c: c.stay.handover.asked_at, reverse=True)[:limit]

    async def waiting_for_bed(self, area_codes: Any, *, limit: int) -> list[Case]:
        rows = [c for c, _ in self._within(area_codes, "waits_for_bed")]
        return sorted(rows, key=lambda c: c.person_id)[:limit]

    async def households(self, household_ids: Any) -> list[tuple[Case, int]]:
        return [
            (stored.state, stored.version)
            for stored in self._cases.aggregates.values()
            if _find(stored.state).get("household") in set(household_ids)
        ]


def _owes(f: dict[str, Any], status: TestList, today: str) -> bool:
    owed = f.get("test_on", "")
    return {
        TestList.DUE: owed == today,
        TestList.OVERDUE: "" < owed < today,
        TestList.DONE: f.get("tested_on") == today,
    }[status]


class MemoryFacilities(MemoryStore[Facility]):
    """Facilities in a dict."""

    async def of_areas(self, within: Any, served: Any) -> list[Facility]:
        found = [stored.state for stored in self.aggregates.values()]
        mine = [one for one in found if one.area.codes() & set(within) or one.serves in served]
        return sorted(mine, key=lambda one: (one.name, one.facility_id))


class MemoryPapers(MemoryRecords[Paper]):
    """Printed papers in a dict."""

    async def of_number(self, number: str) -> Paper | None:
        return self.rows.get(number)


class MemoryFigures:
    """Rows of the figures in a dict, added up when somebody asks."""

    def __init__(self) -> None:
        self.rows: dict[str, FigureRow] = {}

    async def add(self, rows: Any) -> None:
        for row in rows:
            self.rows.setdefault(row.row_id, row)

    async def sums(self, codes: Any, first: date, last: date) -> dict[str, Figures]:
        found: dict[str, tuple[Counter[str], Counter[str]]] = {}
        for row in self.rows.values():
            if row.on <= last and {row.commune_code, row.district_code, "19"} & set(codes):
                flows, stocks = found.setdefault(row.commune_code, (Counter(), Counter()))
                counts = {**row.deltas, **self._contact(row)}
                for name, amount in counts.items():
                    stocks[name] += amount
                    flows[name] += amount if row.on >= first else 0
        return {commune: Figures(flows, stocks) for commune, (flows, stocks) in found.items()}

    def _contact(self, order: FigureRow) -> dict[str, int]:
        if order.kind != ORDERED:
            return {}
        heard = [r.at for r in self.rows.values() if r.kind == HEARD and r.person_id == order.person_id]
        waited = [(at - order.at).total_seconds() for at in heard if at >= order.at]
        if not waited:
            return {}
        seconds = round(min(waited))
        return {"contacts": 1, "contacts_in_a_day": int(seconds <= 86_400), "contact_seconds": seconds}


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


class MemoryPhotos:
    """Sealed photos in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, KeptPhoto] = {}

    async def keep(self, photo: KeptPhoto) -> None:
        self.kept.setdefault(f"{photo.person_id}:{photo.digest}", photo)

    async def one(self, person_id: str, digest: str) -> KeptPhoto | None:
        return self.kept.get(f"{person_id}:{digest}")

    async def of_person(self, person_id: str, *, limit: int) -> list[KeptPhoto]:
        found = [one for one in self.kept.values() if one.person_id == person_id]
        return sorted(found, key=lambda one: one.kept_at, reverse=True)[:limit]

    async def purge(self, before: datetime) -> int:
        old = [key for key, one in self.kept.items() if one.kept_at < before]
        for key in old:
            del self.kept[key]
        return len(old)


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
    cases = MemoryCases(reports)
    moves = MoveStores(MemoryMoves(cases), MemoryFacilities())
    office = PaperStores(MemoryUploads(), MemoryKeyRing(), MemoryPapers(), MemoryFigures())
    files = FileStores(MemoryMerges(), MemoryContacts(), MemoryPeople(cases))
    phones = PhoneStores(MemoryEnrolments(), MemoryAnswered())
    doors = MemoryCallbacks(), MemoryPhotos(), MemoryMessages()
    return Stores(cases, reports, MemorySupervisions(), moves, office, files, phones, *doors)
