"""
What one fact adds to the figures of its commune.

Every fact says what it changes as from -> to, so the figures are a plain sum of these deltas: any order of
arrival gives the same totals.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from common.kernel.clock import local_day

Deltas = dict[str, int]

_CLOSED_STATES = ("recovered", "died", "wrongly_declared")
_CLOSED_AS = {"recovered": "f0_recovered", "died": "f0_died", "wrongly_declared": "f0_withdrawn"}
_COUNTED_UP = ("recovered", "died")
"""Outcomes that are also told from the beginning of the epidemic."""
_PERMIT_STOCKS = ("active", "suspended")


@dataclass(frozen=True, slots=True)
class AlertNote:
    """The state of one alert after one of its facts; of several notes the highest sequence holds."""

    alert_id: str
    sequence: int
    state: str
    condition: str
    severity: str
    commune_code: str
    at: datetime
    raised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DirectiveNote:
    """From *effective_at* on *directive* holds in an area, instead of *before* and of any later plan."""

    area_code: str
    sequence: int
    before: str
    directive: str
    effective_at: datetime
    document: str


class Tally(NamedTuple):
    """
    One fact as the figures see it: a tuple, because a million of them are made in a minute.

    *day* is the Vietnamese day that the fact is about; *is_late* that it was recorded on a later
    day, so that a number already published changes; *speaks* that people of the commune were heard
    (not a missed deadline).
    """

    fact_id: str
    kind: str
    subject: str
    sequence: int
    commune_code: str
    day: date
    recorded_at: datetime
    deltas: Deltas
    is_late: bool = False
    speaks: bool = False
    note: AlertNote | DirectiveNote | None = None

    @property
    def aggregate_id(self) -> str:
        """The commune whose figures change."""
        return self.commune_code


def day_of(happened: date | datetime, recorded_at: datetime) -> tuple[date, bool]:
    """
    Return the day a fact counts for, and whether it came later than that day.

    It is the fact's own day, but never a later one than the day it was recorded.
    """
    day = local_day(happened) if isinstance(happened, datetime) else happened
    recorded_on = local_day(recorded_at)
    return min(day, recorded_on), day < recorded_on


def quarantine_ordered(category: str, place: str) -> Deltas:
    """Somebody begins quarantine."""
    return {
        "quarantine_ordered": 1,
        "quarantine_ordered_total": 1,
        "quarantine_active": 1,
        f"quarantine_{place}": 1,
        f"quarantine_{category}": 1,
    }


def quarantine_ended(category: str, place: str) -> Deltas:
    """A quarantine is over, for whatever reason."""
    return {
        "quarantine_ended": 1,
        "quarantine_active": -1,
        f"quarantine_{place}": -1,
        f"quarantine_{category}": -1,
    }


def quarantine_reclassified(before: tuple[str, str], after: tuple[str, str]) -> Deltas:
    """Somebody goes on in quarantine as another category or at another place; both are (category, place)."""
    return {**_moved("quarantine", before[0], after[0]), **_moved("quarantine", before[1], after[1])}


def quarantine_handed_on(category: str, place: str, amount: int) -> Deltas:
    """A commune has one more (1) or one less (-1) in quarantine; nobody began or ended it."""
    return {
        "quarantine_active": amount,
        f"quarantine_{place}": amount,
        f"quarantine_{category}": amount,
    }


def reported(who: str, *, has_symptoms: bool, is_late: bool) -> Deltas:
    """A declaration of an F0 (*who* = f0) or of somebody in quarantine."""
    deltas = {f"reports_{who}": 1}
    if has_symptoms:
        deltas["reports_symptomatic"] = 1
    if is_late:
        deltas["reports_late"] = 1
    return deltas


def patient_declared(risk_level: str, care_state: str) -> Deltas:
    """Somebody is an F0 from now on."""
    return {"f0_new": 1, "f0_total": 1, "f0_active": 1, f"f0_{risk_level}": 1, f"f0_{care_state}": 1}


def risk_changed(from_level: str, to_level: str, *, is_rise: bool) -> Deltas:
    """A patient's risk moved between two levels."""
    deltas = _moved("f0", from_level, to_level)
    if is_rise:
        deltas["risk_rises"] = 1
        if to_level == "very_high":
            deltas["risk_to_very_high"] = 1
    return deltas


def patient_moved(from_state: str, to_state: str) -> Deltas:
    """Care goes on elsewhere. Leaving care altogether is told by `patient_closed`."""
    return {} if to_state in _CLOSED_STATES else _moved("f0", from_state, to_state)


def patient_closed(outcome: str, care_state: str, risk_level: str) -> Deltas:
    """An F0 record is closed; state and risk are those that it had until then."""
    deltas = {_CLOSED_AS[outcome]: 1, "f0_active": -1, f"f0_{risk_level}": -1}
    if care_state not in _CLOSED_STATES:
        deltas[f"f0_{care_state}"] = -1
    if outcome in _COUNTED_UP:
        deltas[f"{_CLOSED_AS[outcome]}_total"] = 1
    if outcome == "wrongly_declared":
        deltas["f0_total"] = -1
    return deltas


def permit_issued(status: str) -> Deltas:
    """A permit was granted."""
    deltas = {"permits_issued": 1, "permits_issued_total": 1}
    if status in _PERMIT_STOCKS:
        deltas[f"permits_{status}"] = 1
    return deltas


def permit_changed(from_status: str, to_status: str) -> Deltas:
    """A permit was suspended, reinstated, revoked or ran out."""
    deltas: Deltas = {}
    if from_status != to_status:
        if from_status in _PERMIT_STOCKS:
            deltas[f"permits_{from_status}"] = -1
        if to_status in _PERMIT_STOCKS:
            deltas[f"permits_{to_status}"] = 1
        if to_status == "revoked":
            deltas["permits_revoked"] = 1
    return deltas


def permit_scanned(verdict: str, *, is_offline: bool) -> Deltas:
    """A permit was checked at a checkpoint."""
    deltas = {"scans": 1}
    if verdict != "allowed":
        deltas[f"scans_{verdict}"] = 1
    if is_offline:
        deltas["scans_offline"] = 1
    return deltas


def alert_raised(severity: str) -> Deltas:
    """Somebody must look at something."""
    return {"alerts_raised": 1, **_open(severity, 1)}


def alert_resolved(severity: str) -> Deltas:
    """An alert is over."""
    return {"alerts_resolved": 1, **_open(severity, -1)}


def alert_taken(seconds: float) -> Deltas:
    """Somebody took an alert after so many seconds."""
    return {"alerts_taken": 1, "alert_seconds": round(seconds)}


def _open(severity: str, amount: int) -> Deltas:
    critical = {"alerts_open_critical": amount} if severity == "critical" else {}
    return {"alerts_open": amount, **critical}


def _moved(prefix: str, before: str, after: str) -> Deltas:
    return {} if before == after else {f"{prefix}_{before}": -1, f"{prefix}_{after}": 1}
