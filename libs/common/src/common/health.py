"""
Alive and ready. Alive means that the event loop turns; ready means that what we depend on answers.

Liveness never asks Mongo or Kafka: restarting a service does not mend a database.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

Check = Callable[[], Awaitable[object]]
LONGEST_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Outcome of one check: *fault* is empty if all is well; it names a kind, never an address."""

    name: str
    fault: str
    seconds: float
    is_required: bool = True

    @property
    def is_ready(self) -> bool:
        """Tell whether this dependency lets the process take work."""
        return not self.fault or not self.is_required


class Readiness:
    """The list of what must answer before this process takes work."""

    def __init__(self) -> None:
        self._checks: dict[str, tuple[Check, bool]] = {}
        self._is_draining = False

    def add(self, name: str, check: Check, *, is_required: bool = True) -> None:
        """
        Add a check: it raises, or returns False, while the dependency is not usable.

        One that is not required is shown, but the process takes work without it: declarations are
        accepted while Kafka is away, because their facts wait in the store.
        """
        self._checks[name] = (check, is_required)

    def drain(self) -> None:
        """Be unready from now on: the process is going away."""
        self._is_draining = True

    @property
    def is_draining(self) -> bool:
        """Tell whether the process is going away."""
        return self._is_draining

    async def findings(self) -> list[Finding]:
        """Run all checks at once; each has two seconds."""
        found = await asyncio.gather(*(_run(name, *check) for name, check in self._checks.items()))
        return [*found, *([Finding("draining", "shutting down", 0.0)] if self._is_draining else [])]


async def _run(name: str, check: Check, is_required: bool) -> Finding:
    started = time.perf_counter()
    fault = ""
    try:
        if await asyncio.wait_for(check(), LONGEST_SECONDS) is False:
            fault = "not ready"
    except TimeoutError:
        fault = "no answer in time"
    except Exception as error:  # noqa: BLE001  whatever fails, the answer is: not ready, and why
        fault = type(error).__name__
    return Finding(name, fault, round(time.perf_counter() - started, 4), is_required)
