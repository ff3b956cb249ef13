"""Lists at the door of a service: an uploaded sheet becomes sealed pages, and comes back with answers."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, Field, StringConstraints

from common.geo import Units
from common.http.bodies import Body
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.kernel.uploads import (
    ListNotFound,
    ListStatus,
    ReceiveList,
    RowOutcome,
    UndoList,
    UploadedList,
)
from common.service import Runtime
from common.sheets.pages import Pages, PageSeals, every, keep
from common.sheets.rows import Reading, Row
from common.work.engine import Work
from common.work.model import Cause
from common.workshop import Workshop

NOTE: Final = "note"
Words = Annotated[str, StringConstraints(min_length=2, max_length=500)]
"""A reason that somebody will read."""
Given = Iterable[tuple[int, Sequence[str], Mapping[str, Any] | None]]
"""Rows as they came: number, cells, and what became of each."""


class Uploads(Pages, Protocol):
    """Uploaded lists and their pages."""

    async def of_id(self, list_id: str) -> UploadedList | None:
        """Return one list."""

    async def shown_to(
        self, subject: str, codes: Collection[str], *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[UploadedList]:
        """Return the lists that somebody uploaded, or that units *codes* cover, the newest first."""

    async def to_do(self, *, limit: int) -> list[UploadedList]:
        """Return the lists that are worked off or undone, the longest waiting first."""


class UndoBody(Body):
    """Hủy cả lần nhập."""

    reason: Words = Field(description="Lý do hủy, người khác sẽ đọc")


class UploadView(BaseModel):
    """Một lần nhập danh sách."""

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
    def of(cls, uploaded: UploadedList, by: Actor, reason: str) -> Self:
        """Describe a list to *by*."""
        return cls(
            list_id=uploaded.list_id,
            file_name=uploaded.file_name,
            received_at=uploaded.received_at,
            finished_at=uploaded.finished_at,
            status=uploaded.status,
            rows=uploaded.rows,
            done=uploaded.rows * uploaded.pages_done // max(1, uploaded.pages),
            counts={str(outcome): uploaded.tally.get(outcome, 0) for outcome in RowOutcome},
            is_mine=uploaded.subject == by.subject,
            undone_at=uploaded.undone_at,
            undo_reason=reason,
        )


V = TypeVar("V", bound=UploadView)


class UploadDesk(ABC, Generic[V]):
    """
    Takes lists of one *kind* and gives them back; what a kind reads and writes, its subclass says.

    *view* is what people are shown; *purpose* what the access log says when answers are fetched.
    """

    kind: ClassVar[str]
    view: type[V]
    purpose: ClassVar[str]

    def __init__(self, runtime: Runtime, lists: Uploads, workshop: Workshop) -> None:
        self._runtime = runtime
        self._lists = lists
        self._workshop = workshop
        self._seals = seals_of(runtime, self.kind)

    @abstractmethod
    async def read(self, data: bytes, by: Actor) -> Reading:
        """Read and check a file; `UnreadableSheet` for one that is no list."""

    @staticmethod
    @abstractmethod
    def written(name: str, above: Sequence[Sequence[str]], rows: Given) -> bytes:
        """Return the list as it came, with answers. Runs in the workshop."""

    async def receive(
        self,
        work: Work[Any, Any],
        data: bytes,
        by: Actor,
        cause: Cause,
        *,
        file_name: str,
        is_all_or_nothing: bool,
    ) -> V:
        """
        Take a list: every row is checked now, good ones are taken by the job.

        *is_all_or_nothing*: one wrong row, and nobody is taken. `UnreadableSheet` for a file that is no
        list; nothing is kept of it.
        """
        list_id = derived_id(f"{self.kind}-list", cause.id)
        if await self._lists.of_id(list_id) is None:
            command = await self._kept(list_id, data, by, file_name, is_all_or_nothing)
            await work.run(command, cause)
        return await self.show(list_id, by)

    async def undo(self, work: Work[Any, Any], list_id: str, body: UndoBody, by: Actor, cause: Cause) -> V:
        """Begin to undo a whole upload: the job closes what it opened."""
        note = self._runtime.vault.seal({"note": body.reason}, data_class=NOTE, person_id=list_id)
        await work.run(UndoList(list_id, by, note), cause)
        return await self.show(list_id, by)

    async def show(self, list_id: str, by: Actor) -> V:
        """Show how far a list is."""
        return self._view(await self._shown(list_id, by), by)

    async def page(self, by: Actor, paging: PageQuery) -> Page[V]:
        """Show the lists of the officer and of the units they cover, the newest first."""
        given = paging.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        found = await self._lists.shown_to(by.subject, by.area_codes, limit=paging.limit + 1, after=after)
        shown, cursor = page_of(found, paging.limit, lambda one: (one.received_at, one.list_id))
        return Page(items=[self._view(one, by) for one in shown], next=cursor)

    async def answered(self, list_id: str, by: Actor) -> bytes:
        """Return the list as it came with an answer beside every row; the reading is noted."""
        uploaded = await self._shown(list_id, by)
        layout = self._runtime.vault.open(
            uploaded.layout, data_class=f"{self.kind}-layout", person_id=list_id
        )
        rows: list[tuple[int, list[str], Mapping[str, Any] | None]] = []
        people: set[str] = set()
        gone = ListNotFound("Nội dung danh sách đã được xóa sau 14 ngày.")
        async for page in every(self._lists, list_id, uploaded.pages, gone):
            answers = {answer["row"]: answer for answer in page.answers}
            people |= {str(answer["person_id"]) for answer in page.answers if answer.get("person_id")}
            rows += [(number, shown, answers.get(number)) for number, shown, _ in self._seals.opened(page)]
        await self._runtime.access_log.note(by, people, self.purpose)
        return await self._workshop.do(self.written, layout["name"], layout["above"], rows)

    def _view(self, uploaded: UploadedList, by: Actor) -> V:
        opened = (
            self._runtime.vault.open(uploaded.note, data_class=NOTE, person_id=uploaded.list_id)
            if uploaded.note
            else {}
        )
        return self.view.of(uploaded, by, str(opened.get("note", "")))

    async def _shown(self, list_id: str, by: Actor) -> UploadedList:
        uploaded = await self._lists.of_id(list_id)
        if uploaded is None or not uploaded.is_shown_to(by):
            raise ListNotFound("Không có danh sách này trong phạm vi của bạn.")
        return uploaded

    async def _kept(
        self, list_id: str, data: bytes, by: Actor, file_name: str, is_all_or_nothing: bool
    ) -> ReceiveList:
        runtime, reading = self._runtime, await self.read(data, by)
        pages = self._seals.sealed(list_id, reading, _first_answer)
        tally = await keep(self._lists, pages)
        layout = {"name": reading.name, "above": reading.above}
        return ReceiveList(
            list_id=list_id,
            by=by,
            covers=covering(by.area_codes, runtime.units),
            file_name=file_name,
            rows=tally.total(),
            pages=len(pages),
            tally=tally,
            layout=runtime.vault.seal(layout, data_class=f"{self.kind}-layout", person_id=list_id),
            is_all_or_nothing=is_all_or_nothing,
        )


def seals_of(runtime: Runtime, kind: str) -> PageSeals:
    """Return what seals the rows of lists of a kind."""
    return PageSeals(runtime.vault, f"{kind}-rows")


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
