"""Flags for those who look into them: the evidence, never the person."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from common.credential import serial
from common.kernel.areas import Actor
from common.service import Runtime
from permit.domain.flags import ClearFlag, Flag, Kind
from permit.domain.signals import Evidence
from permit.ports import Checkpoints
from permit.ports.watch import Flags
from permit.views.intake import NOTE
from permit.views.requests import ReasonBody


class EvidenceView(BaseModel):
    """One sign: which scans show it."""

    signal: str
    at: datetime
    places: list[str]
    other_number: str | None
    distance_km: float | None
    minutes_apart: float | None
    kmh: int | None = Field(description="Tốc độ ít nhất phải có, đã trừ sai số đồng hồ")
    reason_code: str | None


class FlagView(BaseModel):
    """Cảnh báo: chỉ để xem xét, không tự chặn ai."""

    subject: str
    kind: str
    title: str
    signals: list[str]
    since: datetime | None
    latest_at: datetime | None
    evidence: list[EvidenceView]
    commune_name: str
    district_code: str


class FlagsView(BaseModel):
    """All flags that somebody still has to look into, the newest first."""

    items: list[FlagView]


class FlagDesk:
    """Shows and clears flags."""

    def __init__(self, runtime: Runtime, permits: Flags, posts: Flags, checkpoints: Checkpoints) -> None:
        self._runtime = runtime
        self._stores = (permits, posts)
        self._checkpoints = checkpoints

    async def standing(self, by: Actor) -> FlagsView:
        """Return what stands in the area of *by*."""
        flags = [flag for store in self._stores for flag in await store.standing() if by.covers(flag.area)]
        names = {post.checkpoint_id: post.name for post in await self._checkpoints.every()}
        flags.sort(key=lambda flag: flag.latest_at or flag.since or self._runtime.clock.now(), reverse=True)
        return FlagsView(items=[self._view(flag, names) for flag in flags])

    def to_clear(self, subject: str, body: ReasonBody, by: Actor) -> ClearFlag:
        """Clear a flag; the reason is sealed."""
        return ClearFlag(subject, by, self._runtime.vault.seal({"note": body.reason}, data_class=NOTE))

    def _view(self, flag: Flag, names: dict[str, str]) -> FlagView:
        is_permit = flag.kind is Kind.PERMIT
        return FlagView(
            subject=flag.subject,
            kind=flag.kind,
            title=serial.spaced(flag.subject) if is_permit else names.get(flag.subject, flag.place_name),
            signals=[str(signal) for signal in flag.signals],
            since=flag.since,
            latest_at=flag.latest_at,
            evidence=[_evidence(piece, names) for piece in flag.standing if piece.signal in flag.signals],
            commune_name=self._runtime.units.name_of(flag.area.commune_code),
            district_code=flag.area.district_code,
        )


def _evidence(piece: Evidence, names: dict[str, str]) -> EvidenceView:
    shown: dict[str, Any] = {
        name: getattr(piece, name) for name in ("at", "distance_km", "minutes_apart", "kmh")
    }
    return EvidenceView(
        **shown,
        signal=str(piece.signal),
        places=[names.get(post, post) for post in piece.checkpoint_ids],
        other_number=serial.spaced(piece.other_permit_id) if piece.other_permit_id else None,
        reason_code=piece.reason or None,
    )
