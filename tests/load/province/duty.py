"""
People on duty: they look into the inbox, take alerts after a while, and act.

Doctors send the worst up the tiers; health officers telephone those who are silent; the operations centre
takes what checkpoints report. How soon they take an alert is an assumption (no source).
"""

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.load.province.callers import Refusal
from tests.load.province.curve import HOME_F0_BY_DISTRICT

if TYPE_CHECKING:
    from tests.load.province.world import World

LOOKS_EVERY = {
    "doctor": timedelta(minutes=20),
    "health_officer": timedelta(minutes=60),
    "ioc_operator": timedelta(minutes=60),
}
MEDIAN_MINUTES_TO_TAKE = 6.0
P_ANSWERS_THE_TELEPHONE = 0.7
UNTOLD = frozenset({"system-trouble", "channel-dead", "source-silent"})
"""Trouble of the system itself is no figure of a commune: nobody is told who took it."""


class Duty:
    """One doctor and one health officer per district, and one operator of the province."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._planned: set[str] = set()

    def begin(self, start: datetime) -> None:
        """Look from *start* on, not all in the same minute."""
        posts = [(role, area) for area in HOME_F0_BY_DISTRICT for role in ("doctor", "health_officer")]
        for number, (role, area) in enumerate([*posts, ("ioc_operator", "19")]):
            at = start + timedelta(minutes=number)
            self.world.agenda.add(at, lambda r=role, a=area: self._look(r, a))  # type: ignore[misc]

    async def _look(self, role: str, area: str) -> None:
        world = self.world
        world.agenda.add(world.now() + LOOKS_EVERY[role], lambda: self._look(role, area))
        found = await world.call.get(f"{world.call.at.alerting}/v1/alerts?status=open", role=role, area=area)
        world.truth.promptness.saw(found["items"], world.now())
        for alert in found["items"]:
            if alert["alert_id"] not in self._planned and not alert.get("taken"):
                self._planned.add(alert["alert_id"])
                rng = world.dice.of("take", alert["alert_id"])
                minutes = MEDIAN_MINUTES_TO_TAKE * math.exp(float(rng.normal(0, 0.8)))
                at = world.now() + timedelta(minutes=minutes)
                world.agenda.add(at, lambda a=alert: self._take(a, role, area))  # type: ignore[misc]

    async def _take(self, alert: dict[str, Any], role: str, area: str) -> None:
        world = self.world
        url = f"{world.call.at.alerting}/v1/alerts/{alert['alert_id']}/acknowledgement"
        key = world.dice.key("take", alert["alert_id"])
        try:
            await world.call.post(url, {}, role=role, area=area, key=key)
        except Refusal as refusal:  # healed or taken by somebody else meanwhile
            world.truth.refused[refusal.slug] += 1
            return
        if alert["condition"] not in UNTOLD:
            world.truth.alerts_acknowledged[area] += 1
        person_id = str(alert.get("person_id") or "")
        if role == "doctor" and alert.get("severity") == "critical" and alert["condition"] == "risk-rising":
            await world.patients.transfer(person_id)
        elif alert["condition"] == "patient-silent":
            await self._telephone(person_id, str(alert["alert_id"]))

    async def _telephone(self, person_id: str, alert_id: str) -> None:
        """Ask how somebody is who did not declare, and write down the answer."""
        world, illness = self.world, self.world.patients.ill.get(person_id)
        rng = world.dice.of("telephone", alert_id)
        if illness and illness.is_at_home and rng.random() < P_ANSWERS_THE_TELEPHONE:
            await world.patients.report(illness, world.now(), rng, is_called=True)
