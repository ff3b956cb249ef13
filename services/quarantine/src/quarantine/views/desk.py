"""
What goes out: the desk opens sealed files for those who may read them.

Every opening is noted in the access log first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from common.http.pagination import Page, PageQuery, write_cursor
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from quarantine.domain.access import may_read
from quarantine.domain.duties import today
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case
from quarantine.domain.rules import QuarantineRules
from quarantine.ports import Cases, Reports, Search, Worklist
from quarantine.views import answers
from quarantine.views.case import CaseView, Opened, case_view
from quarantine.views.followed import all_reports, followed

REPORTS_SHOWN, FAMILY_SHOWN, FOUND_SHOWN, READINGS_SHOWN = 60, 20, 20, 50


class Desk:
    """Turns files into views for those who may read them."""

    def __init__(self, runtime: Runtime, cases: Cases, reports: Reports, rules: QuarantineRules) -> None:
        self._runtime = runtime
        self._cases = cases
        self._reports = reports
        self._rules = rules

    async def show(self, person_id: str, by: Actor, purpose: str) -> CaseView:
        """Open one file for somebody who may read it; `CaseNotFound` for everybody else."""
        case = await self.readable(person_id, by)
        [view] = await self.opened([case], by, purpose)
        return view

    async def worklist(self, search: Search, page: PageQuery, by: Actor) -> Page[CaseView]:
        """Open a page of files within the reader's areas."""
        after = page.after(str, str)
        key = (str(after[0]), str(after[1])) if after else None
        cases = await self._cases.find(search, limit=page.limit + 1, after=key)
        shown, more = cases[: page.limit], len(cases) > page.limit
        items = await self.opened(shown, by, "Danh sách việc hôm nay")
        last = items[-1] if more and items else None
        return Page(
            items=items, next=write_cursor(last.ends_on.isoformat(), last.person_id) if last else None
        )

    async def count(self, search: Search) -> answers.CountsView:
        """Count the worklists; no file is opened."""
        now = self._runtime.clock.now()
        return answers.CountsView(counts=await self._cases.count(search), as_of=now)

    async def reports_of(
        self, person_id: str, by: Actor, *, limit: int = REPORTS_SHOWN
    ) -> answers.ReportsView:
        """Show a person's declarations to those who may read the file."""
        case = await self.readable(person_id, by)
        await self._runtime.access_log.note(by, [case.person_id], "Xem tờ khai y tế")
        rows = await all_reports(self._reports, case, limit=limit)
        return answers.ReportsView(items=[answers.ReportView.of(row) for row in rows])

    async def me(self, by: Actor) -> answers.MeView:
        """Show citizens what they owe today, until when and why, and the family they may declare for."""
        mine = await self.show(by.person_id or "", by, "Trang của tôi")
        [*last] = await self._reports.latest_of(mine.person_id, limit=1)
        return answers.MeView(
            person_id=mine.person_id,
            full_name=mine.person.full_name,
            commune_name=mine.commune_name,
            case=mine,
            last_receipt=answers.ReportView.of(last[0]) if last else None,
            family=await self._family(mine, by),
            as_of=self._runtime.clock.now(),
        )

    async def readings_of(self, by: Actor, *, limit: int = READINGS_SHOWN) -> answers.ReadingsView:
        """Show citizens who read their data."""
        rows = await self._runtime.access_log.readings_of(by.person_id or "", limit=limit)
        items = [answers.ReadingView(at=r.at, roles=list(r.roles), purpose=r.purpose) for r in rows]
        return answers.ReadingsView(items=items)

    def protocols(self) -> answers.ProtocolsView:
        """Show the dated documents, the newest first."""
        day = local_day(self._runtime.clock.now())
        area = self._runtime.units.area_of(self._runtime.units.communes()[0].code)
        newest = sorted(self._rules.protocols, key=lambda p: p.effective_from, reverse=True)
        return answers.ProtocolsView(
            items=[
                answers.ProtocolView.of(p, is_in_force=p.is_in_force(self._rules.as_of or day, area))
                for p in newest
            ]
        )

    def communes(self, by: Actor) -> answers.CommunesView:
        """Show the communes within the reader's areas."""
        units = self._runtime.units
        return answers.CommunesView(
            items=[
                answers.CommuneView(
                    code=unit.code, name=unit.name, district_name=units.name_of(unit.parent_code)
                )
                for unit in units.communes()
                if by.covers(units.area_of(unit.code))
            ]
        )

    def search(
        self,
        by: Actor,
        *,
        status: Worklist | None = None,
        commune_code: str | None = None,
        tokens: Sequence[str] = (),
        household_id: str = "",
        q: str = "",
    ) -> Search:
        """Bound what is looked for to the areas of *by*."""
        typed = self._runtime.blind.tokens_of_query(q) if q else []
        return Search(
            area_codes=by.area_codes,
            today=local_day(self._runtime.clock.now()),
            status=status,
            commune_code=commune_code,
            tokens=(*tokens, *typed),
            household_id=household_id,
        )

    async def readable(self, person_id: str, by: Actor) -> Case:
        """Return a file that *by* may read; `CaseNotFound` for everybody else. It is not opened yet."""
        asked = [person_id, *([by.person_id] if by.person_id else [])]
        found = await self._cases.many(asked)
        case, own = await followed(self._cases, found.get(person_id)), found.get(by.person_id or "")
        if case is None or case.person is None or case.stay is None:
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
        if by.person_id in case.joined.aliases:
            return case
        if not may_read(by, case.person_id, case.person, own):
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
        return case

    async def opened(self, cases: Iterable[Case], by: Actor, purpose: str) -> list[CaseView]:
        """Note the reading first, then open the seals of files that *by* may read."""
        shown = list(cases)
        await self._runtime.access_log.note(by, [case.person_id for case in shown], purpose)
        now = self._runtime.clock.now()
        return [view for case in shown if (view := self._view(case, now)) is not None]

    def _view(self, case: Case, now: datetime) -> CaseView | None:
        person, stay, vault = case.person, case.stay, self._runtime.vault
        if person is None or stay is None:
            return None
        note = vault.open(stay.note, person_id=case.person_id).get("note") if stay.note else None
        opened = Opened(
            fields=vault.open(person.sealed, person_id=case.person_id),
            commune_name=self._runtime.units.name_of(person.area.commune_code),
            note=note,
        )
        return case_view(case, person, stay, opened, self._rules, now)

    async def _family(self, mine: CaseView, by: Actor) -> list[answers.FamilyMember]:
        search = Search(
            area_codes={mine.commune_code},
            today=local_day(self._runtime.clock.now()),
            status=Worklist.OPEN,
            household_id=mine.household_id,
        )
        cases = await self._cases.find(search, limit=FAMILY_SHOWN)
        others = [case for case in cases if case.person_id != mine.person_id]
        views = await self.opened(others, by, "Khai cho người trong nhà")
        now = self._runtime.clock.now()
        return [
            answers.FamilyMember(
                person_id=view.person_id,
                full_name=view.person.full_name,
                duty=today(case, self._rules, now).state,
            )
            for view, case in zip(views, others, strict=True)
        ]
