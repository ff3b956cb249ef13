"""
Chạy thử quy định: what other risk rules would do to the open records of the reader's areas.

Records pass by in batches along their ids and are counted; none is kept, so memory does not grow with
the province. One run at a time: a second one waits, everybody else's requests go in between.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from common.http.pagination import Page, PageQuery, write_cursor
from common.kernel.areas import Actor
from common.kernel.clock import VIETNAM, local_day
from common.rules import NoRuleInForce, RuleFileInvalid, read_candidate
from common.service import Runtime
from f0_monitoring.domain.access import STAFF
from f0_monitoring.domain.foresight import Difference, Move, foresee
from f0_monitoring.domain.model import Patient, Report
from f0_monitoring.domain.refusals import DayImpossible, RuleFileRefused, UnknownRuleset
from f0_monitoring.ports import Patients, Reports
from f0_monitoring.rulebook import CriteriaFile, RiskRuleBooks
from f0_monitoring.rulebook.candidate import adopting, from_day
from f0_monitoring.views import changes
from f0_monitoring.views.explanation import DocumentView, Explainer

BATCH = 200
TURN = 20
"""Records judged before others get their turn: some ten milliseconds."""
LOOKED_AT_MOST = 4_000
"""Records that one page of the list looks at before it answers with what it has found."""
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, checked and bound to the areas of the one who asks."""

    by: Actor
    day: date
    today: date
    books: RiskRuleBooks
    tried: CriteriaFile | None
    commune_code: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One open record and what would become of its level."""

    patient: Patient
    move: Move


class Foresight:
    """Answers what a change of the risk rules would do. Changes nothing."""

    def __init__(self, runtime: Runtime, patients: Patients, reports: Reports, rules: RiskRuleBooks) -> None:
        self._runtime = runtime
        self._patients = patients
        self._reports = reports
        self._rules = rules
        self._turn = asyncio.Lock()

    def question(self, asked: changes.ChangeBody, by: Actor) -> Question:
        """Check what is asked; raises a refusal for a bad file, an unknown version, a day gone by."""
        today = local_day(self._runtime.clock.now())
        if asked.commune_code:
            by.require(self._runtime.units.area_of(asked.commune_code))
        tried = self._tried(asked, today)
        day = asked.day or (tried.effective_from if tried else self._next(today))
        if not today <= day <= today + FARTHEST:
            raise DayImpossible(
                "Chỉ xem trước được từ hôm nay đến một năm tới. Hãy chọn lại ngày.", field="day"
            )
        if tried is not None and tried.effective_from > day:
            tried = from_day(tried, day)
        return Question(by, day, today, self._books(tried, day), tried, asked.commune_code)

    def _tried(self, asked: changes.ChangeBody, today: date) -> CriteriaFile | None:
        begins = asked.day if asked.day and asked.day > today else today
        if asked.file is not None:
            file = self._read(asked.file)
            return from_day(file, begins) if file.effective_from < today else file
        if asked.version is None:
            return None
        try:
            return from_day(self._rules.criteria.version(asked.version), begins)
        except NoRuleInForce:
            raise UnknownRuleset(
                "Hãy chọn một bộ trong danh sách quy định của trang này.", field="version"
            ) from None

    def _read(self, text: str) -> CriteriaFile:
        try:
            file = read_candidate(text, CriteriaFile)
        except RuleFileInvalid as fault:
            raise _refused(fault) from None
        versions = self._rules.criteria.versions
        if any(file.version == version.version for version in versions):
            raise RuleFileRefused(
                f"Đã có bộ {file.version}; quyết định cũ mang tên đó. Hãy đặt version khác.", field="file"
            )
        known = sorted({version.key for version in versions})
        if file.key not in known:
            raise RuleFileRefused(f"Mục key phải là một trong: {', '.join(known)}.", field="file")
        return file

    def _books(self, tried: CriteriaFile | None, day: date) -> RiskRuleBooks:
        if tried is None:
            return self._rules
        try:
            return adopting(self._rules, tried, day)
        except RuleFileInvalid as fault:
            raise _refused(fault) from None

    def _next(self, today: date) -> date:
        starts = {file.effective_from for file in self._rules.criteria.versions}
        return min(
            (day for day in starts if today < day <= today + FARTHEST), default=today + timedelta(days=1)
        )

    async def count(self, question: Question) -> changes.ChangeView:
        """Count who would move, by level and by commune; nothing sealed is opened."""
        tally = changes.Tally()
        async with self._turn:
            async for seen in self._foreseen(question):
                tally.add(seen.patient.area.commune_code, seen.move)
        return self._view(question, tally)

    async def listed(self, question: Question, page: PageQuery) -> Page[changes.MoveView]:
        """List who would move, in the order of their ids; a page may be short and still have a next one."""
        after = page.after(str)
        found: list[Seen] = []
        looked, last = 0, None
        async with self._turn:
            async for seen in self._foreseen(question, str(after[0]) if after else ""):
                looked, last = looked + 1, seen.patient.person_id
                if not seen.move.is_none:
                    found.append(seen)
                if len(found) >= page.limit or looked >= LOOKED_AT_MOST:
                    break
            else:
                last = None
        names = await self._names([seen.patient for seen in found], question.by)
        explainer = Explainer(question.books)
        items = [self._line(seen, names.get(seen.patient.person_id), explainer) for seen in found]
        return Page(items=items, next=write_cursor(last) if last else None)

    async def _foreseen(self, question: Question, after: str = "") -> AsyncIterator[Seen]:
        today, then = self._rules.on(question.today), question.books.on(question.day)
        difference = Difference(today, then)
        now, areas = self._runtime.clock.now(), question.by.area_codes
        while True:
            batch = await self._patients.open_after(
                areas, limit=BATCH, after=after, commune_code=question.commune_code
            )
            touched = [patient for patient in batch if difference.touches(patient.profile)]
            declared = await self._declared(touched)
            for number, patient in enumerate(batch, start=1):
                reports = declared.get(patient.person_id)
                if reports is None:
                    yield Seen(patient, Move(patient.risk, patient.risk))
                    continue
                yield Seen(patient, foresee(patient, reports, today, then, now))
                if number % TURN == 0:
                    await asyncio.sleep(0)
            if len(batch) < BATCH:
                return
            after = batch[-1].person_id

    async def _declared(self, batch: list[Patient]) -> dict[str, list[Report]]:
        """Return the declarations that each record of *batch* remembers; none is a list too."""
        wanted = [reading.report_id for patient in batch for reading in patient.readings]
        by_person: dict[str, list[Report]] = {patient.person_id: [] for patient in batch}
        for report in await self._reports.by_ids(wanted) if wanted else ():
            by_person[report.person_id].append(report)
        return by_person

    def _view(self, question: Question, tally: changes.Tally) -> changes.ChangeView:
        ruling = self._rules.criteria.all_in_force(question.today)
        then = question.books.criteria.all_in_force(question.day)
        versions = [{file.version for file in files} for files in (ruling, then)]
        names = {code: self._runtime.units.name_of(code) for code in tally.codes()}
        rises, falls = tally.total("rises"), tally.total("falls")
        return changes.ChangeView(
            day=question.day,
            applies_at=datetime.combine(question.day, time(), VIETNAM).astimezone(UTC),
            tried=DocumentView.of(question.tried) if question.tried else None,
            starting=[DocumentView.of(file) for file in then if file.version not in versions[0]],
            ceasing=[DocumentView.of(file) for file in ruling if file.version not in versions[1]],
            records=tally.records,
            rises=rises,
            falls=falls,
            moves=tally.moves(),
            communes=tally.by_commune(names),
            text=f"Trong {tally.records} người đang theo dõi: {rises} tăng mức nguy cơ, {falls} giảm mức.",
            text_en=f"Of {tally.records} open records: {rises} would rise, {falls} would fall.",
            as_of=self._runtime.clock.now(),
        )

    async def _names(self, patients: list[Patient], by: Actor) -> dict[str, str]:
        """Open who it is for those who may open records; the operations centre sees no names."""
        if not by.roles & STAFF or not patients:
            return {}
        await self._runtime.access_log.note(by, [p.person_id for p in patients], "Chạy thử quy định nguy cơ")
        vault = self._runtime.vault
        return {
            p.person_id: str(vault.open(p.sealed, person_id=p.person_id).get("full_name", ""))
            for p in patients
            if p.sealed
        }

    def _line(self, seen: Seen, name: str | None, explainer: Explainer) -> changes.MoveView:
        patient, move = seen.patient, seen.move
        deciding = move.then if move.rises else move.today
        return changes.MoveView(
            person_id=patient.person_id,
            full_name=name,
            age_years=patient.profile.age_years,
            commune_code=patient.area.commune_code,
            commune_name=self._runtime.units.name_of(patient.area.commune_code),
            from_level=move.from_level,
            to_level=move.to_level,
            last_report_at=patient.last_report_at,
            causes=[explainer.cause(r) for r in deciding.reasons if r.level is deciding.level],
        )


def _refused(fault: RuleFileInvalid) -> RuleFileRefused:
    return RuleFileRefused(f"Hãy sửa rồi thử lại: {fault}", field="file")
