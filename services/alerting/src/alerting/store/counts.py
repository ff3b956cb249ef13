"""Open alerts counted in the database: by kind, commune, and the time of their call."""

from datetime import datetime, timedelta
from typing import Any

from alerting.domain.model import Kind, Severity
from alerting.domain.storms import Count

_BY_RANK = {-severity.rank: severity for severity in Severity}


def counting(match: dict[str, Any], width: timedelta, now: datetime) -> list[dict[str, Any]]:
    """
    Return the pipeline that counts what *match* finds, in steps of *width*.

    What rests until morning has been asked of nobody yet: it waits for no answer.
    """
    called_at, milliseconds = "$state.alert.called_at", int(width.total_seconds() * 1000)
    epoch = {"$toLong": called_at}
    step = {"$toDate": {"$subtract": [epoch, {"$mod": [epoch, milliseconds]}]}}
    area, asked_at = "$state.area", {"$ifNull": ["$state.alert.rung_at", called_at]}
    is_free = {"$not": [{"$ifNull": ["$state.alert.taken", False]}]}
    waits = {"$and": [is_free, {"$lte": ["$state.alert.step_at", now]}]}
    group = {
        "_id": {
            "kind": "$state.kind",
            "commune": f"{area}.commune_code",
            "district": f"{area}.district_code",
            "since": step,
        },
        "alerts": {"$sum": 1},
        "waiting": {"$sum": {"$cond": [waits, 1, 0]}},
        "rank": {"$min": "$state.rank"},
        "oldest_at": {"$min": called_at},
        "unanswered_at": {"$min": {"$cond": [waits, asked_at, None]}},
    }
    return [{"$match": match}, {"$group": group}]


def count_of(row: dict[str, Any]) -> Count:
    """Return one row of the pipeline."""
    about = row["_id"]
    unanswered_at: datetime | None = row["unanswered_at"]
    return Count(
        kind=Kind(about["kind"]),
        commune_code=about["commune"],
        district_code=about["district"],
        since=about["since"],
        alerts=row["alerts"],
        waiting=row["waiting"],
        worst=_BY_RANK[row["rank"]],
        oldest_at=row["oldest_at"],
        unanswered_at=unanswered_at,
    )
