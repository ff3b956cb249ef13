"""Which directive holds in an area: orders are told when they are given, and count from their minute."""

from collections.abc import Iterable
from datetime import datetime

from ioc_aggregation.domain.fold import DirectiveNote


def in_force(notes: Iterable[DirectiveNote], now: datetime) -> str | None:
    """
    Return the directive that holds at *now*, or None when nothing was ever told of the area.

    A later note stands instead of everything that was planned for its minute or after: an order is followed
    by another, or withdrawn.
    """
    plan: list[DirectiveNote] = []
    for note in sorted(notes, key=lambda note: note.sequence):
        plan = [*(each for each in plan if each.effective_at < note.effective_at), note]
    if not plan:
        return None
    held = [each.directive for each in plan if each.effective_at <= now]
    return held[-1] if held else plan[0].before
