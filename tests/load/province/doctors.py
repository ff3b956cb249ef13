"""Doctors on duty: they take alerts after a while and send the worst up the tiers."""

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.load.province.callers import Refusal
from tests.load.province.curve import HOME_F0_BY_DISTRICT

if TYPE_CHECKING:
    from tests.load.province.world import World

LOOK_EVERY = timedelta(minutes=20)
MEDIAN_MINUTES_TO_TAKE = 6.0


class Doctors:
    """One doctor on duty per district looks into the inbox."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._planned: set[str] = set()

    def begin(self) -> None:
        """Look from now on."""
        for district in HOME_F0_BY_DISTRICT:
            self.world.agenda.add(self.world.now(), lambda d=district: self._look(d))  # type: ignore[misc]

    async def _look(self, district: str) -> None:
        world = self.world
        world.agenda.add(world.now() + LOOK_EVERY, lambda: self._look(district))
        url = f"{world.call.at.alerting}/v1/alerts?status=open"
        found = await world.call.get(url, role="doctor", area=district)
        for alert in found["items"]:
            if alert["alert_id"] not in self._planned and not alert.get("acknowledged_at"):
                self._planned.add(alert["alert_id"])
                minutes = MEDIAN_MINUTES_TO_TAKE * math.exp(float(world.rng.normal(0, 0.8)))
                at = world.now() + timedelta(minutes=minutes)
                world.agenda.add(at, lambda a=alert, d=district: self._take(a, d))  # type: ignore[misc]

    async def _take(self, alert: dict[str, Any], district: str) -> None:
        world = self.world
        url = f"{world.call.at.alerting}/v1/alerts/{alert['alert_id']}/acknowledgement"
        try:
            await world.call.post(url, {}, role="doctor", area=district, key=world.key())
        except Refusal as refusal:  # healed or taken by somebody else meanwhile
            world.truth.refused[str(refusal.problem.get("type"))] += 1
            return
        world.truth.alerts_acknowledged[district] += 1
        if alert.get("severity") == "critical" and alert.get("person_id"):
            await world.patients.transfer(str(alert["person_id"]))
