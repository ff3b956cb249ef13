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
class Field:
    """A field that *write* makes of a state; it depends on *attributes* of that alone."""

    attributes: tuple[str, ...]
    write: Callable[[Any], Any]


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


class Fields(Generic[S]):
    """How one kind of state is written: calling it gives the whole document. What is None is left out."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._writers = {name: field.write for name, field in fields.items()}
        self._made_of: dict[str, list[str]] = defaultdict(list)
        for name, field in fields.items():
            for attribute in field.attributes:
                self._made_of[attribute].append(name)
        self._read = attrgetter(*self._made_of)

    def __call__(self, state: S) -> Document:
        """Return the document of *state*."""
        made = {name: write(state) for name, write in self._writers.items()}
        return {name: value for name, value in made.items() if value is not None}

    def following(self, state: S, before: S, document: Document) -> tuple[Document, Document]:
        """
        Return the document of *state*, with what it shares with *before* taken from its *document*.

        Beside it stand the fields in which the two documents differ; what is left out now is `ABSENT` there.
        """
        changed = map(is_not, self._read(state), self._read(before))
        made, differing = document.copy(), {}
        for name in chain.from_iterable(compress(self._made_of.values(), changed)):
            value = self._writers[name](state)
            if value == made.get(name):
                continue
            if value is None:
                del made[name]
                differing[name] = ABSENT
            else:
                made[name] = differing[name] = value
        return made, differing
