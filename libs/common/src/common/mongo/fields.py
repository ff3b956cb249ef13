"""
A document written field by field, each from named attributes of the state.

States are immutable and share what did not change: a field whose attributes are the very same objects as
before need not be written again. That is most of a large state on a hot path.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, compress
from operator import attrgetter, is_not
from typing import Any, Generic, TypeVar

S = TypeVar("S")
Document = dict[str, Any]
ABSENT = object()
"""Stands for a field that a document has no more."""


@dataclass(frozen=True, slots=True)
class Grown:
    """Stands for a list that got *rows* at its end and keeps the last *most* of all."""

    rows: list[Any]
    most: int


@dataclass(frozen=True, slots=True)
class Field:
    """
    A field that *write* makes of a state; it depends on *attributes* of that alone.

    *row* and *most* are given for a list that grows at its end: how one row is written, how many are kept.
    """

    attributes: tuple[str, ...]
    write: Callable[[Any], Any]
    row: Callable[[Any], Any] | None = None
    most: int = 0

    def grown(self, state: Any, before: Any) -> Grown | None:
        """Return how the list grew since *before*; None if it is no such list or changed otherwise."""
        if self.row is None:
            return None
        [name] = self.attributes
        new, old = getattr(state, name), getattr(before, name)
        stayed = new.index(old[-1]) + 1 if old and old[-1] in new else 0
        added = new[stayed:]
        if not stayed or new != (*old, *added)[-self.most :]:
            return None
        return Grown([self.row(each) for each in added], self.most)


def as_it_is(attribute: str) -> Field:
    """Return the field of an attribute that BSON knows how to write."""
    return Field((attribute,), attrgetter(attribute))


def written(attribute: str, write: Callable[[Any], Any]) -> Field:
    """Return the field that *write* makes of the value of one attribute; None stays None."""
    read = attrgetter(attribute)

    def field(state: Any) -> Any:
        value = read(state)
        return None if value is None else write(value)

    return Field((attribute,), field)


def growing(attribute: str, row: Callable[[Any], Any], most: int) -> Field:
    """Return the field of a tuple that mostly gets rows at its end, of which the last *most* are kept."""
    return Field((attribute,), lambda state: [row(each) for each in getattr(state, attribute)], row, most)


class Fields(Generic[S]):
    """How one kind of state is written: calling it gives the whole document. What is None is left out."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = dict(fields)
        self._made_of: dict[str, list[str]] = defaultdict(list)
        for name, field in fields.items():
            for attribute in field.attributes:
                self._made_of[attribute].append(name)
        self._read = attrgetter(*self._made_of)

    def __call__(self, state: S) -> Document:
        """Return the document of *state*."""
        made = {name: field.write(state) for name, field in self._fields.items()}
        return {name: value for name, value in made.items() if value is not None}

    def following(self, state: S, before: S, document: Document) -> tuple[Document, Document]:
        """
        Return the document of *state*, with what it shares with *before* taken from its *document*.

        Beside it stand the fields in which the two documents differ; what is left out now is `ABSENT` there,
        and a list that only grew is `Grown`.
        """
        changed = map(is_not, self._read(state), self._read(before))
        made = document.copy()
        differing: Document = {}
        for name in chain.from_iterable(compress(self._made_of.values(), changed)):
            field = self._fields[name]
            grown = field.grown(state, before)
            if grown is not None:
                made[name] = [*made[name], *grown.rows][-grown.most :]
                differing[name] = grown
                continue
            value = field.write(state)
            if value == made.get(name):
                continue
            if value is None:
                del made[name]
                differing[name] = ABSENT
            else:
                made[name] = differing[name] = value
        return made, differing
