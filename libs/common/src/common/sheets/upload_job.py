"""
The job that takes the rows of uploaded lists, page by page, and takes them back when a list is undone.

Whose record came from which list is known to the record itself, so a page that is done again after a crash
finds what is there and answers the same.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.kernel.uploads import ListStatus, NotePage, RowOutcome, UploadedList
from common.service import Runtime
from common.sheets.job import Lease, PagedJob
from common.sheets.pages import Answer, ListPage
from common.sheets.upload_desk import Uploads, seals_of
from common.work.engine import Work
from common.work.model import Cause

LISTS_AT_ONCE: Final = 20
OFFICER: Final = "health_officer"
ROWS_PER_BREATH: Final = 20
"""After so many rows others may use the event loop."""


class UploadJob(PagedJob):
    """Works lists of one *kind* off, and undoes them; *works* has `work` and, by *own*, that of the lists."""

    kind = ""
    own = ""

    def __init__(
        self,
        runtime: Runtime,
        lists: Uploads,
        works: Mapping[str, Work[Any, Any]],
        lease: Lease | None = None,
    ) -> None:
        super().__init__(lease)
        self._runtime = runtime
        self._lists = lists
        self._works = works
        self._seals = seals_of(runtime, self.kind)

    @abstractmethod
    async def taken(self, uploaded: UploadedList, page: ListPage) -> tuple[Answer, ...]:
        """Take the rows of a page; return an answer to each, in order."""

    @abstractmethod
    async def undone(self, uploaded: UploadedList, page: ListPage) -> tuple[Answer, ...]:
        """Take back what the rows of a page opened; return an answer to each, in order."""

    async def round(self) -> int:
        """Do one page of each list; return how many pages."""
        waiting = await self._lists.to_do(limit=LISTS_AT_ONCE)
        for uploaded in waiting:
            await self._work_off(uploaded)
        return len(waiting)

    async def _work_off(self, uploaded: UploadedList) -> None:
        number, changes = uploaded.pages_done, {}
        do = self.undone if uploaded.status is ListStatus.UNDOING else self.taken
        for page in await self._lists.pages(uploaded.list_id, number, 1):
            answers, is_counted = await do(uploaded, page), uploaded.has_counted(number)
            answered = page.answered(uploaded.status, answers, is_counted=is_counted)
            await self._lists.keep_pages([answered])
            changes = answered.changes
        note = NotePage(uploaded.list_id, uploaded.status, number, changes)
        cause = Cause(derived_id("page", uploaded.list_id, uploaded.status, str(number)))
        await self._works[self.own].run(note, cause)


def cause_of(kind: str, uploaded: UploadedList, person_id: str) -> Cause:
    """Return the cause of what a list does to one person: the same however often a page is done."""
    list_id = uploaded.list_id
    return Cause(derived_id(kind, list_id, person_id), correlation_id=list_id)


def answer(row: int, outcome: RowOutcome, person_id: str = "", message: str = "") -> Answer:
    """Say what became of a row."""
    return {"row": row, "outcome": str(outcome), "person_id": person_id, "message": message}


def wrong(row: int, error: Exception) -> Answer:
    """Say why a row was refused."""
    return answer(row, RowOutcome.WRONG, message=told(error))


def told(error: Exception) -> str:
    """Return the words of a refusal, or that the machinery is at fault."""
    return error.detail if isinstance(error, DomainError) else "Hệ thống gặp lỗi với dòng này. Hãy gửi lại."
