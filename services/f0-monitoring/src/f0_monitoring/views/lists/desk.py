"""Lists of F0 at the door: an uploaded sheet becomes sealed pages, and comes back with answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from common.geo import Units
from common.http.bodies import Body
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.sheets.pages import PageSeals, every, keep
from common.sheets.rows import Row
from common.work.engine import Work
from common.work.model import Cause
from common.workshop import Workshop
from f0_monitoring.domain.case_lists import CaseList, ListStatus, ReceiveCases, RowOutcome, UndoCases
from f0_monitoring.domain.errors import ListNotFound
from f0_monitoring.ports import CaseLists
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.views.lists.reading import office_of, read_cases
from f0_monitoring.views.lists.writing import answered, template
from f0_monitoring.views.requests import Words

ROWS: Final = "case-rows"
LAYOUT: Final = "case-layout"
NOTE: Final = "note"


class UndoBody(Body):
    """Hủy cả lần nhập."""

    reason: Words = Field(description="Lý do hủy, người khác sẽ đọc")


class CaseListView(BaseModel):
    """Một lần nhập danh sách F0."""

    list_id: str
    file_name: str
    received_at: datetime
    finished_at: datetime | None
    status: ListStatus = Field(description="working, done, refused (không nhập ai), undoing, undone")
    rows: int = Field(description="Số người trong tệp")
    done: int = Field(description="Số người đã có câu trả lời của việc đang làm")
    counts: dict[str, int] = Field(description="ready, wrong, repeated, declared, undone, kept")
    is_mine: bool
    undone_at: datetime | None
    undo_reason: str

    @classmethod
    def of(cls, case_list: CaseList, by: Actor, reason: str) -> "CaseListView":
        """Describe a list to *by*."""
        return cls(
            list_id=case_list.list_id,
            file_name=case_list.file_name,
            received_at=case_list.received_at,
            finished_at=case_list.finished_at,
            status=case_list.status,
            rows=case_list.rows,
            done=case_list.rows * case_list.pages_done // max(1, case_list.pages),
            counts={str(outcome): case_list.tally.get(outcome, 0) for outcome in RowOutcome},
            is_mine=case_list.subject == by.subject,
            undone_at=case_list.undone_at,
            undo_reason=reason,
        )


class ListDesk:
    """Takes lists and gives them back."""

    def __init__(self, runtime: Runtime, lists: CaseLists, rules: RiskRuleBooks, workshop: Workshop) -> None:
        self._runtime = runtime
        self._lists = lists
        self._rules = rules
        self._workshop = workshop
        self._seals = seals_of(runtime)

    async def template(self) -> bytes:
        """Return the empty list to fill in."""
        today = local_day(self._runtime.clock.now())
        return await self._workshop.do(
            template, self._runtime.units, self._rules.form(today).conditions, today
        )

    async def receive(
        self,
        work: Work[Any, Any],
        data: bytes,
        by: Actor,
        cause: Cause,
        *,
        file_name: str,
        is_all_or_nothing: bool,
    ) -> CaseListView:
        """
        Take a list: every row is checked now, good ones are declared by the job.

        *is_all_or_nothing*: one wrong row, and nobody is declared. `UnreadableSheet` for a file that is no
        list; nothing is kept of it.
        """
        list_id = derived_id("case-list", cause.id)
        if await self._lists.of_id(list_id) is None:
            command = await self._kept(list_id, data, by, file_name, is_all_or_nothing)
            await work.run(command, cause)
        return await self.show(list_id, by)

    async def undo(
        self, work: Work[Any, Any], list_id: str, body: UndoBody, by: Actor, cause: Cause
    ) -> CaseListView:
        """Begin to undo a whole upload: the job closes what it opened."""
        note = self._runtime.vault.seal({"note": body.reason}, data_class=NOTE, person_id=list_id)
        await work.run(UndoCases(list_id, by, note), cause)
        return await self.show(list_id, by)

    async def show(self, list_id: str, by: Actor) -> CaseListView:
        """Show how far a list is."""
        return self._view(await self._shown(list_id, by), by)

    async def page(self, by: Actor, paging: PageQuery) -> Page[CaseListView]:
        """Show the lists of the officer and of the units they cover, the newest first."""
        given = paging.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        found = await self._lists.shown_to(by.subject, by.area_codes, limit=paging.limit + 1, after=after)
        shown, cursor = page_of(found, paging.limit, lambda one: (one.received_at, one.list_id))
        return Page(items=[self._view(one, by) for one in shown], next=cursor)

    async def answered(self, list_id: str, by: Actor) -> bytes:
        """Return the list as it came with an answer beside every row; the reading is noted."""
        case_list = await self._shown(list_id, by)
        layout = self._runtime.vault.open(case_list.layout, data_class=LAYOUT, person_id=list_id)
        rows: list[tuple[int, list[str], Mapping[str, Any] | None]] = []
        people: set[str] = set()
        gone = ListNotFound("Nội dung danh sách đã được xóa sau 14 ngày.")
        async for page in every(self._lists, list_id, case_list.pages, gone):
            answers = {answer["row"]: answer for answer in page.answers}
            people |= {str(answer["person_id"]) for answer in page.answers if answer.get("person_id")}
            rows += [(number, shown, answers.get(number)) for number, shown, _ in self._seals.opened(page)]
        await self._runtime.access_log.note(by, people, "Tải danh sách F0 đã trả lời")
        return await self._workshop.do(answered, layout["name"], layout["above"], rows)

    def _view(self, case_list: CaseList, by: Actor) -> CaseListView:
        opened = (
            self._runtime.vault.open(case_list.note, data_class=NOTE, person_id=case_list.list_id)
            if case_list.note
            else {}
        )
        return CaseListView.of(case_list, by, str(opened.get("note", "")))

    async def _shown(self, list_id: str, by: Actor) -> CaseList:
        case_list = await self._lists.of_id(list_id)
        if case_list is None or not case_list.is_shown_to(by):
            raise ListNotFound("Không có danh sách này trong phạm vi của bạn.")
        return case_list

    async def _kept(
        self, list_id: str, data: bytes, by: Actor, file_name: str, is_all_or_nothing: bool
    ) -> ReceiveCases:
        runtime, today = self._runtime, local_day(self._runtime.clock.now())
        conditions, office = self._rules.form(today).conditions, office_of(by.area_codes, runtime.units)
        reading = await self._workshop.do(read_cases, data, runtime.units, conditions, office, today)
        pages = self._seals.sealed(list_id, reading, _first_answer)
        tally = await keep(self._lists, pages)
        layout = {"name": reading.name, "above": reading.above}
        return ReceiveCases(
            list_id=list_id,
            by=by,
            covers=covering(by.area_codes, runtime.units),
            file_name=file_name,
            rows=tally.total(),
            pages=len(pages),
            tally=tally,
            layout=runtime.vault.seal(layout, data_class=LAYOUT, person_id=list_id),
            is_all_or_nothing=is_all_or_nothing,
        )


def seals_of(runtime: Runtime) -> PageSeals:
    """Return what seals the rows of lists of F0."""
    return PageSeals(runtime.vault, ROWS)


def covering(area_codes: frozenset[str], units: Units) -> tuple[str, ...]:
    """Return the units that all of *area_codes* lie in: their staff see what somebody there uploaded."""
    chains = [_chain(code, units) for code in area_codes]
    return tuple(sorted(frozenset.intersection(*chains))) if chains else ()


def _chain(code: str, units: Units) -> frozenset[str]:
    codes, unit = {code}, units.unit(code)
    while unit is not None and unit.parent_code:
        codes.add(unit.parent_code)
        unit = units.unit(unit.parent_code)
    return frozenset(codes)


def _first_answer(row: Row) -> Mapping[str, str | int]:
    """Return what reading alone says of a row."""
    if row.faults:
        return {"row": row.number, "outcome": str(RowOutcome.WRONG), "message": " ".join(row.faults)}
    if row.repeats:
        message = f"Trùng người với dòng {row.repeats}; chỉ dòng đó được nhập."
        return {"row": row.number, "outcome": str(RowOutcome.REPEATED), "message": message}
    return {"row": row.number, "outcome": str(RowOutcome.READY)}
