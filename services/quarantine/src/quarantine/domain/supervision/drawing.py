"""
When somebody is asked to check in: at random, yet the same at every look.

The times of a day are drawn from a digest of the service's secret, the person and the day: a restart draws
the same ones again, and nobody without the secret can foresee them.
"""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta

from common.kernel.clock import VIETNAM, local_day
from quarantine.domain.supervision.rules import WatchBook

ONE_DAY = timedelta(days=1)


def times_on(person_id: str, day: date, book: WatchBook) -> tuple[datetime, ...]:
    """Return the instants of *day* at which the person is asked, one in each part of the allowed hours."""
    rules = book.on(day)
    opens = datetime.combine(day, rules.opens, VIETNAM).astimezone(UTC)
    span = datetime.combine(day, rules.closes, VIETNAM) - datetime.combine(day, rules.opens, VIETNAM)
    part = span / rules.per_day if rules.per_day else span
    room = max(0, int((part - rules.window).total_seconds()))
    return tuple(
        opens + part * number + timedelta(seconds=_number(book.secret, person_id, day, number) % (room + 1))
        for number in range(rules.per_day)
    )


def next_time(
    person_id: str, after: datetime, starts_on: date, ends_on: date, book: WatchBook
) -> datetime | None:
    """Return the first instant after *after* at which the person is asked, within the days of the stay."""
    day = max(local_day(after), starts_on)
    while day <= ends_on:
        for at in times_on(person_id, day, book):
            if at > after:
                return at
        day += ONE_DAY
    return None


def _number(secret: str, person_id: str, day: date, number: int) -> int:
    seed = f"{person_id}:{day.isoformat()}:{number}".encode()
    return int.from_bytes(hmac.new(secret.encode(), seed, hashlib.sha256).digest()[:8], "big")
