"""Facts about stock that runs out and transfers that take too long."""

from typing import Any

from alerting.domain.commands import NoteLow, NoteOver, NoteStuck
from alerting.domain.model import Kind
from alerting.translate import fields_of
from common.contracts.event import Event
from common.contracts.f0_monitoring import facilities, transfers
from common.kernel.areas import Area


def low_stock(event: Event[facilities.StockLow]) -> NoteLow:
    """Something will be used up soon: one alert per facility and item."""
    data = event.data
    return NoteLow(**_item(event), at=data.at, level=data.level.value, item=data.item)


def restored_stock(event: Event[facilities.StockRestored]) -> NoteOver:
    """There is enough of it again."""
    return NoteOver(**_item(event), at=event.data.at)


def stuck_transfer(event: Event[transfers.TransferOverdue]) -> NoteStuck:
    """No facility has taken the patient, or the transport has not arrived."""
    data = event.data
    about = fields_of(Kind.TRANSFER_OVERDUE, event)
    return NoteStuck(**about, at=data.at, stage=data.stage.value, is_emergency=data.is_emergency)


def moved_transfer(event: Event[transfers.TransferFact]) -> NoteOver:
    """It goes on."""
    return NoteOver(**fields_of(Kind.TRANSFER_OVERDUE, event), at=event.data.at)


def _item(event: Event[facilities.StockLow | facilities.StockRestored]) -> dict[str, Any]:
    data = event.data
    return {
        "kind": Kind.STOCK_LOW,
        "subject_id": f"{data.facility_id}.{data.item}",
        "area": Area(data.commune_code, data.district_code),
        "sequence": event.sequence,
    }
