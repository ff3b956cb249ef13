"""Our own facts become rows of the figures, by the day that the operations centre counts them on."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from common.contracts import quarantine as own
from common.contracts.event import Event
from common.contracts.quarantine import moves
from common.kernel.clock import local_day
from quarantine.domain.figures import ENDED_AS, HEARD, ORDERED, AddRows, FigureRow
from quarantine.domain.model import Outcome


def ordered(event: Event[own.QuarantineOrdered]) -> AddRows:
    """Quarantine counts from the day it starts; the time to the first contact runs from the order."""
    data = event.data
    deltas = {"quarantine_ordered": 1, **_standing(data, 1)}
    return AddRows((_row(event, data.starts_on, deltas, event.time, ORDERED),))


def ended(event: Event[own.QuarantineEnded]) -> AddRows:
    """Quarantine is over."""
    data = event.data
    deltas = {"quarantine_ended": 1, ENDED_AS[Outcome(data.outcome.value)]: 1, **_standing(data, -1)}
    return AddRows((_row(event, data.ended_on, deltas, event.time),))


def breached(event: Event[own.QuarantineBreached]) -> AddRows:
    """Somebody in quarantine was elsewhere."""
    return AddRows((_row(event, event.data.at, {"quarantine_breaches": 1}, event.data.at),))


def positive(event: Event[own.ContactBecameF0]) -> AddRows:
    """A contact tested positive."""
    return AddRows((_row(event, event.data.tested_on, {"contacts_positive": 1}, event.time),))


def missed(event: Event[own.DeclarationMissed]) -> AddRows:
    """A day passed without a declaration in time."""
    return AddRows((_row(event, event.data.due_at, {"reports_missed": 1}, event.data.due_at),))


def reported(event: Event[own.HealthReported]) -> AddRows:
    """A declaration; of several in time on one day the day counts once."""
    data = event.data
    late = {"reports_late": 1} if data.is_late else {}
    row = _row(event, data.reported_at, {"reports_quarantine": 1, **late}, data.reported_at, HEARD)
    if data.is_late or data.due_at is None:
        return AddRows((row,))
    day = local_day(data.reported_at)
    declared = _row(event, day, {"days_declared": 1}, data.reported_at)
    return AddRows((row, _named(declared, f"{data.person_id}|{day.isoformat()}")))


def reclassified(event: Event[moves.QuarantineReclassified]) -> AddRows:
    """Somebody goes on as another category or at another place."""
    data, deltas = event.data, Counter[str]()
    for name, amount in (
        (data.from_category, -1),
        (data.from_place, -1),
        (data.to_category, 1),
        (data.to_place, 1),
    ):
        deltas[f"quarantine_{name.value}"] += amount
    return AddRows((_row(event, event.time, deltas, event.time),))


def handed_over(event: Event[moves.QuarantineHandedOver]) -> AddRows:
    """A commune has one less; nobody's quarantine ended."""
    at = event.data.handed_over_at
    return AddRows((_row(event, at, _standing(event.data, -1), at),))


def taken_over(event: Event[moves.QuarantineTakenOver]) -> AddRows:
    """A commune has one more; nobody's quarantine began."""
    at = event.data.taken_over_at
    return AddRows((_row(event, at, _standing(event.data, 1), at),))


def _standing(data: Any, amount: int) -> dict[str, int]:
    names = ("active", data.place.value, data.category.value)
    return {f"quarantine_{name}": amount for name in names}


def _row(
    event: Event[Any], happened: date | datetime, deltas: Mapping[str, int], at: datetime, kind: str = ""
) -> FigureRow:
    day = local_day(happened) if isinstance(happened, datetime) else happened
    data = event.data
    # Never a later day than that of the record: that is how the operations centre counts.
    on = min(day, local_day(event.time))
    return FigureRow(event.id, data.commune_code, data.district_code, on, data.person_id, at, deltas, kind)


def _named(row: FigureRow, row_id: str) -> FigureRow:
    return FigureRow(
        row_id, row.commune_code, row.district_code, row.on, row.person_id, row.at, row.deltas, row.kind
    )
