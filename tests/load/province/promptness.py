"""
How soon somebody is told: the doctor of a worsening patient, the station of a silent one.

The truth is kept here as people act: who handed in an emergency sign, who said nothing over two deadlines.
Afterwards every one of them must have an alert. Times are turned into real seconds by the speed of the
clock: at a thousand times real speed a second of work takes a quarter of an hour of the province.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from tests.load.province.callers import Caller
from tests.load.province.comparison import Row

EMERGENCY_BELOW = 94
"""SpO2 of the emergency sign (3646/QĐ-BYT), measured twice."""
DOCTOR_SECONDS, SILENCE_SECONDS = 5.0, 60.0
"""The bars: 99 of 100 doctors of worsening patients, and every silent patient, within so many real seconds."""
FRESH = timedelta(hours=6)
"""A sheet that waited longer for a network is no emergency of now."""
FIRST_DUTY = timedelta(hours=3)
SLOTS = ((5.0, 10.0), (14.0, 21.0))
PAGE = 200


def says_emergency(body: dict[str, object]) -> bool:
    """Tell whether a declaration holds an emergency sign beyond doubt: no breath, or SpO2 low twice."""
    symptoms, first = body.get("symptoms"), body.get("spo2_percent")
    again = body.get("spo2_repeat_percent")
    is_low_twice = isinstance(first, int) and isinstance(again, int) and max(first, again) < EMERGENCY_BELOW
    return is_low_twice or (isinstance(symptoms, list) and "dyspnoea" in symptoms)


@dataclass(slots=True)
class Promptness:
    """Who had to be noticed, and since when."""

    worsened: dict[str, datetime] = field(default_factory=dict)
    """When a patient at home first handed in an emergency sign."""
    silent: dict[str, datetime] = field(default_factory=dict)
    """The second deadline in a row over which a patient at home said nothing, the first such one."""
    heard: dict[str, datetime] = field(default_factory=dict)
    """When a patient, or somebody for them, last tried to declare."""
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Alerts as people on duty saw them: a condition that rings again no longer tells of the alert before."""

    def saw(self, alerts: list[dict[str, Any]], now: datetime) -> None:
        """Note *alerts* as open at *now*; that is the last that is known of one which a later one replaces."""
        self.alerts |= {one["alert_id"]: {**one, "ended": {"at": now.isoformat()}} for one in alerts}

    def tried(self, person_id: str, now: datetime) -> None:
        """Note that somebody declares, whatever becomes of it."""
        self.heard[person_id] = now

    def took(self, person_id: str, body: dict[str, object], measured_at: datetime, now: datetime) -> None:
        """Note a declaration that the system has taken, handed in at *now*."""
        if says_emergency(body) and now - measured_at < FRESH:
            self.worsened.setdefault(person_id, now)

    def deadline(self, person_id: str, declared_at: datetime, due_at: datetime) -> None:
        """Note a deadline of somebody at home; silence over it and the one before counts."""
        opened, owed = _slot_before(due_at)
        heard = self.heard.get(person_id)
        is_silent = heard is None or heard < opened
        if is_silent and declared_at + FIRST_DUTY < owed:
            self.silent.setdefault(person_id, due_at)


def _slot_before(due_at: datetime) -> tuple[datetime, datetime]:
    """Return when the slot before the one of *due_at* opened and was due; *due_at* is in local time."""
    hour = due_at.hour + due_at.minute / 60
    number = next(n for n, (_, due) in enumerate(SLOTS) if due == hour)
    opens, due = SLOTS[number - 1]
    day = due_at if number else due_at - timedelta(days=1)
    morning = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return morning + timedelta(hours=opens), morning + timedelta(hours=due)


class Waits(NamedTuple):
    """How long people waited to be noticed, in real seconds, and who never was."""

    seconds: tuple[float, ...]
    missed: tuple[str, ...]

    def at(self, percent: float) -> float:
        """Return the wait that *percent* of them did not exceed."""
        return float(np.percentile(self.seconds, percent)) if self.seconds else 0.0


