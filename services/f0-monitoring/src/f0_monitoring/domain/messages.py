"""Reminders of consultations: how long they are of use. What becomes of them: `common.kernel.messages`."""

from datetime import datetime, timedelta

from common.kernel.messages import Message

USEFUL_AFTER_START = timedelta(minutes=5)
"""A reminder that comes later than this after the hour only confuses."""


def useful_until(starts_at: datetime) -> datetime:
    """Return when it is too late to remind of an appointment."""
    return starts_at + USEFUL_AFTER_START


def starts_at(message: Message) -> datetime:
    """Return the hour that *message* reminds of."""
    return message.useful_until - USEFUL_AFTER_START
