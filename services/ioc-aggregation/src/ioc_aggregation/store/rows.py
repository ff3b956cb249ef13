"""The stored shapes: rows of facts, totals documents, alerts."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pymongo import UpdateOne

from ioc_aggregation.domain.fold import AlertNote, DirectiveNote
from ioc_aggregation.domain.province import Document
from ioc_aggregation.domain.totals import Addition, DocumentId, Placed
from ioc_aggregation.ports import AlertRow

BEFORE_ALL = -1
STAMP = {"$currentDate": {"changed_at": True}}
"""The server's clock, so that readers may ask for what changed since, whoever wrote it."""


def fact_row(placed: Placed) -> dict[str, Any]:
    """Return the row of a fact: what it changed, and the record that owns it."""
    tally = placed.tally
    return {
        "_id": tally.fact_id,
        "t": tally.kind,
        "s": tally.subject,
        "n": tally.sequence,
        "c": tally.commune_code,
        "d": tally.day.isoformat(),
        "r": tally.recorded_at,
        "x": tally.deltas,
        "p": placed.place.partition,
        "o": placed.place.offset,
        **({"h": True} if tally.speaks else {}),
    }


def compare_and_add(addition: Addition) -> UpdateOne:
    """Return the update that holds only if the document still stands at `addition.after`."""
    document = addition.document
    fields: dict[str, Any] = {
        "upto": addition.upto,
        "partition": document.partition,
        "day": document.day.isoformat() if document.day else None,
    }
    update: dict[str, Any] = {"$set": fields, **STAMP}
    if increments := dict(_increments(addition)):
        update["$inc"] = increments
    if latest := dict(_latest(addition)):
        update["$max"] = latest
    return UpdateOne({"_id": document.text(), "upto": addition.after}, update, upsert=True)


def _increments(addition: Addition) -> Iterator[tuple[str, int]]:
    for prefix, counters in (("c", addition.counters), ("l", addition.late)):
        for commune, metrics in counters.items():
            for metric, amount in metrics.items():
                if amount:
                    yield f"{prefix}.{commune}.{metric}", amount


def _latest(addition: Addition) -> Iterator[tuple[str, Any]]:
    for commune, at in addition.heard.items():
        yield f"heard.{commune}", at
    for commune, at in addition.told.items():
        yield f"told.{commune}", at
    if addition.last is not None:
        yield "last", addition.last


def document(row: Mapping[str, Any]) -> Document:
    """Return a totals document as the domain knows it."""
    day = date.fromisoformat(row["day"]) if row["day"] else None
    return Document(
        DocumentId(row["partition"], day),
        row["upto"],
        row.get("c", {}),
        row.get("l", {}),
        row.get("heard", {}),
        row.get("told", {}),
        row.get("last"),
    )


def alert_updates(note: AlertNote) -> Iterator[UpdateOne]:
    """Yield the guarded update of an alert's state, and of its beginning, which only one fact tells."""
    about = {"condition": note.condition, "severity": note.severity, "commune_code": note.commune_code}
    state = {"sequence": note.sequence, "state": note.state, "at": note.at}
    if note.raised_at is not None:
        first = {**about, "sequence": BEFORE_ALL, "state": note.state, "at": note.at}
        began = {"$min": {"raised_at": note.raised_at}, "$setOnInsert": first, **STAMP}
        yield UpdateOne({"_id": note.alert_id}, began, upsert=True)
    guard = {"_id": note.alert_id, "sequence": {"$lt": note.sequence}}
    yield UpdateOne(guard, {"$set": {**about, **state}, **STAMP}, upsert=True)


def alert_row(row: Mapping[str, Any]) -> AlertRow:
    """Return an alert of the feed."""
    return AlertRow(
        row["_id"],
        row["state"],
        row["condition"],
        row["severity"],
        row["commune_code"],
        row.get("raised_at"),
        row["at"],
    )


def directive_update(note: DirectiveNote) -> UpdateOne:
    """Return the update that keeps one note about an area; the same one again changes nothing."""
    told = [note.before, note.directive, note.effective_at, note.document]
    return UpdateOne({"_id": note.area_code}, {"$set": {f"told.{note.sequence}": told}, **STAMP}, upsert=True)


def directive_notes(row: Mapping[str, Any]) -> list[DirectiveNote]:
    """Return what was told of an area."""
    return [DirectiveNote(row["_id"], int(number), *told) for number, told in row.get("told", {}).items()]
