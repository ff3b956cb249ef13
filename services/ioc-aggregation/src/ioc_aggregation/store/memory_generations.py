"""Which generation of the figures holds, in memory, for tests."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ioc_aggregation.ports import Held, Position, Standing
from ioc_aggregation.store.generations import HOLD_SECONDS, MARGIN_SECONDS

HOLD, MARGIN = timedelta(seconds=HOLD_SECONDS), timedelta(seconds=MARGIN_SECONDS)


class MemoryGenerations:
    """The same in memory, at a hand-set time, for tests. *fault* may raise before and after each step."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.fault: Callable[[str], None] = lambda _step: None
        self.now = now
        self.current = 0
        self.last = 0
        self.building: int | None = None
        self.positions: Sequence[Position] = ()
        self.held_until: datetime | None = None

    async def ensure(self) -> None:
        """There is one."""

    async def standing(self) -> Standing:
        """Return which generation holds."""
        return Standing(self.current, self.building, self.positions)

    async def for_writing(self) -> int:
        """Return which generation facts are to be added to; raises `Held`."""
        if self.held_until is not None and self.now() < self.held_until:
            raise Held("facts wait while another generation takes over")
        return self.current

    async def begin(self) -> Standing:
        """Return the generation being built."""
        self.fault("begin")
        if self.building is None:
            self.last += 1
            self.building, self.positions = self.last, ()
        return await self.standing()

    async def note(self, number: int, positions: Sequence[Position]) -> None:
        """Keep how far the generation being built has read."""
        self.fault("note positions")
        if number == self.building:
            self.positions = positions

    async def hold(self, number: int) -> None:
        """Let nobody add facts for a minute."""
        self.fault("hold")
        if number == self.building:
            self.held_until = self.now() + HOLD
        self.fault("held")

    async def switch(self, number: int) -> bool:
        """Make *number* the one that holds."""
        self.fault("switch")
        if number != self.building or self.held_until is None or self.now() >= self.held_until - MARGIN:
            return False
        self.current, self.building, self.positions, self.held_until = number, None, (), None
        self.fault("switched")
        return True

    async def release(self, number: int) -> None:
        """Let facts be added again."""
        self.fault("release")
        if number == self.building:
            self.held_until = None

    async def abandon(self, number: int) -> None:
        """Give up the generation being built."""
        if number == self.building:
            self.building, self.held_until = None, None
