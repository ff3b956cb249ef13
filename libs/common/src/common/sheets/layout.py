"""The columns of a list, and the many titles under which people keep them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from common.kernel.errors import Invalid
from common.mongo.folding import folded

_BRACKETS: Final = re.compile(r"\(.*?\)")
_MARKS: Final = re.compile(r"[^a-z0-9]+")
PAPER_TITLES: Final = (
    "so cccd",
    "cccd",
    "cccd cmnd",
    "so cmnd",
    "cmnd",
    "cmnd cccd",
    "so can cuoc",
    "can cuoc cong dan",
    "so giay to",
    "ho chieu",
)
"""Titles under which people keep the number of an identity paper."""
_SHORTEST_BEGINNING: Final = 4
"""Titles longer than this are also known by their beginning: `Họ và tên người bệnh`."""


class UnreadableSheet(Invalid):
    """A file that is no such list, or that no honest program would have written."""

    slug: ClassVar[str] = "unreadable-sheet"
    title: ClassVar[str] = "Không đọc được tệp này"


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column: *title* in our template, *known* titles elsewhere (folded), an *example*, a *hint*.

    One that is not *is_offered* is read where people have it, but stands in no template.
    """

    key: str
    title: str
    known: tuple[str, ...]
    width: int
    example: str
    hint: str
    is_required: bool = False
    is_offered: bool = True


@dataclass(frozen=True)
class Layout:
    """
    The columns of one kind of list.

    *answers* are the titles of the three columns that the answered sheet adds (a re-upload skips them).
    *somebody* are the columns that make a row one about a person; *rows_max* bounds a file.
    """

    columns: tuple[Column, ...]
    answers: tuple[str, str, str]
    somebody: tuple[str, ...] = ("name", "paper")
    rows_max: int = 10_000
    by_key: Mapping[str, Column] = field(init=False, repr=False)
    required: frozenset[str] = field(init=False, repr=False)
    _known: Mapping[str, str] = field(init=False, repr=False)
    _longest_first: tuple[str, ...] = field(init=False, repr=False)
    _not_ours: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = {bare_title(column.title): column.key for column in self.columns}
        known = {name: column.key for column in self.columns for name in column.known} | own
        beginnings = sorted((n for n in known if len(n) > _SHORTEST_BEGINNING), key=len, reverse=True)
        values = {
            "by_key": {column.key: column for column in self.columns},
            "required": frozenset(column.key for column in self.columns if column.is_required),
            "_known": known,
            "_longest_first": tuple(beginnings),
            "_not_ours": frozenset(map(bare_title, self.answers)),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def offered(self) -> tuple[Column, ...]:
        """The columns of the template."""
        return tuple(column for column in self.columns if column.is_offered)

    def column_of(self, title: str) -> str | None:
        """Return the key of the column that a title names, or None."""
        bare = bare_title(title)
        if not bare or bare in self._not_ours:
            return None
        if bare in self._known:
            return self._known[bare]
        return next((self._known[n] for n in self._longest_first if bare.startswith(f"{n} ")), None)


def bare_title(title: str) -> str:
    """Return a title without accents, marks and what stands in brackets."""
    return _MARKS.sub(" ", _BRACKETS.sub(" ", folded(title))).strip()
