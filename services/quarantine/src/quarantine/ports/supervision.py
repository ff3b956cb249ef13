"""What the supervision desk looks up."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from quarantine.domain.supervision.model import BreachState, Supervision


class WatchList(StrEnum):
    """
    Danh sách giám sát.

    *tasks*: a rung of the ladder waits for an officer. *missed*: something is missed and unanswered.
    *breaches*: to be followed up. *help*: asked for and not yet given. *unreachable*: out of reach since.
    """

    TASKS = "tasks"
    MISSED = "missed"
    BREACHES = "breaches"
    HELP = "help"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose supervision is wanted: always within *area_codes*."""

    area_codes: Collection[str]
    commune_code: str | None = None


class Supervisions(Protocol):
    """What is known in supervision, by person and by worklist."""

    async def get(self, person_id: str) -> Supervision | None:
        """Return what is known of one person."""

    async def many(self, person_ids: Collection[str]) -> dict[str, Supervision]:
        """Return what is known of those of *person_ids* of whom anything is."""

    async def find(
        self, watched: Watched, on: WatchList, *, limit: int, after: tuple[str, str] | None = None
    ) -> list[Supervision]:
        """Return who is on a list, the longest waiting first, beginning after the (since, id) of *after*."""

    async def count(self, watched: Watched) -> dict[WatchList, int]:
        """Return how many people each list has."""


def lists_of(state: Supervision) -> dict[WatchList, str]:
    """Return the lists on which somebody stands, each with the instant since when (sortable text)."""
    since: dict[WatchList, str] = {}
    if state.step is not None:
        since[WatchList.TASKS] = state.step.since.isoformat(timespec="microseconds")
    if state.is_open and state.misses:
        since[WatchList.MISSED] = state.misses[0].due_at.isoformat(timespec="microseconds")
    open_breaches = [one.at for one in state.breaches if one.state is not BreachState.CLOSED]
    if open_breaches:
        since[WatchList.BREACHES] = min(open_breaches).isoformat(timespec="microseconds")
    needs = [need.asked_at for need in state.needs if need.answered_at is None]
    if needs:
        since[WatchList.HELP] = min(needs).isoformat(timespec="microseconds")
    if state.is_open and state.is_unreachable and state.unreachable_at is not None:
        since[WatchList.UNREACHABLE] = state.unreachable_at.isoformat(timespec="microseconds")
    return since
