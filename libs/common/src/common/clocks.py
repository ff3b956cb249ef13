"""Clocks: the real one, and one that stands still for tests and replays."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class FrozenClock:
    """Time that moves only when it is told to."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant at which this clock stands."""
        return self._instant

    def move(self, step: timedelta) -> datetime:
        """Move on by *step* and return the new instant."""
        self._instant += step
        return self._instant

    def set(self, instant: datetime) -> None:
        """Stand at *instant* from now on."""
        self._instant = instant.astimezone(UTC)
