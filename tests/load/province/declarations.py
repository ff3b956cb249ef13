"""
How people hand in what they filled in: late, twice, with slips, from phones that were offline.

Shares are assumptions of the simulator (no source was found) unless a line says otherwise.
"""

import asyncio
import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.load.province.callers import Refusal
from tests.load.province.people import Person
from tests.load.province.slips import mistyped

if TYPE_CHECKING:
    from tests.load.province.world import World

P_OFFLINE_QUEUE = 0.03
OFFLINE_MEDIAN_HOURS, OFFLINE_SPREAD, OFFLINE_MOST_HOURS = 3.0, 1.153, 72.0
P_DOUBLE_TAP = 0.02
P_SENT_AGAIN_LATER = 0.005
P_TWO_PHONES = 0.003
P_OTHER_APP = 0.2
"""Share of those in quarantine with a smartphone who declare in an app of another system."""
APP, APP_CLIENT = "app:so-suc-khoe", "app-so-suc-khoe"
CLOCK_SKEW_SECONDS = 20.0
P_CLOCK_WRONG = 0.01
WRONG_CLOCK_MINUTES = (10.5, 40.0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One declaration as filled in: of whom, for which register, by whom, at which instant."""

    person: Person
    url: str
    counted: Counter[str]
    role: str
    area: str
    signed_in: str
    declared_by: str
    at: datetime
    by_app: bool = False


class Declarations:
    """The way of a sheet from the phone, or the station's telephone, to the system."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.app_users: set[str] = set()

    def sheet(
        self,
        person: Person,
        url: str,
        counted: Counter[str],
        at: datetime,
        relatives: list[Person],
        *,
        is_called: bool = False,
    ) -> Sheet | None:
        """
        Return who declares for *person*: oneself, a relative with a phone, the station, or nobody.

        *is_called*: the station telephones, whoever else might have declared.
        """
        by_hand = next((r for r in relatives if r.has_smartphone and r.person_id), None)
        if person.has_smartphone and not is_called:
            by_app = counted is self.world.truth.quarantine_reports and self._uses_other_app(person)
            return Sheet(person, url, counted, "citizen", "", person.person_id, "self", at, by_app)
        if person.proxy == "nobody" and not is_called:
            return None
        if person.proxy == "household" and by_hand and not is_called:
            return Sheet(person, url, counted, "citizen", "", by_hand.person_id, "relative", at)
        area = self.world.district_of(person.commune_code)
        return Sheet(person, url, counted, "health_officer", area, "", "officer", at)

    def _uses_other_app(self, person: Person) -> bool:
        return bool(self.world.dice.of("app", person.cccd).random() < P_OTHER_APP)

    async def hand_in(self, sheet: Sheet, body: dict[str, object], rng: np.random.Generator) -> None:
        """Send now, or when the phone has a network again. The hour on the sheet stays the hour of filling in."""
        body = {**body, "declared_by": sheet.declared_by}
        body["reported_at"] = (
            sheet.at + timedelta(seconds=float(rng.normal(0, CLOCK_SKEW_SECONDS)))
        ).isoformat()
        if rng.random() < P_OFFLINE_QUEUE:
            delay = OFFLINE_MEDIAN_HOURS * math.exp(float(rng.normal(0, OFFLINE_SPREAD)))
            later = sheet.at + timedelta(hours=min(delay, OFFLINE_MOST_HOURS))
            self.world.truth.sent_late += 1
            self.world.agenda.add(later, lambda: self._send_with_slips(sheet, body, rng))
            return
        await self._send_with_slips(sheet, body, rng)

    async def _send_with_slips(self, sheet: Sheet, body: dict[str, object], rng: np.random.Generator) -> None:
        """Send what was typed; who is told that it cannot be looks again and sends the right numbers."""
        wrong = mistyped(body, rng)
        if rng.random() < P_CLOCK_WRONG:
            ahead = timedelta(minutes=float(rng.uniform(*WRONG_CLOCK_MINUTES)))
            wrong = {**(wrong or body), "reported_at": (sheet.at + ahead).isoformat()}
        if wrong is not None and await self._send(sheet, wrong, "slip", may_be_refused=True):
            return
        await self._send(sheet, body, "")
        await self._repeats(sheet, body, rng)

    async def _repeats(self, sheet: Sheet, body: dict[str, object], rng: np.random.Generator) -> None:
        chance = rng.random()
        if chance < P_DOUBLE_TAP:
            await asyncio.gather(*(self._send(sheet, body, "", is_repeat=True) for _ in range(2)))
        elif chance < P_DOUBLE_TAP + P_SENT_AGAIN_LATER:
            later = self.world.now() + timedelta(hours=float(rng.uniform(1, 6)))
            self.world.agenda.add(later, lambda: self._again(sheet, body))
        elif chance < P_DOUBLE_TAP + P_SENT_AGAIN_LATER + P_TWO_PHONES:
            await self._send(sheet, body, "other phone", may_be_refused=True)

    async def _again(self, sheet: Sheet, body: dict[str, object]) -> None:
        await self._send(sheet, body, "", is_repeat=True)

    async def _send(
        self,
        sheet: Sheet,
        body: dict[str, object],
        suffix: str,
        *,
        may_be_refused: bool = False,
        is_repeat: bool = False,
    ) -> bool:
        """Send once; return whether it was taken. A record that was closed meanwhile takes nothing more."""
        world, truth = self.world, self.world.truth
        key = world.dice.key("report", sheet.url, sheet.person.cccd, sheet.at.isoformat(), suffix)
        truth.duplicates_sent += is_repeat
        begun = world.now()
        truth.promptness.tried(sheet.person.person_id, begun)
        try:
            answer = await self._handed(sheet, body, key)
        except Refusal as refusal:
            truth.refused[refusal.slug] += 1
            if may_be_refused or refusal.slug in OVER:
                return False
            raise
        if world.patients.is_at_home(sheet.person.person_id):
            truth.promptness.took(sheet.person.person_id, body, sheet.at, begun)
        truth.report(
            sheet.counted, sheet.person.commune_code, str(answer["report_id"]), is_late=answer["is_late"]
        )
        return True

    async def _handed(self, sheet: Sheet, body: dict[str, object], key: str) -> dict[str, Any]:
        """Send it from the phone, or let the server of the other app bring it under its own number."""
        call = self.world.call
        if not sheet.by_app:
            return await call.post(
                sheet.url, body, role=sheet.role, area=sheet.area, person=sheet.signed_in, key=key
            )
        row = {**body, "external_id": key, "cccd": sheet.person.cccd}
        url = f"{call.at.quarantine}/v1/intake/declarations"
        told = await call.post(
            url, {"declarations": [row]}, role="partner", area="19", subject=APP_CLIENT, key=f"{key}-app"
        )
        [item] = told["items"]
        if item["outcome"] == "refused":
            raise Refusal(422, {"type": f"row:{item['code']}", "detail": item["detail"]})
        self.app_users.add(sheet.person.cccd)
        return {"report_id": key, "is_late": item["is_late"]}


OVER = frozenset(("record-closed", "declaration-not-owed"))
"""The illness or the quarantine ended while the sheet was on its way."""
