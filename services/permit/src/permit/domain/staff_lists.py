"""
A staff list (danh sách người lao động): a file of many rows, worked off page by page.

The list itself is small: how far it is and how its rows ended. Its rows are kept apart in pages, because a
list of 10,000 names would be no aggregate. A page may be worked off twice (somebody pulled the plug between
its rows and the note here): each row's permit has a number of its content, so nothing is doubled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from common.kernel.forgetting import Forget, forgotten
from common.kernel.paged import moved
from permit.domain import authority
from permit.domain.firms import firm_id_of


class ListStatus(StrEnum):
    """Where a list is: its good rows wait for the firm to be confirmed, are applied for, are all answered."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"


class RowOutcome(StrEnum):
    """What became of one row."""

    READY = "ready"
    """It can be applied for; the job has not come to it yet."""
    WRONG = "wrong"
    REPEATED = "repeated"
    ISSUED = "issued"
    QUEUED = "queued"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StaffList:
    """One upload of an employer. *tally* counts rows by `RowOutcome`; instants are aware."""

    list_id: str
    firm_id: str
    subject: str
    file_name: str
    received_at: datetime
    rows: int
    pages: int
    tally: Mapping[str, int]
    status: ListStatus
    pages_done: int = 0
    finished_at: datetime | None = None
    layout: str = ""
    """Titles and columns of the sheet as uploaded, sealed: the answer comes back in the same shape."""


@dataclass(frozen=True, slots=True)
class ReceiveList:
    """Take a list whose pages are stored already. *tally* is what reading it found."""

    list_id: str
    by: Actor
    file_name: str
    rows: int
    pages: int
    tally: Mapping[str, int]
    layout: str
    is_vouched: bool

    @property
    def aggregate_id(self) -> str:
        """One record per upload."""
        return self.list_id


@dataclass(frozen=True, slots=True)
class VouchFor:
    """The firm of a waiting list was confirmed."""

    list_id: str

    @property
    def aggregate_id(self) -> str:
        """The list."""
        return self.list_id


@dataclass(frozen=True, slots=True)
class NotePage:
    """Every row of page *number* (from 0) has its answer; *changes* is how the tally moves."""

    list_id: str
    number: int
    changes: Mapping[str, int] = field(default_factory=dict)

    @property
    def aggregate_id(self) -> str:
        """The list."""
        return self.list_id


def decide(staff_list: StaffList | None, command: Any, _rules: None, now: datetime) -> Decision[StaffList]:
    """Dispatch one command on a list."""
    match command:
        case Forget():
            return _forget(staff_list, command)
        case ReceiveList():
            return receive(staff_list, command, now)
        case VouchFor() if staff_list is not None:
            is_waiting = staff_list.status is ListStatus.WAITING
            return Decision(_begun(staff_list, now) if is_waiting else staff_list)
        case NotePage() if staff_list is not None:
            return note_page(staff_list, command, now)
    raise TypeError(f"no decision for {type(command).__name__}")


def receive(staff_list: StaffList | None, command: ReceiveList, now: datetime) -> Decision[StaffList]:
    """Take a list (nhận danh sách); the same upload again is the same list."""
    authority.require_role(command.by, authority.EMPLOYER)
    answer = {"list_id": command.list_id}
    if staff_list is not None:
        return Decision(staff_list, answer=answer)
    fresh = StaffList(
        list_id=command.list_id,
        firm_id=firm_id_of(command.by.subject),
        subject=command.by.subject,
        file_name=command.file_name,
        received_at=now,
        rows=command.rows,
        pages=command.pages,
        tally=dict(command.tally),
        status=ListStatus.WAITING,
        layout=command.layout,
    )
    return Decision(_begun(fresh, now) if command.is_vouched else fresh, answer=answer)


def note_page(staff_list: StaffList, command: NotePage, now: datetime) -> Decision[StaffList]:
    """Count a page once, in order: what was noted before, or comes early, changes nothing."""
    if staff_list.status is not ListStatus.WORKING or command.number != staff_list.pages_done:
        return Decision(staff_list)
    tally = moved(staff_list.tally, command.changes)
    after = replace(staff_list, tally=tally, pages_done=command.number + 1)
    return Decision(_ended(after, now))


def _begun(staff_list: StaffList, now: datetime) -> StaffList:
    return _ended(replace(staff_list, status=ListStatus.WORKING), now)


def _ended(staff_list: StaffList, now: datetime) -> StaffList:
    if staff_list.pages_done < staff_list.pages:
        return staff_list
    return replace(staff_list, status=ListStatus.DONE, finished_at=now)


def _forget(staff_list: StaffList | None, command: Forget) -> Decision[StaffList]:
    """Forget the titles and the name of the file; how its rows ended stays."""
    if staff_list is None or staff_list.status is not ListStatus.DONE or not staff_list.layout:
        return Decision(staff_list)
    if staff_list.received_at >= command.before:
        return Decision(staff_list)
    return forgotten(replace(staff_list, file_name="", layout=""))
