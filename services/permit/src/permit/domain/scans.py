"""
A scan (lượt quét) is an append-only record: who showed what where, and what the officer was told.

Online, the verdict is decided here from the newest state. Offline, the scanner decided with the lists
it had; the record keeps its verdict and how old those lists were. The record's id comes from the
scanner, so late, repeated and shuffled uploads are one record each.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from common.kernel.areas import Actor
from common.kernel.decision import Decision
from permit.domain import authority
from permit.domain.checkpoints import Checkpoint
from permit.domain.errors import UnknownCheckpoint
from permit.domain.model import Holder, Terms
from permit.domain.rules import PermitRules
from permit.domain.verdict import Judgement, Reason, Verdict, judge

UNREADABLE = "unreadable"
"""Stands for the permit of a text that proves none: one subject, so that attempts are seen together."""


class Mode(StrEnum):
    """Whether the scanner could ask the server."""

    ONLINE = "online"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What was shown: a genuine permit (*terms* of its code), a typed number (no terms), or neither.

    *fault* is the verifier's word for a text that proves nothing; then there is no permit id.
    """

    permit_id: str | None = None
    terms: Terms | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class RecordScan:
    """Judge and record one scan; *told* is what an offline scanner already told the officer."""

    scan_id: str
    by: Actor
    checkpoint_id: str
    shown: Shown
    plate: str
    scanned_at: datetime
    told: Judgement | None = None
    list_age_seconds: int | None = None
    lane: str = ""
    clock_offset_seconds: int | None = None
    """Our clock minus the phone's, when they were last compared."""

    @property
    def aggregate_id(self) -> str:
        """One record per scan."""
        return self.scan_id

    @property
    def mode(self) -> Mode:
        """A scan that was already judged was judged offline."""
        return Mode.OFFLINE if self.told else Mode.ONLINE


@dataclass(frozen=True, slots=True)
class ScanContext:
    """What the decision must know: where the scan happened and the newest file of the holder."""

    checkpoint: Checkpoint | None
    holder: Holder | None
    is_watched: bool = False
    """Whether the permit bears a flag that nobody cleared yet."""
    plate_token: str = ""
    """Keyed token of the plate that was seen, or that the permit names; empty without one."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The record."""

    scan_id: str
    permit_id: str
    person_id: str | None
    checkpoint: Checkpoint
    judgement: Judgement
    mode: Mode
    scanned_at: datetime
    received_at: datetime
    officer: str
    list_age_seconds: int | None
    lane: str = ""
    clock_offset_seconds: int | None = None
    plate_token: str = ""


@dataclass(frozen=True, slots=True)
class PermitScanned:
    """A permit, or something pretending to be one, was shown at a checkpoint."""

    scan: Scan

    @property
    def subject(self) -> str:
        """Scans of one permit stay together."""
        return self.scan.permit_id


def decide(
    context: ScanContext | None, command: RecordScan, rules: PermitRules, now: datetime
) -> Decision[Scan]:
    """
    Judge and record a scan (online by our clock, whatever the phone's says).

    An offline scan happened when the phone says, corrected by what its clock was last found to be wrong;
    it cannot be later than its arrival.
    """
    checkpoint = context.checkpoint if context else None
    if context is None or checkpoint is None:
        raise UnknownCheckpoint(
            "Không có chốt này trong danh sách. Hãy chọn lại chốt.", field="checkpoint_id"
        )
    authority.may_scan(command.by, checkpoint.area)
    judgement = command.told or _judged(command, context, checkpoint, now, rules)
    scan = Scan(
        scan_id=command.scan_id,
        permit_id=command.shown.permit_id or UNREADABLE,
        person_id=context.holder.person_id if context.holder else None,
        checkpoint=checkpoint,
        judgement=judgement,
        mode=command.mode,
        scanned_at=_happened_at(command, now),
        received_at=now,
        officer=command.by.subject,
        list_age_seconds=command.list_age_seconds,
        lane=command.lane,
        clock_offset_seconds=command.clock_offset_seconds,
        plate_token=context.plate_token,
    )
    return Decision(scan, (PermitScanned(scan),), answer=_answer(scan))


def _happened_at(command: RecordScan, now: datetime) -> datetime:
    if command.mode is Mode.ONLINE:
        return now
    return min(command.scanned_at + timedelta(seconds=command.clock_offset_seconds or 0), now)


def _judged(
    command: RecordScan, context: ScanContext, checkpoint: Checkpoint, at: datetime, rules: PermitRules
) -> Judgement:
    shown = command.shown
    if shown.fault is not None or shown.permit_id is None:
        return Judgement(Verdict.REFUSED, shown.fault or UNREADABLE)
    permit = context.holder.permit(shown.permit_id) if context.holder else None
    status = context.holder.status_of(permit) if context.holder and permit else None
    terms = permit.terms if permit else shown.terms
    if terms is None:
        return Judgement(Verdict.REFUSED, Reason.UNKNOWN_PERMIT)
    is_watched = context.is_watched
    return judge(terms, status, checkpoint.area, command.plate, at, rules.checkpoint, is_watched=is_watched)


def _answer(scan: Scan) -> dict[str, Any]:
    return {
        "scan_id": scan.scan_id,
        "verdict": str(scan.judgement.verdict),
        "reason_code": str(scan.judgement.reason),
        "permit_id": None if scan.permit_id == UNREADABLE else scan.permit_id,
    }
