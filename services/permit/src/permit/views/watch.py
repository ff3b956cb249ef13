"""
The watch: every recorded scan is compared with its neighbours and counted into its minute.

It listens to our own PermitScanned, after the scan is stored: whichever of two contradicting scans is read
last sees the other, so shuffled, late and repeated facts end in the same flags and the same counts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.kernel.ids import derived_id
from common.messaging.subscription import Door
from common.service import Runtime
from common.work.model import Cause, Errand, Outcome, Result
from permit.domain.board import counted, minute_of
from permit.domain.flags import Kind, NoteEvidence
from permit.domain.model import Holder
from permit.domain.scans import UNREADABLE, Scan
from permit.domain.signals import Evidence, SignalRules, attempt, contradictions, seen
from permit.ports import Holders
from permit.ports.watch import Minutes, Range, Sightings
from permit.rulebook.watchbook import Watchbook


@dataclass(frozen=True)
class Watch:
    """A door for `WatchScan`: it may be run again at any time and changes nothing twice."""

    runtime: Runtime
    sightings: Sightings
    holders: Holders
    minutes: Minutes
    permits: Door
    checkpoints: Door
    """The units of work of the flags of permits and of checkpoints."""
    watchbook: Watchbook

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Flag and count; a scan that is not recorded is passed over."""
        scans = await self.sightings.of_ids({errand.command.scan_id for errand in errands})
        rules = self.watchbook.signals(self.runtime.clock)
        await self._count(scans)
        await self._compare(scans, rules, errands[0].cause)
        await self._note_attempts(scans, rules, errands[0].cause)
        return [Result(Outcome.APPLIED) for _ in errands]

    async def _count(self, scans: list[Scan]) -> None:
        keys = {(scan.checkpoint.checkpoint_id, minute_of(scan.scanned_at)) for scan in scans}
        found: dict[Any, list[Scan]] = defaultdict(list)
        for scan in await self.sightings.in_minutes(keys):
            found[scan.checkpoint.checkpoint_id, minute_of(scan.scanned_at)].append(scan)
        rules = self.watchbook.board(self.runtime.clock)
        await self.minutes.put(counted(post, minute, found[post, minute], rules) for post, minute in keys)

    async def _compare(self, scans: list[Scan], rules: SignalRules, cause: Cause) -> None:
        proven = [scan for scan in scans if scan.permit_id != UNREADABLE]
        permits = _ranges(((scan.permit_id, scan.scanned_at) for scan in proven), rules)
        plates = _ranges(((s.plate_token, s.scanned_at) for s in proven if s.plate_token), rules)
        neighbours = {scan.scan_id: scan for scan in await self.sightings.around(permits, plates)}
        groups: dict[str, list[Scan]] = defaultdict(list)
        for scan in neighbours.values():
            groups[f"permit:{scan.permit_id}"].append(scan)
            if scan.plate_token:
                groups[f"plate:{scan.plate_token}"].append(scan)
        evidence: dict[str, dict[str, Evidence]] = defaultdict(dict)
        for group in groups.values():
            for permit_id, piece in contradictions((seen(scan, rules) for scan in group), rules):
                evidence[permit_id][piece.evidence_id] = piece
        if evidence:
            await self._flag(evidence, neighbours, cause)

    async def _flag(
        self, evidence: dict[str, dict[str, Evidence]], scans: dict[str, Scan], cause: Cause
    ) -> None:
        files = await self.holders.of_permits(evidence.keys())
        notes = []
        for permit_id, pieces in evidence.items():
            latest = scans[max(pieces.values(), key=lambda piece: piece.at).scan_ids[-1]]
            notes.append(_note_on(permit_id, files.get(permit_id), latest, tuple(pieces.values())))
        await _hand_over(self.permits, notes, cause)

    async def _note_attempts(self, scans: list[Scan], rules: SignalRules, cause: Cause) -> None:
        found: dict[str, list[Evidence]] = defaultdict(list)
        posts = {scan.checkpoint.checkpoint_id: scan.checkpoint for scan in scans}
        for scan in scans:
            piece = attempt(scan, rules)
            if piece is not None:
                found[scan.checkpoint.checkpoint_id].append(piece)
        notes = [
            NoteEvidence(
                post_id, Kind.CHECKPOINT, posts[post_id].area, tuple(pieces), None, posts[post_id].name
            )
            for post_id, pieces in found.items()
        ]
        await _hand_over(self.checkpoints, notes, cause)


def _note_on(
    permit_id: str, holder: Holder | None, latest: Scan, pieces: tuple[Evidence, ...]
) -> NoteEvidence:
    """Flags of a permit belong to the area of its holder, whose officers may suspend it."""
    permit = holder.permit(permit_id) if holder else None
    area = permit.area if permit else latest.checkpoint.area
    person_id = holder.person_id if holder else None
    return NoteEvidence(permit_id, Kind.PERMIT, area, pieces, person_id, latest.checkpoint.name)


def _ranges(found: Iterable[tuple[str, datetime]], rules: SignalRules) -> dict[str, Range]:
    ranges: dict[str, Range] = {}
    for key, at in found:
        start, end = ranges.get(key, (at, at))
        ranges[key] = min(start, at - rules.window), max(end, at + rules.window)
    return ranges


async def _hand_over(door: Door, notes: list[NoteEvidence], cause: Cause) -> None:
    """Run *notes*; a decision that breaks is raised, so that its records are tried again one by one."""
    errands = [Errand(note, replace(cause, id=_cause_id(note), source="")) for note in notes]
    for result in await door.run_batch(errands) if errands else []:
        if result.error is not None:
            raise result.error


def _cause_id(note: NoteEvidence) -> str:
    """The same evidence is the same cause, however its scans were grouped."""
    return derived_id("evidence", note.subject, *sorted(piece.evidence_id for piece in note.evidence))
