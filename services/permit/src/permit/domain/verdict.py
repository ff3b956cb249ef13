"""
What the officer at a checkpoint is told (kết quả kiểm tra tại chốt).

Pure and small, because the scanner page decides the same way without a network; both run the same
vectors. No reason names a disease or a quarantine: "not valid now, call the commune" is all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from common.kernel.areas import Area
from common.kernel.clock import VIETNAM
from permit.domain.model import Status, Terms, Window
from permit.domain.rules import DAY_MINUTES, CheckpointRules


class Verdict(StrEnum):
    """Colour of the whole screen: green, red, amber."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    CHECK = "check"


class Reason(StrEnum):
    """Why. Codes of texts that could not be verified come from the verifier and are not listed here."""

    VALID = "valid"
    REVOKED = "revoked"
    NOT_VALID_NOW = "not-valid-now"
    NOT_ISSUED = "not-issued"
    UNKNOWN_PERMIT = "unknown-permit"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    JUST_EXPIRED = "just-expired"
    OUTSIDE_AREA = "outside-area"
    OUTSIDE_HOURS = "outside-hours"
    PLATE_MISMATCH = "plate-mismatch"
    WATCHED = "watched"


CHECKS = frozenset((Reason.JUST_EXPIRED, Reason.PLATE_MISMATCH, Reason.UNKNOWN_PERMIT, Reason.WATCHED))
"""Reasons that leave the decision to the officer."""

_BY_STATUS = {
    Status.REVOKED: Reason.REVOKED,
    Status.SUSPENDED: Reason.NOT_VALID_NOW,
    Status.QUEUED: Reason.NOT_ISSUED,
    Status.REFUSED: Reason.NOT_ISSUED,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason code."""

    verdict: Verdict
    reason: str


def judge(
    terms: Terms,
    status: Status | None,
    post: Area,
    plate: str,
    at: datetime,
    rules: CheckpointRules,
    *,
    is_watched: bool = False,
) -> Judgement:
    """
    Judge a genuine permit shown at *post* at the instant *at*.

    *status* is the newest known standing, None if there is no record of the permit; *is_watched* asks for
    a careful look at the paper. The first reason that applies is told, the graver before the lesser.
    """
    reason = (
        (Reason.UNKNOWN_PERMIT if status is None else _BY_STATUS.get(status))
        or _date_reason(terms, at, rules)
        or _place_reason(terms, post, plate, at, rules)
        or (Reason.WATCHED if is_watched else Reason.VALID)
    )
    if reason is Reason.VALID:
        return Judgement(Verdict.ALLOWED, reason)
    return Judgement(Verdict.CHECK if reason in CHECKS else Verdict.REFUSED, reason)


def _date_reason(terms: Terms, at: datetime, rules: CheckpointRules) -> Reason | None:
    if at < terms.valid_from:
        return Reason.NOT_YET_VALID
    if at > terms.valid_until + rules.expiry_grace:
        return Reason.EXPIRED
    return Reason.JUST_EXPIRED if at > terms.valid_until else None


def _place_reason(
    terms: Terms, post: Area, plate: str, at: datetime, rules: CheckpointRules
) -> Reason | None:
    if not post.codes() & set(terms.areas):
        return Reason.OUTSIDE_AREA
    if not is_within_hours(terms.windows, at, rules.window_grace):
        return Reason.OUTSIDE_HOURS
    if plate and terms.plate and plate != terms.plate:
        return Reason.PLATE_MISMATCH
    return None


def is_within_hours(windows: tuple[Window, ...], at: datetime, grace: timedelta) -> bool:
    """Tell whether *at* lies in one of the windows, widened by *grace* on both sides."""
    if not windows:
        return True
    local = at.astimezone(VIETNAM)
    minute = local.hour * 60 + local.minute
    slack = int(grace.total_seconds()) // 60
    return any(_covers(window, local.weekday(), minute, slack) for window in windows)


def _covers(window: Window, weekday: int, minute: int, slack: int) -> bool:
    length = (window.to_minute - window.from_minute) % DAY_MINUTES or DAY_MINUTES
    for shift in (-1, 0, 1):  # a window that began yesterday, today, or begins tomorrow
        if window.weekdays >> (weekday + shift) % 7 & 1:
            start = shift * DAY_MINUTES + window.from_minute
            if start - slack <= minute < start + length + slack:
                return True
    return False
