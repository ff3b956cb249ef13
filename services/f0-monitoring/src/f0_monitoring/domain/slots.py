"""When declarations are owed. Slots are local times of day; nothing here knows what time it is now."""

from datetime import datetime, timedelta

from common.kernel.clock import VIETNAM
from f0_monitoring.domain.rules import Course, Slot


def due_after(course: Course, instant: datetime) -> datetime:
    """Return the first deadline strictly after *instant*."""
    day = instant.astimezone(VIETNAM).date()
    deadlines = (
        datetime.combine(day + timedelta(days=offset), slot.due, VIETNAM)
        for offset in (0, 1)
        for slot in course.slots
    )
    return min(deadline for deadline in deadlines if deadline > instant).astimezone(instant.tzinfo)


def first_due(course: Course, declared_at: datetime) -> datetime:
    """Return the first deadline of a new patient, who gets some hours to learn how."""
    return due_after(course, declared_at + timedelta(hours=course.first_due_after_hours))


def slot_due(course: Course, measured_at: datetime) -> datetime:
    """Return the deadline of the slot that a declaration answers: the last one that has opened."""
    local = measured_at.astimezone(VIETNAM)
    opened = [
        (datetime.combine(local.date() - timedelta(days=offset), slot.opens, VIETNAM), slot)
        for offset in (0, 1)
        for slot in course.slots
    ]
    opened_at, slot = max((pair for pair in opened if pair[0] <= local), key=lambda pair: pair[0])
    return datetime.combine(opened_at.date(), slot.due, VIETNAM).astimezone(measured_at.tzinfo)


def slot_of_deadline(course: Course, due_at: datetime) -> tuple[Slot, datetime]:
    """Return the slot that ends at *due_at*, and when it opens; the first slot if the hours changed."""
    local = due_at.astimezone(VIETNAM)
    slot = next((slot for slot in course.slots if slot.due == local.time()), course.slots[0])
    return slot, datetime.combine(local.date(), slot.opens, VIETNAM).astimezone(due_at.tzinfo)
