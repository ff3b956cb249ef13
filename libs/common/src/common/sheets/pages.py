"""
The rows of an uploaded sheet as sealed pages.

The file is never kept: its cells are sealed page by page, and the answered sheet is written anew from them.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from common.kernel.errors import NotFound
from common.kernel.paged import ROWS_PER_PAGE
from common.mongo.sealing import Vault
from common.sheets.rows import Reading, Row

PAGES_AT_ONCE: Final = 10
Answer = Mapping[str, str | int]
"""`{"row": number in the sheet, "outcome": ..., ...}`: what became of a row."""
FirstAnswer = Callable[[Row], Answer]
"""What reading alone says of a row about somebody."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """
    Some rows of a list: *sealed* is what the sheet says, *answers* what became of each row.

    *stage* is that of the list in which they were answered, *before* how many had which outcome until then: a
    page that is done again after a crash moves the tally by as much as the first time.
    """

    list_id: str
    number: int
    sealed: str
    answers: tuple[Answer, ...]
    stage: str = ""
    before: Mapping[str, int] = field(default_factory=dict)

    def answered(self, stage: str, answers: tuple[Answer, ...], *, is_counted: bool = True) -> "ListPage":
        """Return the page with *answers*, given in *stage*; *is_counted*: the tally holds those until now."""
        is_redone = self.stage == stage or (self.stage and not is_counted)
        before = self.before if is_redone else dict(tally_of([self]))
        return replace(self, answers=answers, stage=stage, before=before)

    @property
    def changes(self) -> dict[str, int]:
        """How its answers move the tally of the list."""
        now = tally_of([self])
        return {name: now[name] - self.before.get(name, 0) for name in {*now, *self.before}}


class Pages(Protocol):
    """Pages of lists. They are deleted by themselves some days after they came."""

    async def keep_pages(self, pages: Collection[ListPage]) -> None:
        """Keep pages, in place of those of the same list and number."""

    async def pages(self, list_id: str, first: int, count: int) -> list[ListPage]:
        """Return some pages of a list in order; fewer when they were deleted."""


class PageSeals:
    """Seals and opens what rows say, as one *data_class*."""

    def __init__(self, vault: Vault, data_class: str) -> None:
        self._vault = vault
        self._class = data_class

    def sealed(self, list_id: str, reading: Reading, first_answer: FirstAnswer) -> list[ListPage]:
        """Return a whole list as pages; rows that repeat an earlier one ask for nothing."""
        pages = []
        for at in range(0, len(reading.rows), ROWS_PER_PAGE):
            rows = reading.rows[at : at + ROWS_PER_PAGE]
            content = {"rows": [[row.number, row.shown, None if row.repeats else row.body] for row in rows]}
            sealed = self._vault.seal(content, data_class=self._class, person_id=list_id)
            answers = tuple(first_answer(row) for row in rows if row.is_person)
            pages.append(ListPage(list_id, at // ROWS_PER_PAGE, sealed, answers))
        return pages

    def opened(self, page: ListPage) -> list[tuple[int, list[str], dict[str, Any] | None]]:
        """Return the rows of a page: number in the sheet, cells, and the form it makes, if any."""
        content = self._vault.open(page.sealed, data_class=self._class, person_id=page.list_id)
        return [(number, shown, body) for number, shown, body in content["rows"]]


async def keep(store: Pages, pages: list[ListPage]) -> Counter[str]:
    """Keep all pages, some at a time; return how many rows have which outcome."""
    for at in range(0, len(pages), PAGES_AT_ONCE):
        await store.keep_pages(pages[at : at + PAGES_AT_ONCE])
    return tally_of(pages)


def tally_of(pages: Collection[ListPage]) -> Counter[str]:
    """Count the rows of pages by outcome."""
    return Counter(str(answer["outcome"]) for page in pages for answer in page.answers)


async def every(store: Pages, list_id: str, count: int, gone: NotFound) -> AsyncIterator[ListPage]:
    """Go through the *count* pages of a list; raises *gone* when they were deleted after their time."""
    for first in range(0, count, PAGES_AT_ONCE):
        wanted = min(PAGES_AT_ONCE, count - first)
        found = await store.pages(list_id, first, wanted)
        if len(found) < wanted:
            raise gone
        for page in found:
            yield page
