"""
The durable record of a merge: how far it is, so that whoever comes after a crash goes on from there.

Two files cannot be saved in one write. The record says what is to be done to each; it is carried out by
whoever has it in hand, once or several times (`merging.py`), and marked when both are done.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from quarantine.domain.joining import Joining
from quarantine.domain.merge_errors import FileMerged, MergeNotFound, UndoNotPossible
from quarantine.domain.merging import refuse_pair
from quarantine.domain.model import Case

UNDO_WITHIN = timedelta(days=7)
"""Long enough for the person to notice and call; later the two stays are history that others rely on."""


class Stage(StrEnum):
    """How far a merge is. *failing* and *undoing* are on their way back."""

    STARTED = "started"
    DONE = "done"
    FAILING = "failing"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


PENDING = (Stage.STARTED, Stage.FAILING, Stage.UNDOING)
_NEXT = {
    Stage.STARTED: (Stage.DONE, Stage.FAILING),
    Stage.FAILING: (Stage.FAILED,),
    Stage.UNDOING: (Stage.UNDONE, Stage.DONE),
}


@dataclass(frozen=True, slots=True)
class Merge:
    """Một lần gộp: by whom, what, how far, and the refusal that sent it back."""

    joining: Joining
    by: Actor
    stage: Stage
    started_at: datetime
    changed_at: datetime
    undone_by: str = ""
    refusal: str = ""
    turns: int = 0
    """How often the stage changed; it names the change that comes next."""

    @property
    def merge_id(self) -> str:
        """Its id, derived from the request that asked for it."""
        return self.joining.merge_id

    def may_undo_until(self) -> datetime:
        """Last instant at which it can be taken back."""
        return self.started_at + UNDO_WITHIN


@dataclass(frozen=True, slots=True)
class ForMerge:
    """A command to the record of one merge."""

    merge_id: str

    @property
    def aggregate_id(self) -> str:
        """The record's id is the merge's."""
        return self.merge_id


@dataclass(frozen=True, slots=True)
class StartMerge(ForMerge):
    """Gộp: both files as the officer saw them, and what was chosen."""

    joining: Joining
    by: Actor


@dataclass(frozen=True, slots=True)
class MarkMerge(ForMerge):
    """The steps of the present stage are done, or one was refused."""

    stage: Stage
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class UndoMerge(ForMerge):
    """Hoàn tác: both files become what they were."""

    by: Actor


def decide_merge(merge: Merge | None, command: Any, _rules: None, now: datetime) -> Decision[Merge]:
    """Decide on the record alone; the files are asked afterwards, one by one."""
    match command:
        case StartMerge():
            return _started(command, now)
        case MarkMerge():
            return _marked(merge, command, now)
        case UndoMerge():
            return _undoing(merge, command, now)
    raise TypeError(f"not a command of a merge: {type(command).__name__}")


def refuse_merge(survivor: Case, other: Case, by: Actor) -> None:
    """Refuse two files that *by* may not merge like this."""
    for case in (survivor, other):
        if case.person is not None:
            by.require(case.person.area)
        if case.joined.into is not None:
            raise FileMerged("Hồ sơ này đã được gộp vào hồ sơ khác. Hãy tìm lại người này.")
    refuse_pair(survivor, other)


def _started(command: StartMerge, now: datetime) -> Decision[Merge]:
    joining = command.joining
    refuse_merge(joining.survivor, joining.other, command.by)
    made = Merge(joining, command.by, Stage.STARTED, started_at=now, changed_at=now)
    return Decision(made, answer={"merge_id": made.merge_id})


def _marked(merge: Merge | None, command: MarkMerge, now: datetime) -> Decision[Merge]:
    """Go on, if that is the way; whoever is late finds it done or on its way back, and changes nothing."""
    if merge is None or command.stage not in _NEXT.get(merge.stage, ()):
        return Decision(merge)
    marked = replace(
        merge,
        stage=command.stage,
        turns=merge.turns + 1,
        changed_at=now,
        refusal=command.refusal or merge.refusal,
    )
    return Decision(marked)


def _undoing(merge: Merge | None, command: UndoMerge, now: datetime) -> Decision[Merge]:
    if merge is None:
        raise MergeNotFound("Không có lần gộp này trong địa bàn của bạn.")
    for case in (merge.joining.survivor, merge.joining.other):
        if case.person is not None:
            command.by.require(case.person.area)
    answer = {"merge_id": merge.merge_id}
    if merge.stage in (Stage.UNDOING, Stage.UNDONE):
        return Decision(merge, answer=answer)
    if merge.stage is not Stage.DONE:
        raise UndoNotPossible("Lần gộp này chưa xong hoặc đã không thành. Hãy tải lại trang sau ít phút.")
    if now > merge.may_undo_until():
        raise UndoNotPossible(
            f"Chỉ hoàn tác được trong {UNDO_WITHIN.days} ngày. Hãy ra quyết định mới cho người kia."
        )
    return Decision(
        replace(
            merge,
            stage=Stage.UNDOING,
            turns=merge.turns + 1,
            changed_at=now,
            undone_by=command.by.subject,
            refusal="",
        ),
        answer=answer,
    )
