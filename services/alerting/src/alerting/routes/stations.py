"""HTTP: whom one can telephone about an alert."""

from typing import Annotated

from fastapi import APIRouter

from alerting.domain.errors import AlertUnknown, NotForYou
from alerting.routes import Watcher
from alerting.views.stations import Telephones, TelephonesView
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems

TheTelephones = Annotated[Telephones, provided("telephones")]
router = APIRouter(prefix="/v1/alerts", tags=["alerts"], route_class=DirectRoute)


@router.get("/{alert_id}/telephones", responses=problems(AlertUnknown, NotForYou))
async def list_telephones(alert_id: str, actor: Watcher, telephones: TheTelephones) -> TelephonesView:
    """Gọi trạm: the numbers of the units near an alert, the station of the commune first."""
    return await telephones.of_alert(alert_id, actor)
