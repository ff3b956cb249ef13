"""Many alerts taken at once: every one is decided for itself."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from alerting.domain.commands import Acknowledge
from alerting.domain.errors import AlertUnknown
from alerting.ports import Inbox
from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.messaging.subscription import Door
from common.work.model import Cause, Errand, Result

AT_ONCE_MAX = 500
AlertId = Annotated[str, Field(min_length=1, max_length=100)]


class TakeManyBody(Body):
    """Tôi nhận, for all of these, with one note."""

    alert_ids: list[AlertId] = Field(min_length=1, max_length=AT_ONCE_MAX)
    note: Annotated[str, Field(max_length=500)] = ""


class TakenRowView(BaseModel):
    """What became of one of them; *slug* and *detail* as a single request would have been refused with."""

    alert_id: str
    outcome: Literal["taken", "refused"]
    slug: str = ""
    detail: str = ""


class TakenManyView(BaseModel):
    """What became of each, in the order asked."""

    taken: int
    refused: int
    items: list[TakenRowView]


async def take_many(
    work: Door, inbox: Inbox, body: TakeManyBody, by: Actor, note: str, cause: Cause
) -> TakenManyView:
    """Take each alert with a cause of its own, so that a repeated request takes nothing twice."""
    ids = list(dict.fromkeys(body.alert_ids))
    known = {found.alert.alert_id: found.key for found in await inbox.find_many(ids) if found.alert}
    asked = [alert_id for alert_id in ids if alert_id in known]
    errands = [
        Errand(
            Acknowledge(known[alert_id], alert_id, by, note),
            Cause(derived_id("take-many", cause.id, alert_id), correlation_id=cause.correlation_id),
        )
        for alert_id in asked
    ]
    results = dict(zip(asked, await work.run_batch(errands), strict=True)) if errands else {}
    items = [_row(alert_id, results.get(alert_id)) for alert_id in ids]
    taken = sum(item.outcome == "taken" for item in items)
    return TakenManyView(taken=taken, refused=len(items) - taken, items=items)


def _row(alert_id: str, result: Result | None) -> TakenRowView:
    error = AlertUnknown() if result is None else result.error
    if error is None:
        return TakenRowView(alert_id=alert_id, outcome="taken")
    if not isinstance(error, DomainError):
        raise error
    return TakenRowView(alert_id=alert_id, outcome="refused", slug=error.slug, detail=error.detail)
