"""Instants of the Vietnamese day."""

from datetime import datetime, timedelta

from common.kernel.clock import VIETNAM, local_day


def midnight(around: datetime, *, days: int = 0) -> datetime:
    """Return the beginning of the Vietnamese day of *around*, *days* later."""
    return datetime.combine(local_day(around), datetime.min.time(), tzinfo=VIETNAM) + timedelta(days=days)


def at_local(around: datetime, hour: float, *, days: int = 0) -> datetime:
    """Return local *hour* of the Vietnamese day of *around*, *days* later; hours may pass 24."""
    return midnight(around, days=days) + timedelta(hours=hour)