async def waits(call: Caller, promptness: Promptness, speed: float) -> tuple[Waits, Waits]:
    """Return the waits of worsening and of silent patients, by the alerts that there are now."""
    now = [one for status in ("open", "ended") for one in await _alerts(call, status)]
    alerts = list((promptness.alerts | {one["alert_id"]: one for one in now}).values())
    rising = _by_person(alerts, "risk-rising")
    quiet = _by_person(alerts, "patient-silent")
    return (
        waited(promptness.worsened, rising, speed, severity="critical"),
        waited(promptness.silent, quiet, speed),
    )


async def _alerts(call: Caller, status: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        url = f"{call.at.alerting}/v1/alerts?status={status}&limit={PAGE}{more}"
        page = await call.get(url, role="ioc_operator", area="19")
        found += page["items"]
        cursor = page.get("next")
    return found


def _by_person(alerts: list[dict[str, Any]], condition: str) -> dict[str, list[dict[str, Any]]]:
    by_person: dict[str, list[dict[str, Any]]] = {}
    for alert in alerts:
        if alert["condition"] == condition and alert.get("person_id"):
            by_person.setdefault(alert["person_id"], []).append(alert)
    return by_person


def waited(
    since: dict[str, datetime], alerts: dict[str, list[dict[str, Any]]], speed: float, severity: str = ""
) -> Waits:
    """
    Measure from *since* to the alert that was called next; an alert that was running by then waited 0.

    With *severity* only alerts as grave as that count.
    """
    seconds, missed = [], []
    for person_id, begun in sorted(since.items()):
        mine = [a for a in alerts.get(person_id, ()) if severity in ("", a["severity"])]
        delays = [delay for alert in mine if (delay := _delay(alert, begun)) is not None]
        if delays:
            seconds.append(min(delays) / speed)
        else:
            missed.append(person_id)
    return Waits(tuple(seconds), tuple(missed))


def _delay(alert: dict[str, Any], begun: datetime) -> float | None:
    """Return the province's seconds from *begun* to the call of *alert*; None when it was over before."""
    ended = alert.get("ended")
    if ended and datetime.fromisoformat(ended["at"]) < begun:
        return None
    called = min(
        (at for name in ("raised_at", "called_at") if (at := datetime.fromisoformat(alert[name])) >= begun),
        default=begun,
    )
    return (called - begun).total_seconds()


def rows(worsened: Waits, silent: Waits) -> list[Row]:
    """Return how many had to be noticed beside how many were."""
    return [
        Row(name, len(found.seconds) + len(found.missed), len(found.seconds))
        for name, found in (("worsened", worsened), ("silent", silent))
    ]


def sentences(worsened: Waits, silent: Waits) -> list[str]:
    """Say how soon, against the bars."""
    doctors, stations = worsened.at(99), max(silent.seconds, default=0.0)
    return [
        (
            f"Bác sĩ của người trở nặng được báo sau {worsened.at(50):.1f} giây (p50), {doctors:.1f} giây (p99) "
            f"giờ thật; mục tiêu {DOCTOR_SECONDS:g}: {'đạt' if doctors <= DOCTOR_SECONDS else 'CHƯA ĐẠT'}."
        ),
        (
            f"Trạm được báo về người im lặng chậm nhất {stations:.1f} giây giờ thật sau hạn khai; mục tiêu "
            f"{SILENCE_SECONDS:g}: {'đạt' if stations <= SILENCE_SECONDS else 'CHƯA ĐẠT'}."
        ),
    ]


def are_met(worsened: Waits, silent: Waits) -> bool:
    """Tell whether both bars hold."""
    return worsened.at(99) <= DOCTOR_SECONDS and max(silent.seconds, default=0.0) <= SILENCE_SECONDS
