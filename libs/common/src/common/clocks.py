"""Clocks: the real one, and one that stands still for tests and replays."""

from datetime import UTC, datetime, timedelta

from common.kernel.clock import Clock


class SystemClock:
    """The machine's time, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        return to_millisecond(datetime.now(UTC))


def to_millisecond(instant: datetime) -> datetime:
    """Cut *instant* to what MongoDB keeps, so that a state is the same before and after it was stored."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


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


class RehearsalClock:
    """
    A clock for demonstrations: it starts in the past, runs fast, and becomes real when it has caught up.

    `"<from>@<anchor>*<speed>"`: at the real instant *anchor* it shows *from* and then runs *speed* times
    as fast until it meets real time. Every process that is given the same text shows the same time.
    """

    def __init__(self, text: str) -> None:
        moments, _, speed = text.rpartition("*")
        start, _, anchor = moments.partition("@")
        self.start = datetime.fromisoformat(start).astimezone(UTC)
        self.anchor = datetime.fromisoformat(anchor).astimezone(UTC)
        self.speed = float(speed)
        if self.speed < 1 or self.start > self.anchor:
            raise ValueError("a rehearsal starts in the past and runs at least as fast as life")

    def at(self, real: datetime) -> datetime:
        """Return what this clock shows at the real instant *real*; never later than *real*."""
        return min(real, self.start + (real - self.anchor) * self.speed)

    def real_time_of(self, shown: datetime) -> datetime:
        """Return the real instant at which this clock shows *shown*."""
        return max(shown, self.anchor + (shown - self.start) / self.speed)

    def now(self) -> datetime:
        """Return the instant shown now."""
        return to_millisecond(self.at(datetime.now(UTC)))


def real_seconds_since(clock: Clock, shown: datetime) -> float:
    """Return the real seconds since *clock*, which may be a rehearsal's, showed *shown*; never below 0."""
    if isinstance(clock, RehearsalClock):
        return max(0.0, (datetime.now(UTC) - clock.real_time_of(shown)).total_seconds())
    return max(0.0, (clock.now() - shown).total_seconds())


def shown_before(clock: Clock, real: timedelta) -> datetime:
    """Return what *clock* showed *real* ago."""
    if isinstance(clock, RehearsalClock):
        return clock.at(datetime.now(UTC) - real)
    return clock.now() - real


def clock_for(rehearsal: str) -> SystemClock | RehearsalClock:
    """Return the real clock, or the demonstration's when *rehearsal* describes one."""
    return RehearsalClock(rehearsal) if rehearsal else SystemClock()
