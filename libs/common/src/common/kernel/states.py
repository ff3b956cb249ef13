"""States are never changed: a decision makes the next one."""

from typing import Any, TypeVar

S = TypeVar("S")

_new, _set = object.__new__, object.__setattr__


def with_changes(state: S, **changes: Any) -> S:
    """
    Return the state that differs from *state* (a dataclass with slots) in the fields *changes*.

    What `dataclasses.replace` does in a third of the time, because the constructor and `__post_init__` are
    not run: for large states on hot paths. Raises TypeError for a field that does not exist.
    """
    made = _new(state.__class__)
    for name in state.__slots__:  # type: ignore[attr-defined]
        _set(made, name, changes.pop(name) if name in changes else getattr(state, name))
    if changes:
        raise TypeError(f"{type(state).__name__} has no field {', '.join(changes)}")
    return made
