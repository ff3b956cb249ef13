"""When declarations are owed. Slots are local times of day; nothing here knows what time it is now."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from common.kernel.clock import VIETNAM
from f0_monitoring.domain.rules import Course, Slot


def due_after(course: Course, instant: datetime) -> datetime:
    """Return the first deadline strictly after *instant*. Slots of a course are in the order of the day."""
    local = instant.astimezone(VIETNAM)
    at = local.time()
    for slot in course.slots:
        if slot.due > at:
            return _at(local, slot, instant)
    return _at(local + timedelta(days=1), course.slots[0], instant)


def first_due(course: Course, declared_at: datetime) -> datetime:
    """Return the first deadline of a new patient, who gets some hours to learn how."""
    return due_after(course, declared_at + timedelta(hours=course.first_due_after_hours))


def slot_due(course: Course, measured_at: datetime) -> datetime:
    """Return the deadline of the slot that a declaration answers: the last one that has opened."""
    local = measured_at.astimezone(VIETNAM)
    at = local.time()
    for slot in reversed(course.slots):
        if slot.opens <= at:
            return _at(local, slot, measured_at)
    return _at(local - timedelta(days=1), course.slots[-1], measured_at)


def slot_of_deadline(course: Course, due_at: datetime) -> tuple[Slot, datetime]:
    """Return the slot that ends at *due_at*, and when it opens; the first slot if the hours changed."""
    local = due_at.astimezone(VIETNAM)
    slot = next((slot for slot in course.slots if slot.due == local.time()), course.slots[0])
    return slot, datetime.combine(local.date(), slot.opens, VIETNAM).astimezone(due_at.tzinfo)


def _at(day: datetime, slot: Slot, like: datetime) -> datetime:
    return _instant(day.date(), slot.due).astimezone(like.tzinfo)


@lru_cache(maxsize=256)  # thousands of declarations answer the few deadlines of these days
def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, VIETNAM).astimezone(UTC)
