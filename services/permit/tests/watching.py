"""Scans, rules and a watch on memory stores, for the tests of signs and of the board."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from common.clocks import FrozenClock
from common.service import Runtime
from common.testing.sign_in import sample_jwks, sample_settings
from common.work.engine import Work
from common.work.model import Cause, Errand, Heart, NewRecord
from permit.domain import flags
from permit.domain.checkpoints import Checkpoint
from permit.domain.flags import Flag, WatchScan
from permit.domain.scans import Mode, Scan
from permit.domain.verdict import Judgement, Verdict
from permit.rulebook.watchbook import Watchbook
from permit.settings import PermitSettings
from permit.translate import to_event
from permit.views.watch import Watch
from services.permit.tests.memory import memory_stores
from services.permit.tests.samples import BA_HANG, CHECKPOINT, NOW, QUANG_VINH, ROOT, Frozen

WATCHBOOK = Watchbook.load(ROOT)
RULES = WATCHBOOK.signals(Frozen())
BOARD_RULES = WATCHBOOK.board(Frozen())
PHO_YEN = Checkpoint("pho-yen", "Chốt Phổ Yên", BA_HANG, 21.4139, 105.8731)
"""Twenty kilometres from the other one."""
GATE = Checkpoint("tru-so", "Cổng trụ sở", QUANG_VINH)
"""Nobody measured where it is."""
ONE, OTHER = "0123456789ABCDEF", "0000000000000001"


def scan(name: str, at: datetime = NOW, **changes: Any) -> Scan:
    reason = changes.pop("reason", "valid")
    verdict = Verdict.ALLOWED if reason == "valid" else Verdict.REFUSED
    sample = Scan(
        scan_id=name,
        permit_id=ONE,
        person_id="pmau0001",
        checkpoint=CHECKPOINT,
        judgement=Judgement(verdict, reason),
        mode=Mode.ONLINE,
        scanned_at=at,
        received_at=at,
        officer="chot-mau",
        list_age_seconds=None,
    )
    return replace(sample, **changes)


def offline(name: str, at: datetime, offset: int | None = 0, **changes: Any) -> Scan:
    return scan(
        name,
        at,
        mode=Mode.OFFLINE,
        clock_offset_seconds=offset,
        received_at=at + timedelta(hours=3),
        **changes,
    )


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


class Watched:
    """A watch, and everything it wrote."""

    def __init__(self) -> None:
        settings = sample_settings(PermitSettings)
        runtime = Runtime(settings, clock=FrozenClock(NOW), jwks=sample_jwks(), in_memory=True)
        self.stores: Any = memory_stores()
        heart: Heart[Flag, Any] = Heart("flag", flags.decide, to_event, lambda: RULES)
        kept = self.stores.watch
        self.permits: Work[Flag, Any] = Work(heart, kept.permit_flags, runtime.clock)
        self.checkpoints: Work[Flag, Any] = Work(heart, kept.checkpoint_flags, runtime.clock)
        self.watch = Watch(
            runtime,
            kept.sightings,
            self.stores.holders,
            kept.minutes,
            self.permits,
            self.checkpoints,
            WATCHBOOK,
        )

    async def store(self, scans: Iterable[Scan]) -> None:
        await self.stores.scans.append([NewRecord(each.scan_id, each, {}) for each in scans])

    async def look(self, scans: Iterable[Scan]) -> None:
        batch = [Errand(WatchScan(each.scan_id), Cause(f"event-{each.scan_id}")) for each in scans]
        await self.watch.run_batch(batch)

    def flags(self, store: str = "permit_flags") -> dict[str, Flag]:
        kept = getattr(self.stores.watch, store).aggregates
        return {subject: replace(stored.state, revision=0) for subject, stored in sorted(kept.items())}

    def told(self) -> list[str]:
        kept = self.stores.watch
        entries = [*kept.permit_flags.facts(), *kept.checkpoint_flags.facts()]
        return sorted(entry.type for entry in entries)


def watched(*batches: Sequence[Scan]) -> Watched:
    """Store and look at *batches*, one after the other."""

    async def play() -> Watched:
        story = Watched()
        for batch in batches:
            await story.store(batch)
            await story.look(batch)
        return story

    return asyncio.run(play())
