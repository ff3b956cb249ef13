"""
Builds the lists that scanners carry: what changed since the last list becomes a numbered, signed change.

A change counts once it is in the journal under its number, and only one worker can put it there; whoever
was late reads it and compares anew. The list follows from the files as they are now, so a worker that dies
in the middle loses and doubles nothing: the next one goes on from the token in the newest entry.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from common.background import BackgroundTask
from common.credential import revocation, serial
from common.credential.listing import WATCHED, Listing, Mark, Moves, hash_of, row_hash, unpacked, week_of
from common.credential.narrowing import Narrowing
from common.credential.revocation import MOST_MOVES, MOST_TERMS, Delta, Head
from common.credential.travel_permit import SignedWindow
from common.kernel.clock import Clock
from permit.domain.listed import Listed, NewTerms, Standing
from permit.domain.model import Window
from permit.ports.lists import Base, Changes, Journal, ListEntry, Standings
from permit.ports.watch import Flags
from permit.views.list_moves import Most, Wanted, moves_between
from permit.views.signing import SigningDesk

log = structlog.get_logger(__name__)

PAUSE_SECONDS: Final = 2.0
"""A suspension stands in the next change within this and the time of one round."""
BASE_EVERY: Final = 200
"""Changes after which a new full list is kept; a scanner further behind takes that."""
BASE_AGE: Final = timedelta(hours=6)
PEOPLE_AT_ONCE: Final = 200
aside = asyncio.to_thread
"""A list of a hundred thousand rows takes tenths of a second to pack and hash: requests go on meanwhile."""
KEPT: Final = timedelta(days=8)
"""Changes older than this and than the full list are forgotten."""
Said = TypeVar("Said", int, bytes)
_MARKS: Final = {Standing.SUSPENDED: Mark.SUSPENDED, Standing.REVOKED: Mark.REVOKED}


class ListBuilder(BackgroundTask):
    """Runs in every worker; correctness needs no lease, the number of an entry decides."""

    def __init__(
        self,
        standings: Standings,
        changes: Changes,
        flags: Flags,
        journal: Journal,
        signing: SigningDesk,
        clock: Clock,
    ) -> None:
        self._standings = standings
        self._changes = changes
        self._flags = flags
        self._journal = journal
        self._signing = signing
        self._clock = clock
        self._listing: Listing | None = None
        self._head = Head(0, clock.now(), clock.now(), b"")
        self._base: tuple[int, datetime] = (0, clock.now())
        self._token = ""
        self._people: set[str] = set()
        self._is_whole = False
        self._rows: list[Listed] | None = None

    async def start(self) -> None:
        """Begin building."""
        self.begin(self._loop(), "revocation-lists")

    async def _loop(self) -> None:
        while True:
            try:
                await self.round()
            except Exception as fault:  # noqa: BLE001 - whatever it was, the journal is the truth
                log.warning("lists-waiting", fault=repr(fault))
                self._listing = None
            await asyncio.sleep(PAUSE_SECONDS)

    async def round(self) -> None:
        """Bring the newest entry up to what the files and the flags say now."""
        await self._catch_up()
        at = self._clock.now().replace(microsecond=0)
        people, self._token = await self._changes.since(self._token)
        self._is_whole |= people is None
        self._people |= people or set()
        while moves := await self._next_moves(at):
            await self._append(moves, at)
            await self._catch_up()
        self._people, self._is_whole, self._rows = set(), False, None
        await self._keep_base(at)
        await self._journal.note_checked(at)

    async def _catch_up(self) -> None:
        """Read what other workers appended; what those changed is looked at again here."""
        root = await self._signing.root_key()
        if self._listing is None:
            await self._open()
        for entry in await self._journal.after(self._head.sequence):
            delta = revocation.read_delta(entry.signed, root)
            self._listing, self._head = await aside(revocation.apply, self._known, self._head, delta)
            self._people |= set(entry.people)
            self._token = self._token or entry.token

    async def _open(self) -> None:
        base = await self._journal.base()
        packed = base.packed if base else Listing().packed()
        self._listing = unpacked(packed)
        now = self._clock.now()
        self._head = Head(base.sequence if base else 0, now, now, hash_of(packed))
        self._base = (base.sequence, base.built_at) if base else (0, now - BASE_AGE)
        newest = await self._journal.newest()
        self._token = (newest.token if newest else "") or (base.token if base else "")
        self._people, self._is_whole, self._rows = set(), False, None

    @property
    def _known(self) -> Listing:
        if self._listing is None:
            raise LookupError("the list is not open yet")
        return self._listing

    async def _next_moves(self, at: datetime) -> tuple[int, Mapping[int, Moves], bool] | None:
        """Return the oldest week, the next moves and whether these are all; None when there are none."""
        oldest = week_of(at)
        wanted = await self._wanted(oldest)
        most = Most(MOST_MOVES, MOST_TERMS)
        moves, are_all = await aside(moves_between, self._known, wanted, oldest, most)
        # The empty list is signed once, so that there is always a newest one.
        is_nothing = not moves and oldest == self._known.oldest_week and self._head.sequence > 0
        return None if is_nothing else (oldest, moves, are_all)

    async def _wanted(self, oldest: int) -> Wanted:
        if self._is_whole:
            # Read once: what is written meanwhile comes after the token and is looked at in the next round.
            self._rows = self._rows if self._rows is not None else await self._standings.barred()
            rows, about = self._rows, None
        else:
            rows, about = await self._of_people()
        watched = await self._standings.ends(await self._flags.flagged())
        return await aside(_wanted_of, rows, about, watched, oldest)

    async def _of_people(self) -> tuple[list[Listed], list[str]]:
        """Read the files of those who changed, some at a time: after a directive these are thousands."""
        people, rows, about = sorted(self._people), list[Listed](), list[str]()
        for at in range(0, len(people), PEOPLE_AT_ONCE):
            found, permits = await self._standings.of_people(people[at : at + PEOPLE_AT_ONCE])
            rows += found
            about += permits
        return rows, about

    async def _append(self, step: tuple[int, Mapping[int, Moves], bool], at: datetime) -> None:
        oldest, moves, are_all = step
        after = await aside(_hash_after, self._known, oldest, moves)
        delta = Delta(self._head.sequence + 1, at, self._head.list_hash, after, oldest, moves)
        newest = await self._journal.newest()
        token = self._token if are_all else (newest.token if newest else "")
        signed = revocation.sign_delta(delta, await self._signing.root_signer())
        people = () if self._is_whole else tuple(sorted(self._people))
        await self._journal.append(ListEntry(delta.sequence, signed, delta.list_hash, at, token, people))

    async def _keep_base(self, at: datetime) -> None:
        sequence, built_at = self._base
        behind = self._head.sequence - sequence
        if behind == 0 or (behind < BASE_EVERY and at - built_at < BASE_AGE):
            return
        packed = await aside(self._known.packed)
        await self._journal.keep_base(
            Base(self._head.sequence, packed, self._head.list_hash, at, self._token)
        )
        self._base = (self._head.sequence, at)
        await self._journal.forget(self._head.sequence, at - KEPT)


def _wanted_of(
    rows: list[Listed], about: list[str] | None, watched: Mapping[str, datetime], oldest: int
) -> Wanted:
    listed = {row.permit_id: row for row in rows}.values()
    return Wanted(
        barred=_sharded(
            {r.permit_id: (r.valid_until, _MARKS[r.standing]) for r in listed if r.standing in _MARKS},
            oldest,
        ),
        narrowed=_sharded(
            {r.permit_id: (r.valid_until, _packed(r.terms)) for r in listed if r.terms}, oldest
        ),
        looked_at=None if about is None else frozenset(row_hash(serial.cti_of(p)) for p in about),
        watched=_sharded({permit: (end, WATCHED) for permit, end in watched.items()}, oldest),
    )


def _hash_after(known: Listing, oldest: int, moves: Mapping[int, Moves]) -> bytes:
    return hash_of(known.after(oldest, moves).packed())


def _packed(terms: NewTerms) -> bytes:
    windows = terms.windows
    signed = None if windows is None else _signed(windows)
    return Narrowing(terms.valid_until, signed, terms.areas).packed()


def _signed(windows: tuple[Window, ...]) -> tuple[SignedWindow, ...]:
    return tuple(SignedWindow(one.weekdays, one.from_minute, one.to_minute) for one in windows)


def _sharded(rows: Mapping[str, tuple[datetime, Said]], oldest: int) -> dict[int, dict[bytes, Said]]:
    shards: dict[int, dict[bytes, Said]] = {}
    for permit_id, (valid_until, said) in rows.items():
        week = week_of(valid_until)
        if week >= oldest:
            shards.setdefault(week, {})[row_hash(serial.cti_of(permit_id))] = said
    return shards
