"""Values that travel with the work in hand, however deep it calls: the trace, the correlation id."""

from contextvars import ContextVar, Token


class Carried:
    """A context variable has *value* inside of `with`, and what it had before afterwards."""

    __slots__ = ("_before", "_value", "_variable")

    def __init__(self, variable: ContextVar[str], value: str) -> None:
        self._variable = variable
        self._value = value

    def __enter__(self) -> str:
        """Begin; tells the value."""
        self._before: Token[str] = self._variable.set(self._value)
        return self._value

    def __exit__(self, *_: object) -> None:
        """Go back to what was before."""
        self._variable.reset(self._before)
