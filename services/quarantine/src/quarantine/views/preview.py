"""
Xem trước thay đổi quy định: what the documents of a day would do to the open stays of the reader's areas.

Stays are read in batches along an index and judged by the same function that applies the change.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM, local_day
from common.service import Runtime
from quarantine.domain.access import OFFICERS, READERS
from quarantine.domain.errors import DateImpossible
from quarantine.domain.outlook import CHANGING, Effect, Outlook, outlook
from quarantine.domain.rules import QuarantineRules
from quarantine.ports import Cases, OpenStay, Search
from quarantine.views import changes
from quarantine.views.foreseen import ForeseenView, foreseen_view

BATCH = 200
"""Judging one takes about 50 µs: nobody else waits longer than 10 ms for their turn."""
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a day (the next change if none), a document to try, one commune."""

    day: date | None = None
    protocol: str | None = None
    commune_code: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, checked and bound to the areas of the one who asks."""

    search: Search
    on: date
    rules: QuarantineRules
    by: Actor


class Preview:
    """Answers what a change of protocols would do, and takes the wish to apply it."""

    def __init__(self, runtime: Runtime, cases: Cases, rules: QuarantineRules) -> None:
        self._runtime = runtime
        self._cases = cases
        self._rules = rules
        self._province = runtime.units.area_of(runtime.units.communes()[0].code)

    def question(self, asked: Asked, by: Actor) -> Question:
        """Check what is asked; raises a refusal for an unknown document, a day gone by, an area of others."""
        today, rules = local_day(self._runtime.clock.now()), self._rules
        if asked.commune_code:
            by.require(self._runtime.units.area_of(asked.commune_code))
        if asked.protocol:
            rules = rules.adopting(asked.protocol, today, self._province)
        on = asked.day or self._next(rules, today)
        if not today <= on <= today + FARTHEST:
            raise DateImpossible(
                "Chỉ xem trước được từ hôm nay đến một năm tới. Hãy chọn lại ngày.", field="day"
            )
        search = Search(by.area_codes, today, commune_code=asked.commune_code)
        return Question(search, on, rules, by)

    def _next(self, rules: QuarantineRules, today: date) -> date:
        tried, tomorrow = rules.candidate, today + timedelta(days=1)
        if tried is not None:
            return max(tried.effective_from, tomorrow)
        return rules.next_change(today, self._province) or tomorrow

    async def count(self, question: Question) -> changes.PreviewView:
        """Count what becomes of the open stays, by commune; no file is opened."""
        communes: dict[str, Counter[Effect]] = defaultdict(Counter)
        deciding: Counter[str] = Counter()
        async for held, seen in self._foreseen(question):
            communes[held.area.commune_code][seen.effect] += 1
            if seen.effect in CHANGING and seen.regime is not None:
                deciding[seen.regime.code] += 1
        return self._preview(question, communes, deciding)

    async def listed(self, question: Question, page: PageQuery) -> Page[ForeseenView]:
        """List the stays that would not stay as they are, the earliest end first."""
        after = page.after(str, str)
        begin = (str(after[0]), str(after[1])) if after else None
        rows: list[tuple[OpenStay, Outlook]] = []
        async for held, seen in self._foreseen(question, begin):
            if seen.effect is not Effect.UNCHANGED:
                rows.append((held, seen))
            if len(rows) > page.limit:
                break
        shown, cursor = page_of(rows, page.limit, lambda row: _key(row[0]))
        names = await self._names([held.person_id for held, _ in shown], question.by)
        items = [self._line(held, seen, question, names.get(held.person_id)) for held, seen in shown]
        return Page(items=items, next=cursor)

    async def _foreseen(
        self, question: Question, after: tuple[str, str] | None = None
    ) -> AsyncIterator[tuple[OpenStay, Outlook]]:
        while True:
            held = await self._cases.open_stays(question.search, limit=BATCH, after=after)
            for one in held:
                yield one, outlook(one.stay, one.area, question.rules, question.on)
            if len(held) < BATCH:
                return
            after = _key(held[-1])

    def _preview(
        self, question: Question, communes: dict[str, Counter[Effect]], deciding: Counter[str]
    ) -> changes.PreviewView:
        now, on, rules = self._runtime.clock.now(), question.on, question.rules
        ruling = self._rules.in_force(local_day(now), self._province)
        then = rules.in_force(on, self._province)
        counts = changes.EffectsView.of(sum(communes.values(), Counter()))
        is_officer = bool(question.by.roles & OFFICERS)
        return changes.PreviewView(
            day=on,
            applies_at=datetime.combine(on, time(), VIETNAM).astimezone(UTC),
            protocol=rules.candidate.code if rules.candidate else None,
            starting=[changes.DocumentView.of(p) for p in then if p not in ruling],
            ceasing=[changes.DocumentView.of(p) for p in ruling if p not in then],
            deciding=changes.DecidingView.all_of(rules, deciding),
            counts=counts,
            communes=[self._commune(code, communes[code]) for code in sorted(communes)],
            text=_text(on, counts),
            can_apply=is_officer and on == local_day(now) and rules.candidate is None,
            as_of=now,
        )

    def _commune(self, code: str, effects: Counter[Effect]) -> changes.CommuneEffectsView:
        counts = changes.EffectsView.of(effects).model_dump()
        return changes.CommuneEffectsView(
            **counts, commune_code=code, commune_name=self._runtime.units.name_of(code)
        )

    async def _names(self, person_ids: list[str], by: Actor) -> dict[str, str]:
        """Open who it is for those who may open files; the operations centre sees no names."""
        if not by.roles & READERS:
            return {}
        await self._runtime.access_log.note(by, person_ids, "Xem trước thay đổi quy định")
        files, vault = await self._cases.many(person_ids), self._runtime.vault
        return {
            key: vault.open(case.person.sealed, person_id=key)["full_name"]
            for key, case in files.items()
            if case.person is not None
        }

    def _line(self, held: OpenStay, seen: Outlook, question: Question, name: str | None) -> ForeseenView:
        commune = self._runtime.units.name_of(held.area.commune_code)
        return foreseen_view(held, seen, question.rules, question.on, names=(name, commune))


def _key(held: OpenStay) -> tuple[str, str]:
    return held.stay.ends_on.isoformat(), held.person_id


def _text(on: date, counts: changes.EffectsView) -> str:
    """Say in one Vietnamese sentence what happens at the first minute of day *on*."""
    every = sum(counts.model_dump().values())
    if not counts.moves + counts.ends:
        return f"Lúc 00:00 ngày {on:%d/%m/%Y} không hồ sơ nào trong {every} hồ sơ đang cách ly phải đổi."
    return (
        f"Lúc 00:00 ngày {on:%d/%m/%Y}, trong {every} hồ sơ đang cách ly: {counts.moves} đổi ngày kết thúc "
        f"hoặc ngày xét nghiệm, {counts.ends} kết thúc ngay."
    )
