"""
Quiet hours (giờ yên lặng): what can wait until morning wakes nobody.

An alert that rests is raised and listed at once; only its ringing, its messages and the clock of its ladder
wait for the end of the quiet hours. What a person passes up, and whatever is worse, rings at once.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from common.kernel.clock import VIETNAM


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when to when, as Vietnamese clock times "HH:MM"; kept in the alert as the ladder is."""

    begins: str
    ends: str


def rings_from(quiet: Quiet | None, now: datetime) -> datetime:
    """Return when somebody may be rung: now, or the end of the quiet hours that *now* lies in."""
    if quiet is None:
        return now
    here = now.astimezone(VIETNAM)
    begins, ends = time.fromisoformat(quiet.begins), time.fromisoformat(quiet.ends)
    at = here.time()
    is_quiet = begins <= at < ends if begins <= ends else at >= begins or at < ends
    if not is_quiet:
        return now
    day = here.date() if at < ends else here.date() + timedelta(days=1)
    return datetime.combine(day, ends, VIETNAM).astimezone(now.tzinfo)
