"""What holders may know of their own journeys: where their permits were scanned, in words of no illness."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from common.geo import Units
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.service import Runtime
from permit.domain.scans import Scan
from permit.domain.verdict import Verdict
from permit.ports.staff import Scans
from permit.views.place import PlaceView

_WORDS: Final = {
    Verdict.ALLOWED: "Được qua",
    Verdict.REFUSED: "Không qua",
    Verdict.CHECK: "Chốt kiểm tra thêm",
}
_BECAUSE: Final = {
    "valid": "",
    "not-valid-now": "Giấy tạm dừng lúc đó. Hãy gọi xã, phường nơi ở.",
    "revoked": "Giấy đã hủy hoặc thu hồi.",
    "not-issued": "Giấy chưa được cấp.",
    "not-yet-valid": "Giấy chưa đến ngày có hiệu lực.",
    "just-expired": "Giấy vừa hết hạn.",
    "expired": "Giấy đã hết hạn. Hãy xin giấy mới.",
    "outside-area": "Nơi này không ghi trong giấy.",
    "outside-hours": "Ngoài khung giờ của giấy.",
    "plate-mismatch": "Biển số xe khác biển số ghi trong giấy.",
}
_OTHER: Final = (
    "Chốt không đọc được mã, hoặc cần xem thêm giấy tờ. Nếu lặp lại, hãy mở mã mới trên trang này."
)


class MyScanView(BaseModel):
    """Một lần giấy của tôi được quét."""

    scanned_at: datetime
    permit_id: str
    checkpoint_name: str
    commune: PlaceView
    verdict: str = Field(description="allowed, refused, check")
    words: str
    because: str = Field(description="Một câu giải thích; không bao giờ nói về sức khỏe")
    is_offline: bool = Field(description="Chốt mất mạng lúc quét; lượt quét gửi về sau")

    @classmethod
    def of(cls, scan: Scan, units: Units) -> "MyScanView":
        """Describe a scan."""
        verdict, reason = scan.judgement.verdict, str(scan.judgement.reason)
        commune = scan.checkpoint.area.commune_code
        return cls(
            scanned_at=scan.scanned_at,
            permit_id=scan.permit_id,
            checkpoint_name=scan.checkpoint.name,
            commune=PlaceView(code=commune, name=units.name_of(commune)),
            verdict=verdict,
            words=_WORDS[verdict],
            because=_BECAUSE.get(reason, _OTHER if verdict is not Verdict.ALLOWED else ""),
            is_offline=scan.mode == "offline",
        )


class PlacesView(BaseModel):
    """Districts with their communes, to choose from."""

    items: list[dict[str, Any]]


class Journeys:
    """Shows holders their own scans."""

    def __init__(self, runtime: Runtime, scans: Scans) -> None:
        self._runtime = runtime
        self._scans = scans

    async def mine(self, by: Actor, paging: PageQuery) -> Page[MyScanView]:
        """Show where the caller's permits were scanned, the latest first."""
        given = paging.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        found = await self._scans.of_person(by.person_id or "", limit=paging.limit + 1, after=after)
        shown, cursor = page_of(found, paging.limit, lambda scan: (scan.scanned_at, scan.scan_id))
        return Page(items=[MyScanView.of(scan, self._runtime.units) for scan in shown], next=cursor)

    def places(self) -> PlacesView:
        """Return every district with its communes."""
        units = self._runtime.units
        return PlacesView(
            items=[
                {
                    "code": district.code,
                    "name": district.name,
                    "communes": [{"code": c.code, "name": c.name} for c in units.communes(district.code)],
                }
                for district in units.districts()
            ]
        )
