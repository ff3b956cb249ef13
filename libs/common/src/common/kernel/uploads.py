"""
A list of people (danh sách): a file of many rows that a station keeps in Excel, worked off page by page.

The list itself is small: how far it is and how its rows ended. Its rows are kept apart in sealed pages.
A page may be worked off twice: whose record came from this list is known to that record, so nothing is
doubled. For the same reason a whole upload can be undone: every record that it opened and that has not
moved on is closed as a wrong entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from common.kernel.errors import DomainError, Kind, NotFound
from common.kernel.paged import moved


class ListNotFound(NotFound):
    """No such list, or not one that the caller may know of."""

    slug: ClassVar[str] = "list-not-found"
    title: ClassVar[str] = "Không tìm thấy danh sách"


class NothingToUndo(DomainError):
    """The list was refused as a whole, so that it changed nothing."""

    slug: ClassVar[str] = "nothing-to-undo"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "Không có gì để hủy"


class ListStatus(StrEnum):
    """Where a list is."""

    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    """It should only count as a whole, and rows of it are wrong: nobody of it was taken."""
    UNDOING = "undoing"
    UNDONE = "undone"


class RowOutcome(StrEnum):
    """What became of one row."""

    READY = "ready"
    """It can be taken; the job has not come to it yet."""
    WRONG = "wrong"
    REPEATED = "repeated"
    DECLARED = "declared"
    """It was taken: the record of this person was opened by this list."""
    UNDONE = "undone"
    KEPT = "kept"
    """The list was undone, but the record of this person has moved on: an officer must look at it."""


@dataclass(frozen=True, slots=True)
class UploadedList:
    """
    One upload. *tally* counts rows by `RowOutcome`; instants are aware.

    *area_codes* are those of the officer at that time; *covers* are the codes of the units that all of these
    lie in: whose staff may see the list. *layout* and *note* are sealed. *pages_taken* is how many pages were
    counted when it began to be undone.
    """

    list_id: str
    subject: str
    area_codes: tuple[str, ...]
    covers: tuple[str, ...]
    file_name: str
    received_at: datetime
    rows: int
    pages: int
    tally: Mapping[str, int]
    status: ListStatus
    pages_done: int = 0
    finished_at: datetime | None = None
    layout: str = ""
    undone_by: str = ""
    undone_at: datetime | None = None
    note: str = ""
    pages_taken: int = 0

    def has_counted(self, page: int) -> bool:
        """Tell whether the tally holds what the stage before made of *page*."""
        return self.status is ListStatus.WORKING or page < self.pages_taken

    @property
    def source(self) -> str:
        """What the records of this list name as their source."""
        return source_of(self.list_id)

    def is_shown_to(self, actor: Actor) -> bool:
        """Tell whether *actor* uploaded the list or works at a unit that covers its places."""
        return actor.subject == self.subject or bool(actor.area_codes & set(self.covers))


def source_of(list_id: str) -> str:
    """Return the source of records that a list opens."""
    return f"list:{list_id}"


@dataclass(frozen=True, slots=True)
class _OfList:
    list_id: str

    @property
    def aggregate_id(self) -> str:
        """One record per upload."""
        return self.list_id


@dataclass(frozen=True, slots=True)
class ReceiveList(_OfList):
    """Take a list whose pages are stored already. *tally* is what reading it found."""

    by: Actor
    covers: tuple[str, ...]
    file_name: str
    rows: int
    pages: int
    tally: Mapping[str, int]
    layout: str
    is_all_or_nothing: bool = False


@dataclass(frozen=True, slots=True)
class NotePage(_OfList):
    """Every row of page *number* (from 0) has its answer in this *stage*; *changes* move the tally."""

    stage: ListStatus
    number: int
    changes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UndoList(_OfList):
    """Hủy cả lần nhập: close what this upload opened. *note* is the sealed reason."""

    by: Actor
    note: str


def decide(
    uploaded: UploadedList | None, command: Any, _rules: None, now: datetime
) -> Decision[UploadedList]:
    """Dispatch one command on a list."""
    match command:
        case ReceiveList():
            return _received(uploaded, command, now)
        case NotePage() if uploaded is not None:
            return _noted(uploaded, command, now)
        case UndoList():
            return _undoing(uploaded, command, now)
    raise TypeError(f"no decision for {type(command).__name__}")


def _received(uploaded: UploadedList | None, command: ReceiveList, now: datetime) -> Decision[UploadedList]:
    """Take a list (nhận danh sách); the same upload again is the same list."""
    answer = {"list_id": command.list_id}
    if uploaded is not None:
        return Decision(uploaded, answer=answer)
    is_refused = command.is_all_or_nothing and command.tally.get(RowOutcome.WRONG, 0) > 0
    fresh = UploadedList(
        list_id=command.list_id,
        subject=command.by.subject,
        area_codes=tuple(sorted(command.by.area_codes)),
        covers=command.covers,
        file_name=command.file_name,
        received_at=now,
        rows=command.rows,
        pages=command.pages,
        tally=dict(command.tally),
        status=ListStatus.REFUSED if is_refused else ListStatus.WORKING,
        finished_at=now if is_refused else None,
        layout=command.layout,
    )
    return Decision(fresh, answer=answer)


def _noted(uploaded: UploadedList, command: NotePage, now: datetime) -> Decision[UploadedList]:
    """Count a page once, in order: what was noted before, or comes early or too late, changes nothing."""
    if uploaded.status is not command.stage or command.number != uploaded.pages_done:
        return Decision(uploaded)
    tally, done = moved(uploaded.tally, command.changes), command.number + 1
    after = replace(uploaded, tally=tally, pages_done=done)
    if done < uploaded.pages:
        return Decision(after)
    ended = ListStatus.DONE if command.stage is ListStatus.WORKING else ListStatus.UNDONE
    return Decision(replace(after, status=ended, finished_at=now))


def _undoing(uploaded: UploadedList | None, command: UndoList, now: datetime) -> Decision[UploadedList]:
    if uploaded is None or not uploaded.is_shown_to(command.by):
        raise ListNotFound("Không có danh sách này trong phạm vi của bạn.")
    answer = {"list_id": uploaded.list_id}
    if uploaded.status in (ListStatus.UNDOING, ListStatus.UNDONE):
        return Decision(uploaded, answer=answer)
    if uploaded.status is ListStatus.REFUSED:
        raise NothingToUndo("Danh sách này chưa nhập ai nên không có gì để hủy.")
    begun = replace(
        uploaded,
        status=ListStatus.UNDOING,
        pages_done=0,
        pages_taken=uploaded.pages_done,
        finished_at=None,
        undone_by=command.by.subject,
        undone_at=now,
        note=command.note,
    )
    return Decision(begun, answer=answer)
