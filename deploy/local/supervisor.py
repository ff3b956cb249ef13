"""Keeps children alive: what ends is reported and started again, ever more slowly; a crash loop is fatal."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from deploy.local.process import Child

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 8.0
LOOP_CRASHES = 6
LOOP_SECONDS = 90.0


class CrashLoop(RuntimeError):
    """A program ends again and again; the text holds the end of its log."""


@dataclass(eq=False)
class _Watched:
    child: Child
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=LOOP_CRASHES))
    start_at: float | None = None

    def pause(self, now: float) -> float:
        """Seconds to wait before the next start: twice as long for every end in the last minutes."""
        recent = sum(1 for end in self.ends if now - end < LOOP_SECONDS)
        return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * float(2 ** max(0, recent - 1)))

    def is_looping(self, now: float) -> bool:
        """Tell whether it has ended too often in too short a time."""
        return len(self.ends) == LOOP_CRASHES and now - self.ends[0] < LOOP_SECONDS


class Supervisor:
    """Watches running children. `look` is called a few times a second by whoever owns the main loop."""

    def __init__(
        self,
        children: Iterable[Child],
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watched = [_Watched(child) for child in children]
        self._say = say
        self._clock = clock

    def look(self) -> None:
        """Notice ends, start what is due to be started again; raises `CrashLoop`."""
        for watched in self._watched:
            if watched.start_at is not None:
                self._start_if_due(watched)
            elif watched.child.exit_code is not None:
                self._note_end(watched)

    def _start_if_due(self, watched: _Watched) -> None:
        if self._clock() < (watched.start_at or 0):
            return
        watched.start_at = None
        watched.child.start()
        self._say(f"{watched.child.program.name} runs again")

    def _note_end(self, watched: _Watched) -> None:
        now, name = self._clock(), watched.child.program.name
        watched.ends.append(now)
        if watched.is_looping(now):
            raise CrashLoop(
                f"{name} ended {LOOP_CRASHES} times in {LOOP_SECONDS:.0f} s. Its last words"
                f" ({watched.child.program.log}):\n{watched.child.last_lines()}"
            )
        pause = watched.pause(now)
        watched.start_at = now + pause
        code = watched.child.exit_code
        self._say(
            f"{name} ENDED with code {code}; starting it again in {pause:.1f} s\n{_indent(watched.child)}"
        )


def _indent(child: Child) -> str:
    return "\n".join(f"    {line}" for line in child.last_lines(6).splitlines())
