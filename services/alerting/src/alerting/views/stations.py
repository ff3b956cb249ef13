"""The numbers that somebody who opens an alert may call."""

from pydantic import BaseModel, ConfigDict

from alerting.domain.errors import AlertUnknown, NotForYou
from alerting.domain.handling import may_handle
from alerting.domain.model import Kind
from alerting.domain.stations import to_call
from alerting.ports import Inbox, Stations
from common.kernel.areas import Actor


class TelephoneView(BaseModel):
    """One unit and its number."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    facility_id: str
    kind: str
    name: str
    phone: str


class TelephonesView(BaseModel):
    """Those that can be called about an alert, the nearest first."""

    items: list[TelephoneView]


class Telephones:
    """Knows the numbers of units."""

    def __init__(self, inbox: Inbox, stations: Stations) -> None:
        self._inbox, self._stations = inbox, stations

    async def of_alert(self, alert_id: str, actor: Actor) -> TelephonesView:
        """Return the numbers for an alert, to those who may handle it."""
        found = await self._inbox.find(alert_id)
        if found is None or found.alert is None:
            raise AlertUnknown
        if not may_handle(found, found.alert, actor):
            raise NotForYou
        codes = found.area.codes() if found.area.commune_code else frozenset[str]()
        own = found.subject_id.rpartition(".")[0] if found.kind is Kind.STOCK_LOW else ""
        near = to_call(found, await self._stations.near(codes, own))
        return TelephonesView(items=[TelephoneView.model_validate(one) for one in near])
