"""
Chained records of decisions in MongoDB: entries on file, heads in the aggregates, seals over the whole file.

The chain finds what was done to one aggregate's entries; a seal is the keyed digest of everything filed in
one hour and finds what a chain cannot: a whole chain that is gone together with its aggregate. See
docs/decisions/0008.
"""

import hmac
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from common.kernel.trail import FILING_GRACE, Break, Entry, Seal, Trail, first_break
from common.mongo.records import MongoRecords

SEAL_STEP = timedelta(hours=1)
CHAINS_AT_ONCE = 500
_TRAIL: TypeAdapter[Trail] = TypeAdapter(Trail)
Collected = AsyncIOMotorCollection[dict[str, Any]]


class Filed(Protocol):
    """An entry on file."""

    @property
    def entry(self) -> Entry:
        """The entry."""

    @property
    def filed_at(self) -> datetime:
        """When it was filed."""


F = TypeVar("F", bound=Filed)


def filed_to_document(filed: Filed) -> dict[str, Any]:
    """Return the row of an entry."""
    entry = filed.entry
    return {
        "chain_id": entry.chain_id,
        "position": entry.position,
        "recorded_at": entry.recorded_at,
        "body": dict(entry.body),
        "previous": entry.previous,
        "digest": entry.digest,
        "filed_at": filed.filed_at,
    }


def _entry(row: dict[str, Any]) -> Entry:
    names = ("chain_id", "position", "recorded_at", "body", "previous", "digest")
    return Entry(**{name: row[name] for name in names})


class MongoTrail(MongoRecords[F], Generic[F]):
    """The entries on file, and their seals beside them."""

    def __init__(self, collection: Collected) -> None:
        super().__init__(collection, filed_to_document)
        self._seals = collection.database[f"{collection.name}_seals"]

    async def ensure_indexes(self) -> None:
        """Create the indexes by which chains, hours and areas are read."""
        await super().ensure_indexes()
        await self.collection.create_index([("chain_id", 1), ("position", 1)], name="chain")
        await self.collection.create_index("filed_at", name="filed")
        await self.collection.create_index([("body.area_codes", 1), ("recorded_at", 1)], name="area")
        await self.collection.create_index([("body.permit_id", 1), ("position", 1)], name="permit")

    async def of_permit(self, permit_id: str) -> list[Entry]:
        """Return the entries about one permit, the oldest first."""
        rows = self.collection.find({"body.permit_id": permit_id}).sort("position", 1)
        return [_entry(row) for row in await rows.to_list(None)]

    async def tally(self, area_codes: Collection[str], since: datetime) -> Counter[tuple[str, str, str]]:
        """Count the entries of these areas since an instant by act, rule and who (machine or not)."""
        asked = {"body.area_codes": {"$in": sorted(area_codes)}, "recorded_at": {"$gte": since}}
        by = {"$cond": [{"$eq": ["$body.by", "machine"]}, "machine", "person"]}
        key = {"act": "$body.act", "rule": "$body.rule", "by": by}
        steps = [{"$match": asked}, {"$group": {"_id": key, "n": {"$sum": 1}}}]
        rows = await self.collection.aggregate(steps).to_list(None)
        return Counter({(r["_id"]["act"], r["_id"].get("rule", ""), r["_id"]["by"]): r["n"] for r in rows})

    async def chains(self) -> AsyncIterator[tuple[str, list[Entry]]]:
        """Yield every chain that has an entry on file."""
        chain: list[Entry] = []
        async for row in self.collection.find().sort([("chain_id", 1), ("position", 1)]):
            entry = _entry(row)
            if chain and chain[0].chain_id != entry.chain_id:
                yield chain[0].chain_id, chain
                chain = []
            chain.append(entry)
        if chain:
            yield chain[0].chain_id, chain

    async def with_entries(self, chain_ids: Sequence[str]) -> set[str]:
        """Return those chains that have an entry on file."""
        return set(await self.collection.distinct("chain_id", {"chain_id": {"$in": list(chain_ids)}}))

    async def seals(self) -> list[Seal]:
        """Return all seals, the oldest first."""
        rows = await self._seals.find().sort("_id", 1).to_list(None)
        return [Seal(row["_id"], row["count"], row["previous"], row["digest"]) for row in rows]

    async def seal_next(self, key: bytes, now: datetime) -> Seal | None:
        """Seal the next hour that is over and whose entries are all filed; None if there is none."""
        last = await self._seals.find_one(sort=[("_id", -1)])
        since = last["_id"] + SEAL_STEP if last else await self._first_hour()
        if since is None or now < since + SEAL_STEP + FILING_GRACE:
            return None
        seal = await self.sealed(since, last["digest"] if last else "", key)
        row = {"_id": seal.since, "count": seal.count, "previous": seal.previous, "digest": seal.digest}
        try:
            await self._seals.insert_one(row)
        except DuplicateKeyError:
            return None  # another worker sealed it
        return seal

    async def sealed(self, since: datetime, previous: str, key: bytes) -> Seal:
        """Return the seal that what is on file gives for one hour."""
        made, count = hmac.new(key, f"{since.isoformat()}|{previous}".encode(), sha256), 0
        asked = {"filed_at": {"$gte": since, "$lt": since + SEAL_STEP}}
        async for row in self.collection.find(asked, {"digest": 1}).sort("_id", 1):
            made.update(f"|{row['_id']}={row['digest']}".encode())
            count += 1
        return Seal(since, count, previous, made.hexdigest())

    async def _first_hour(self) -> datetime | None:
        first = await self.collection.find_one(sort=[("filed_at", 1)])
        return first["filed_at"].astimezone(UTC).replace(minute=0, second=0, microsecond=0) if first else None


