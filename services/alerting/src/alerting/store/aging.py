"""What is over its time, by the class that `rules/purge/alerting` knows it by."""

from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorDatabase

from common.mongo.aging import AgedDocuments, as_text

Database = AsyncIOMotorDatabase[dict[str, Any]]
_ENDED: Final = "state.alert.ended"


def aged_alerts(database: Database) -> AgedDocuments:
    """Return the conditions whose alert is over and may hold words."""
    return AgedDocuments(
        database["conditions"],
        lambda before: {f"{_ENDED}.is_forgotten": None, f"{_ENDED}.at": {"$lt": before}},
        fields=(f"{_ENDED}.is_forgotten", f"{_ENDED}.at"),
        partly={f"{_ENDED}.at": {"$exists": True}},
    )


def aged_recipients(database: Database) -> AgedDocuments:
    """Return people who can be called; when they were last here is text, in UTC."""
    return AgedDocuments(
        database["recipients"],
        lambda before: {
            "state.contacts": {"$exists": True},
            "state.seen_at": {"$lt": as_text(before)},
        },
        fields=("state.seen_at",),
        partly={"state.contacts": {"$exists": True}},
    )
