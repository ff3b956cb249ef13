"""Tests of people in quarantine: lists of today, counts by commune, results of one or of many."""

from dataclasses import replace
from datetime import UTC

from common.http.pagination import Page, PageQuery, write_cursor
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.model import Cause, Errand
from quarantine.domain.acts import RecordTest
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case
from quarantine.domain.schedule import next_owed, schedule
from quarantine.domain.swabs import Verdict
from quarantine.ports import Cases, Moves, Search, TestCounts, TestList, TestSearch, Worklist
from quarantine.views.case import CaseView
from quarantine.views.desk import Desk
from quarantine.views.intake import Intake
from quarantine.views.samples import (
    CommuneTestsView,
    NegativesBody,
    NobodyNamed,
    OwedView,
    OwingView,
    SampleView,
    TestBody,
    TestCountsView,
    TestsView,
)

HOUSEHOLD_MAX = 50


class TestDesk:
    """Reads and records tests for those who may."""

    def __init__(self, runtime: Runtime, cases: Cases, moves: Moves, desk: Desk, intake: Intake) -> None:
        self._runtime = runtime
        self._cases = cases
        self._moves = moves
        self._desk = desk
        self._intake = intake

    def search(self, by: Actor, status: TestList, commune_code: str | None) -> TestSearch:
        """Bound what is looked for to the areas of *by*."""
        today = local_day(self._runtime.clock.now())
        return TestSearch(by.area_codes, today, status, commune_code)

    async def listed(self, search: TestSearch, page: PageQuery, by: Actor) -> Page[OwingView]:
        """Open a page of a list, the longest owed first."""
        after = page.after(str, str)
        key = (str(after[0]), str(after[1])) if after else None
        found = await self._moves.tests(search, limit=page.limit + 1, after=key)
        shown = found[: page.limit]
        views = await self._desk.opened(shown, by, "Danh sách xét nghiệm")
        items = [_owing(case, view) for case, view in zip(shown, views, strict=True)]
        last = items[-1] if len(found) > page.limit else None
        on = last.test_on.isoformat() if last and last.test_on else ""
        return Page(items=items, next=write_cursor(on, last.case.person_id) if last else None)

    async def count(self, search: TestSearch) -> TestCountsView:
        """Count the lists of each commune; no file is opened."""
        counts = await self._moves.test_counts(search)
        rows = [self._commune(code, found) for code, found in counts.items()]
        rows = [row for row in rows if row.due + row.overdue + row.done]
        rows.sort(key=lambda row: (-row.due - row.overdue, row.commune_name))
        return TestCountsView(
            due=sum(row.due for row in rows),
            overdue=sum(row.overdue for row in rows),
            done=sum(row.done for row in rows),
            communes=rows,
            as_of=self._runtime.clock.now(),
        )

    def _commune(self, code: str, found: TestCounts) -> CommuneTestsView:
        name = self._runtime.units.name_of(code)
        return CommuneTestsView(
            commune_code=code, commune_name=name, due=found.due, overdue=found.overdue, done=found.done
        )

    async def of_person(self, person_id: str, by: Actor) -> TestsView:
        """Show what somebody owes and every result, to those who may read the file."""
        case = await self._desk.readable(person_id, by)
        await self._runtime.access_log.note(by, [person_id], "Xem xét nghiệm")
        today = local_day(self._runtime.clock.now())
        stay = case.stay
        return TestsView(
            owed=[OwedView.of(one) for one in schedule(stay, today)] if stay else [],
            results=[SampleView.of(one) for one in reversed(stay.results)] if stay else [],
        )

    async def to_test(self, person_id: str, body: TestBody, by: Actor, cause: Cause) -> RecordTest:
        """Name the test after the request that brought it, so that a repeat is the same one."""
        return RecordTest(
            person_id,
            by,
            derived_id("test", cause.id),
            body.kind,
            body.verdict,
            body.sampled_at,
            body.taken_at.astimezone(UTC),
            body.resulted_at.astimezone(UTC) if body.resulted_at else None,
            body.sample_id or "",
            await self._intake.age_of(person_id, by),
        )

    async def to_negatives(self, body: NegativesBody, by: Actor, cause: Cause) -> list[Errand]:
        """One command and one cause each; none if somebody named is outside *by*'s areas."""
        people = list(dict.fromkeys(body.people or await self._household(body.household_id, by)))
        if not people:
            raise NobodyNamed("Hãy chọn ít nhất một người, hoặc một hộ đang cách ly.", field="people")
        found = await self._cases.many(people)
        own = {key for key, case in found.items() if case.person and by.covers(case.person.area)}
        if own != set(people):
            raise CaseNotFound(
                f"{len(set(people) - own)} người không có trong địa bàn của bạn. Chưa ghi kết quả nào; "
                "hãy xem lại danh sách rồi gửi lại.",
                field="people",
            )
        await self._runtime.access_log.note(by, sorted(own), "Ghi xét nghiệm âm tính")
        return [self._negative(person_id, body, by, cause) for person_id in people]

    async def _household(self, household_id: str | None, by: Actor) -> list[str]:
        if not household_id:
            return []
        today = local_day(self._runtime.clock.now())
        search = Search(by.area_codes, today, Worklist.OPEN, household_id=household_id)
        return [case.person_id for case in await self._cases.find(search, limit=HOUSEHOLD_MAX)]

    @staticmethod
    def _negative(person_id: str, body: NegativesBody, by: Actor, cause: Cause) -> Errand:
        own = replace(cause, id=derived_id(cause.id, person_id))
        test_id, taken_at = derived_id("test", own.id), body.taken_at.astimezone(UTC)
        command = RecordTest(
            person_id, by, test_id, body.kind, Verdict.NEGATIVE, body.sampled_at, taken_at, taken_at
        )
        return Errand(command, own)


def _owing(case: Case, view: CaseView) -> OwingView:
    stay = case.stay
    results = stay.results if stay else ()
    return OwingView(
        case=view,
        test_on=next_owed(stay) if stay else None,
        last_result=SampleView.of(results[-1]) if results else None,
    )
