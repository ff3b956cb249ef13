"""What routes take from the shelf and from the address, as types."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query

from common.http.auth import role_required
from common.http.parts import provided
from common.kernel.areas import Actor
from common.work.engine import Work
from common.work.ledger import Ledger
from quarantine.views.desk import Desk
from quarantine.views.finding import Finder
from quarantine.views.intake import Intake
from quarantine.views.preview import Asked, Preview
from quarantine.views.supervision.desk import SupervisionDesk

CaseWork = Annotated[Work[Any, Any], provided("work")]
ReportLedger = Annotated[Ledger[Any, Any], provided("ledger")]
TheDesk = Annotated[Desk, provided("desk")]
TheIntake = Annotated[Intake, provided("intake")]
TheSupervision = Annotated[SupervisionDesk, provided("supervision_desk")]
TheFinder = Annotated[Finder, provided("finder")]
ThePreview = Annotated[Preview, provided("preview")]
Reader = Annotated[Actor, Depends(role_required("health_officer", "doctor", "administrator"))]
Declarant = Annotated[Actor, Depends(role_required("citizen", "health_officer", "administrator"))]
Official = Annotated[Actor, Depends(role_required("health_officer", "administrator"))]
Foreseer = Annotated[Actor, Depends(role_required("health_officer", "administrator", "ioc_operator"))]
PersonId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
CommuneCode = Annotated[str | None, Query(pattern=r"^\d{5}$")]
HouseholdId = Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{0,64}$")]
Typed = Annotated[str, Query(max_length=100)]
ProtocolCode = Annotated[str | None, Query(max_length=60, description="Văn bản xem thử, như 1909-byt-dp")]


async def _asked(
    day: Annotated[date | None, Query(description="Ngày xem trước; để trống là lần đổi tới")] = None,
    protocol: ProtocolCode = None,
    commune_code: CommuneCode = None,
) -> Asked:
    return Asked(day, protocol, commune_code)


AskedChange = Annotated[Asked, Depends(_asked)]
