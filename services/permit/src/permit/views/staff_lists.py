"""
Staff lists at the door: an uploaded sheet becomes sealed pages, and comes back with answers.

The file is never kept: its cells are sealed page by page; the answered sheet is written anew from them.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from common.credential import serial
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.sheets.pages import ListPage, PageSeals, every, keep
from common.sheets.rows import Row
from common.work.engine import Work
from common.work.model import Cause
from common.workshop import Workshop
from permit.domain.authority import PRIVATE
from permit.domain.errors import FirmNotRegistered, ListNotFound
from permit.domain.firms import Firm, firm_id_of
from permit.domain.staff_lists import ReceiveList, RowOutcome, StaffList
from permit.ports.staff import Firms, StaffLists
from permit.rulebook import Rulebook
from permit.views.workbook.rows import read_list
from permit.views.workbook.writing import answered, template

ROWS: Final = "staff-rows"
REMOVED: Final = "Đã xóa theo thời hạn lưu"
"""Stands for the name of a file once retention has removed it."""
LAYOUT: Final = "staff-layout"


class StaffListView(BaseModel):
    """Danh sách người lao động."""

    list_id: str
    file_name: str
    received_at: datetime
    finished_at: datetime | None
    status: str = Field(description="waiting (chờ xác nhận doanh nghiệp), working, done")
    rows: int = Field(description="Số người trong tệp")
    done: int = Field(description="Số người đã có câu trả lời")
    counts: dict[str, int] = Field(description="ready, wrong, repeated, issued, queued, refused")

    @classmethod
    def of(cls, staff_list: StaffList) -> "StaffListView":
        """Describe a list."""
        counts = {str(outcome): staff_list.tally.get(outcome, 0) for outcome in RowOutcome}
        return cls(
            list_id=staff_list.list_id,
            file_name=staff_list.file_name or REMOVED,
            received_at=staff_list.received_at,
            finished_at=staff_list.finished_at,
            status=staff_list.status,
            rows=staff_list.rows,
            done=staff_list.rows - counts[RowOutcome.READY],
            counts=counts,
        )


class ListDesk:
    """Takes sheets and gives them back."""

    def __init__(
        self, runtime: Runtime, lists: StaffLists, firms: Firms, rulebook: Rulebook, workshop: Workshop
    ) -> None:
        self._runtime = runtime
        self._seals = seals_of(runtime)
        self._lists = lists
        self._firms = firms
        self._workshop = workshop
        self._categories = {
            code: entry.title for code, entry in rulebook.numbers.items() if code not in PRIVATE
        }

    async def template(self) -> bytes:
        """Return the empty list to fill in."""
        today = local_day(self._runtime.clock.now())
        titles = list(self._categories.values())
        return await self._workshop.do(template, self._runtime.units, titles, today)

    async def receive(
        self, work: Work[Any, Any], data: bytes, file_name: str, by: Actor, cause: Cause
    ) -> StaffListView:
        """
        Take a sheet: every row is checked now, good ones are applied for by the job.

        `UnreadableSheet` for a file that is no list, `FirmNotRegistered`; nothing is kept of those.
        """
        firm = await self._firms.of_id(firm_id_of(by.subject))
        if firm is None:
            raise FirmNotRegistered("Hãy đăng ký doanh nghiệp một lần, rồi nộp danh sách.")
        list_id = derived_id("staff-list", cause.id)
        if await self._lists.of_id(list_id) is None:
            await work.run(await self._kept(list_id, data, file_name, firm, by), cause)
        return await self.show(list_id, by)

    async def show(self, list_id: str, by: Actor) -> StaffListView:
        """Show how far a list is."""
        return StaffListView.of(await self.own(list_id, by))

    async def page(self, by: Actor, paging: PageQuery) -> Page[StaffListView]:
        """Show the account's lists, the newest first."""
        given = paging.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        found = await self._lists.of_subject(by.subject, limit=paging.limit + 1, after=after)
        shown, cursor = page_of(found, paging.limit, lambda one: (one.received_at, one.list_id))
        return Page(items=[StaffListView.of(one) for one in shown], next=cursor)

    async def answered(self, list_id: str, by: Actor) -> bytes:
        """Return the sheet as it came with an answer beside every row."""
        staff_list = await self.own(list_id, by)
        if not staff_list.layout:
            raise ListNotFound("Danh sách này đã xóa vì hết thời hạn lưu. Giấy đã cấp vẫn xem được ở dưới.")
        layout = self._runtime.vault.open(staff_list.layout, data_class=LAYOUT, person_id=list_id)
        rows: list[tuple[int, list[str], dict[str, Any] | None]] = []
        people: set[str] = set()
        async for page in self.pages(staff_list):
            answers = {answer["row"]: answer for answer in page.answers}
            people |= {str(answer["person_id"]) for answer in page.answers if answer.get("person_id")}
            for number, shown, _ in self._seals.opened(page):
                rows.append((number, shown, _told(answers.get(number))))
        await self._runtime.access_log.note(by, people, "Tải danh sách người lao động đã trả lời")
        return await self._workshop.do(answered, layout["name"], layout["above"], rows)

    async def own(self, list_id: str, by: Actor) -> StaffList:
        """Return a list of the caller; `ListNotFound` for everybody else's."""
        staff_list = await self._lists.of_id(list_id)
        if staff_list is None or staff_list.subject != by.subject:
            raise ListNotFound("Không có danh sách này. Hãy mở lại từ danh sách các lần nộp.")
        return staff_list

    def pages(self, staff_list: StaffList) -> AsyncIterator[ListPage]:
        """Go through the pages of a list; `ListNotFound` when they were deleted after their time."""
        gone = ListNotFound("Nội dung danh sách đã được xóa sau 14 ngày. Hãy nộp lại tệp nếu cần.")
        return every(self._lists, staff_list.list_id, staff_list.pages, gone)

    async def _kept(self, list_id: str, data: bytes, file_name: str, firm: Firm, by: Actor) -> ReceiveList:
        runtime = self._runtime
        today = local_day(runtime.clock.now())
        reading = await self._workshop.do(read_list, data, runtime.units, self._categories, firm.name, today)
        pages = self._seals.sealed(list_id, reading, _first_answer)
        tally = await keep(self._lists, pages)
        layout = {"name": reading.name, "above": reading.above}
        return ReceiveList(
            list_id=list_id,
            by=by,
            file_name=file_name,
            rows=tally.total(),
            pages=len(pages),
            tally=tally,
            layout=runtime.vault.seal(layout, data_class=LAYOUT, person_id=list_id),
            is_vouched=firm.is_confirmed,
        )


def seals_of(runtime: Runtime) -> PageSeals:
    """Return what seals the rows of staff lists."""
    return PageSeals(runtime.vault, ROWS)


def _first_answer(row: Row) -> Mapping[str, str | int]:
    """Return what reading alone says of a row."""
    if row.faults:
        return {"row": row.number, "outcome": str(RowOutcome.WRONG), "message": " ".join(row.faults)}
    if row.repeats:
        message = f"Trùng người, nhóm và ngày với dòng {row.repeats}; chỉ dòng đó được xét."
        return {"row": row.number, "outcome": str(RowOutcome.REPEATED), "message": message}
    return {"row": row.number, "outcome": str(RowOutcome.READY)}


def _told(answer: Mapping[str, str | int] | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    number = serial.spaced(str(answer["permit_id"])) if answer.get("permit_id") else ""
    return {"outcome": answer["outcome"], "number": number, "message": answer.get("message", "")}