class MongoHeads:
    """Where heads are kept: `state.trail` of aggregates; a chain is named by *prefix* and the id."""

    def __init__(self, collection: Collected, prefix: str = "") -> None:
        self._collection = collection
        self._prefix = prefix

    async def of(self, chain_ids: Collection[str]) -> dict[str, Trail]:
        """Return the heads of those of these chains that have an aggregate here."""
        ids = [key.removeprefix(self._prefix) for key in chain_ids if key.startswith(self._prefix)]
        rows = self._collection.find({"_id": {"$in": ids}}, {"state.trail": 1})
        return {self._prefix + row["_id"]: _trail(row) for row in await rows.to_list(None)}

    async def every(self) -> AsyncIterator[tuple[str, Trail]]:
        """Yield every chain that an aggregate knows of."""
        asked = {"state.trail.length": {"$gt": 0}}
        async for row in self._collection.find(asked, {"state.trail": 1}):
            yield self._prefix + row["_id"], _trail(row)


def _trail(row: dict[str, Any]) -> Trail:
    return _TRAIL.validate_python(row["state"].get("trail", {}))


@dataclass(slots=True)
class Audit:
    """What an audit looked at, and what it found broken."""

    entries: int
    chains: int
    seals: int
    breaks: list[Break]


async def audit(trail: MongoTrail[Any], heads: Sequence[MongoHeads], key: bytes, now: datetime) -> Audit:
    """Verify chains against their heads, heads against the file, and seals against what they sealed."""
    report = Audit(0, 0, 0, [])
    waiting: dict[str, list[Entry]] = {}
    async for chain_id, entries in trail.chains():
        waiting[chain_id] = entries
        if len(waiting) >= CHAINS_AT_ONCE:
            await _check(waiting, heads, key, now, report)
            waiting = {}
    await _check(waiting, heads, key, now, report)
    for head in heads:
        await _check_heads(trail, head, key, now, report)
    await _check_seals(trail, key, now, report)
    return report


async def _check(
    chains: dict[str, list[Entry]], heads: Sequence[MongoHeads], key: bytes, now: datetime, report: Audit
) -> None:
    known: dict[str, Trail] = {}
    for head in heads:
        known |= await head.of(chains)
    for chain_id, entries in chains.items():
        report.chains += 1
        report.entries += len(entries)
        if found := first_break(chain_id, entries, known.get(chain_id), key, now):
            report.breaks.append(found)


async def _check_heads(
    trail: MongoTrail[Any], head: MongoHeads, key: bytes, now: datetime, report: Audit
) -> None:
    batch: dict[str, Trail] = {}
    async for chain_id, known in head.every():
        batch[chain_id] = known
        if len(batch) >= CHAINS_AT_ONCE:
            await _check_empty(trail, batch, key, now, report)
            batch = {}
    await _check_empty(trail, batch, key, now, report)


async def _check_empty(
    trail: MongoTrail[Any], heads: dict[str, Trail], key: bytes, now: datetime, report: Audit
) -> None:
    """A chain that an aggregate knows of and of which nothing is on file."""
    present = await trail.with_entries(list(heads))
    for chain_id in heads.keys() - present:
        if found := first_break(chain_id, (), heads[chain_id], key, now):
            report.breaks.append(found)


async def _check_seals(trail: MongoTrail[Any], key: bytes, now: datetime, report: Audit) -> None:
    previous, expected = "", None
    for seal in await trail.seals():
        report.seals += 1
        name = f"seal-{seal.since:%Y-%m-%dT%H}"
        made = await trail.sealed(seal.since, previous, key)
        if expected is not None and seal.since != expected:
            report.breaks.append(Break(name, 0, "missing: a seal before it is gone"))
        elif made != seal:
            why = f"{made.count} entries on file, {seal.count} when it was sealed"
            report.breaks.append(Break(name, 0, f"altered: {why}"))
        previous, expected = seal.digest, seal.since + SEAL_STEP
    if expected is not None and now > expected + SEAL_STEP + 4 * FILING_GRACE:
        report.breaks.append(
            Break("seals", 0, f"missing: nothing is sealed since {expected:%Y-%m-%d %H:%M} UTC")
        )
