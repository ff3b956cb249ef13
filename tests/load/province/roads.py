"""
Roads: who passes which of the province's checkpoints when, and what is shown there.

The five posts are those that the province named; vehicles by hour follow `curve.SCANS_BY_HOUR`. No count per
post was published: who passes where follows from where people live and go. Shares of what goes wrong are
assumptions, set beside 5.2 % turned back on 20/07/2021 (Bà Rịa - Vũng Tàu, 230 of 4,408 vehicles).
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.load.province.curve import hour_of_passing
from tests.load.province.holders import Holder
from tests.load.province.lanes import Lanes
from tests.load.province.moments import at_local, midnight

if TYPE_CHECKING:
    from tests.load.province.world import World

GATE = "tru-so"
POST_OF_DISTRICT = {"164": "thai-nguyen", "165": "song-cong", "172": "pho-yen", "173": "phu-binh"}
HUB = "thai-nguyen"
"""The five northern districts have no post of their own: their roads meet in the city."""
P_GOES_OUT = 0.8
P_WORKS = 0.95
P_OUT_IN_SPITE = 0.01
"""Of those who must stay at home (Queensland: 99 % compliant in 850 checks)."""
P_FORGED = 0.002
P_UNREADABLE = 0.015
P_OTHER_VEHICLE = 0.01
P_WRONG_WAY = 0.01
FORGERY = "A" * 6, "B" * 6


class Roads:
    """The ways out and back of everybody who carries a permit."""

    def __init__(self, world: "World", checkpoints: list[dict[str, Any]]) -> None:
        self.world = world
        self.posts = {str(post["checkpoint_id"]): post for post in checkpoints}
        self.lanes = Lanes(world)

    def on_the_way(self, holder: Holder) -> list[dict[str, Any]]:
        """Return the posts between home and where the holder goes; officials enter by the gate."""
        if holder.is_official and GATE in self.posts:
            return [self.posts[GATE]]
        ends = (holder.to_commune, holder.person.commune_code)
        names = dict.fromkeys(POST_OF_DISTRICT.get(self.world.district_of(end), HUB) for end in ends)
        found = [self.posts[name] for name in names if name in self.posts]
        return found or list(self.posts.values())[:1]

    def plan_day(self, morning: datetime) -> None:
        """Everybody who goes out today passes one post on the way out and one on the way back."""
        day = midnight(morning)
        self.lanes.plan_day(day, list(self.posts))
        for holder in self.world.permits.holders:
            rng = self.world.dice.of("trip", holder.person.cccd, day.date())
            hours = _hours(holder, day, rng)
            if hours:
                out, back = (at_local(day, hour) for hour in hours)
                self.world.agenda.add(out, lambda h=holder, a=out, b=back, r=rng: self._out(h, a, b, r))  # type: ignore[misc]

    async def _out(self, holder: Holder, out: datetime, back: datetime, rng: np.random.Generator) -> None:
        """Go out, unless one may not; who went out comes back, whatever was learned meanwhile."""
        if self.world.is_barred(holder.person) and rng.random() >= P_OUT_IN_SPITE:
            return
        self.world.agenda.add(back, lambda: self._pass(holder, back, rng))
        await self._pass(holder, out, rng)

    async def _pass(self, holder: Holder, at: datetime, rng: np.random.Generator) -> None:
        paper = holder.shown_at(at)
        if paper is None:
            return
        post = self._post(holder, rng)
        qr, plate = paper.qr, holder.plate
        mishap = rng.random()
        if mishap < P_FORGED:
            qr = qr[:-6] + (FORGERY[0] if not qr.endswith(FORGERY[0]) else FORGERY[1])
        elif mishap < P_FORGED + P_UNREADABLE:
            qr = qr[: len(qr) // 2]
        elif mishap < P_FORGED + P_UNREADABLE + P_OTHER_VEHICLE:
            plate = "20C-99999"
        body = {"qr": qr, "checkpoint_id": post["checkpoint_id"], "plate": plate}
        await self.lanes.check(holder, post, body, at, is_genuine=qr == paper.qr)

    def _post(self, holder: Holder, rng: np.random.Generator) -> dict[str, Any]:
        ways = self.on_the_way(holder)
        if rng.random() < P_WRONG_WAY:
            ways = [post for post in self.posts.values() if post not in ways] or ways
        return ways[int(rng.integers(0, len(ways)))]


def _hours(holder: Holder, day: datetime, rng: np.random.Generator) -> tuple[float, float] | None:
    """Return the local hours of passing, out and back; None for who stays at home today."""
    if holder.worker is not None:
        if day.weekday() == holder.worker.free_day or rng.random() >= P_WORKS:
            return None
        return holder.worker.begins - float(rng.uniform(0.2, 1.2)), holder.worker.ends + float(
            rng.uniform(0.1, 0.8)
        )
    if holder.is_official:
        if day.weekday() >= 5 or rng.random() >= P_WORKS:
            return None
        return 7.0 + float(rng.uniform(0, 1)), 16.5 + float(rng.uniform(0, 1.5))
    if rng.random() >= P_GOES_OUT:
        return None
    first, second = sorted((hour_of_passing(rng), hour_of_passing(rng)))
    return first, max(second, first + 0.25)
