"""Two files of one person: which one yielded to which, and what was taken back."""

from dataclasses import dataclass
from datetime import date, datetime

FORGONE_KEPT = 16


@dataclass(frozen=True, slots=True)
class MergedInto:
    """The file yielded to that of *person_id*; until the merge is undone it is read as that one."""

    merge_id: str
    person_id: str
    at: datetime
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The file of *person_id* is read as a part of this one."""

    merge_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Joined:
    """
    What merges did to a file.

    *forgone* are merges that were taken back: whoever was slow and still carries one out is refused.
    """

    into: MergedInto | None = None
    absorbed: tuple[Absorbed, ...] = ()
    forgone: tuple[str, ...] = ()

    @property
    def aliases(self) -> tuple[str, ...]:
        """Ids under which the same person is also known."""
        return tuple(one.person_id for one in self.absorbed)
