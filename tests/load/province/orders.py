"""
Directives: in the middle of the week the province closes an industrial district and opens it two days later.

An official does it as officials do, through the public API at scripted hours: one directive is ordered some hours
ahead, one for the next day is ordered and withdrawn. What must become of the permits is written down here from the
text of the directive, not from what the system says of them.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.load.province.callers import Refusal
from tests.load.province.holders import Holder, Paper
from tests.load.province.moments import at_local, midnight

if TYPE_CHECKING:
    from tests.load.province.permits import Permits
    from tests.load.province.world import World

DISTRICT = "172"
"""Phổ Yên: most firms, and the road to Hà Nội."""
LONGEST = timedelta(hours=72)
REVIEW = {"worker": timedelta(hours=24)}
"""Directive 16: how long a permit counts at most, and until a person looked at what a machine had granted."""
DAYS_LEAST = 3
OPENED_AFTER_DAYS = 2
ONE_APPEALS_IN = 25
CLOSING, POSTPONED, OPENING = "16/CĐ-MAU", "15/CĐ-MAU", "19/CĐ-MAU"


@dataclass(frozen=True, slots=True)
class Closure:
    """From when to when the district is closed."""

    since: datetime
    until: datetime


class Orders:
    """What is ordered, and what the people's papers are worth under it."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.closure: Closure | None = None
        self.narrowed: set[str] = set()
        self.appeals: Counter[str] = Counter()
        self._granted: dict[str, datetime] = {}

    def plan(self, first: datetime, days: int) -> None:
        """Close the district at noon in the middle of *days*, if there is enough time to see what becomes of it."""
        if days < DAYS_LEAST:
            return
        day, agenda = midnight(first, days=days // 2), self.world.agenda
        closure = self.closure = Closure(
            at_local(day, 12), at_local(day, 6, days=min(OPENED_AFTER_DAYS, days - days // 2 - 1))
        )
        agenda.add(at_local(day, 9), lambda: self._order("16", closure.since, CLOSING))
        agenda.add(at_local(day, 9.5), lambda: self._order_and_withdraw(at_local(day, 12, days=7)))
        agenda.add(closure.since, self._close)
        if closure.until > closure.since:
            agenda.add(
                closure.until - timedelta(hours=8), lambda: self._order("none", closure.until, OPENING)
            )
            agenda.add(closure.until, self._open)

    def longest(self, holder: Holder, hours: float, at: datetime) -> timedelta:
        """Return for how long one asks at *at*; employers read the directive."""
        asked, closure = timedelta(hours=hours), self.closure
        is_closed = closure is not None and closure.since <= at < _end(closure)
        return min(asked, LONGEST) if is_closed and self._reaches(holder) else asked

    def as_it_stands(self, holder: Holder, paper: Paper, applied_at: datetime) -> Paper:
        """Return a paper as the directive lets it count, if its minute has come after it was applied for."""
        closure = self.closure
        if closure is None or not closure.since <= self.world.now() < _end(closure):
            return paper
        if not paper.is_issued or applied_at >= closure.since or not self._reaches(holder):
            return paper
        until = min(paper.valid_until, max(closure.since, paper.valid_from) + LONGEST)
        until = min(until, closure.since + REVIEW.get(holder.category, LONGEST * 100))
        if until == paper.valid_until:
            return paper
        self.narrowed.add(paper.permit_id)
        self._granted[paper.permit_id] = paper.valid_until
        return replace(paper, valid_until=until)

    async def told(self) -> int:
        """Return how many permits the system says that the closing narrowed."""
        call = self.world.call
        url = f"{call.at.permit}/v1/permit-changes/rollouts"
        rows = (await call.get(url, role="leader", area="19"))["items"]
        return sum(int(row["narrows"]) for row in rows if row["document"] == CLOSING)

    def _reaches(self, holder: Holder) -> bool:
        permits = self.world.permits
        home = self.world.district_of(holder.person.commune_code)
        return home == DISTRICT or DISTRICT in permits.areas(holder)

    async def _order(self, directive: str, at: datetime, document: str) -> None:
        await self._ordered(directive, at, document)

    async def _ordered(self, directive: str, at: datetime, document: str) -> dict[str, Any]:
        call = self.world.call
        body = {"directive": directive, "effective_at": at.isoformat(), "document": document}
        url = f"{call.at.permit}/v1/directives/{DISTRICT}"
        return await call.put(url, body, role="leader", area="19")

    async def _order_and_withdraw(self, at: datetime) -> None:
        """Order one too soon and take it back: it must reach nobody."""
        call = self.world.call
        answer = await self._ordered("15", at, POSTPONED)
        wanted = [each for each in answer.get("planned", []) if each["document"] == POSTPONED]
        for order in wanted:
            body = {"order_id": order["order_id"], "reason": "Chờ kết quả xét nghiệm diện rộng"}
            key = self.world.dice.key("withdraw", order["order_id"])
            url = f"{call.at.permit}/v1/directives/{DISTRICT}/withdrawal"
            await call.post(url, body, role="leader", area="19", key=key)

    async def _close(self) -> None:
        """At noon papers are worth less; whoever has one asks for the next sooner, and some object."""
        permits: Permits = self.world.permits
        for holder in permits.holders:
            for at, paper in enumerate(holder.papers):
                left = self.as_it_stands(holder, paper, datetime.min.replace(tzinfo=UTC))
                if left is not paper:
                    holder.papers[at] = left
                    permits.plan_renewal(holder, left)
                    self._plan_appeal(holder, left)

    async def _open(self) -> None:
        """What is not over yet is worth again what was granted."""
        closure = self.closure
        for holder in self.world.permits.holders:
            for at, paper in enumerate(holder.papers):
                granted = self._granted.get(paper.permit_id)
                if granted and closure and paper.valid_until > closure.until:
                    holder.papers[at] = replace(paper, valid_until=granted)

    def _plan_appeal(self, holder: Holder, paper: Paper) -> None:
        rng = self.world.dice.of("appeal", paper.permit_id)
        if self.closure and int(rng.integers(0, ONE_APPEALS_IN)) == 0:
            at = self.closure.since + timedelta(hours=float(rng.uniform(0.5, 6)))
            self.world.agenda.add(at, lambda: self._appeal(holder, paper))

    async def _appeal(self, holder: Holder, paper: Paper) -> None:
        """Object to a shorter permit; an officer of the holder's district looks again and leaves it so."""
        world, call = self.world, self.world.call
        url = f"{call.at.permit}/v1/permits/{paper.permit_id}/appeals"
        key = world.dice.key("appeal", paper.permit_id)
        try:
            text = {"text": "Tôi cần đi làm đến hết hạn cũ, nhà máy vẫn chạy."}
            why = await call.post(url, text, role="citizen", person=holder.person.person_id, key=key)
            self.appeals["filed"] += 1
            for appeal in why.get("appeals", [])[:1]:
                answer = {
                    "verdict": "upheld",
                    "reason": "Chỉ thị chưa hết hiệu lực; hết hạn mới hãy xin lại.",
                }
                area, key = world.district_of(holder.person.commune_code), world.dice.key("answer", key)
                address = f"{url}/{appeal['appeal_id']}/answer"
                await call.post(address, answer, role="permit_officer", area=area, key=key)
                self.appeals["upheld"] += 1
        except Refusal as refusal:  # it ended meanwhile, or a special office has to answer
            world.truth.refused[refusal.slug] += 1


def _end(closure: Closure) -> datetime:
    return (
        closure.until if closure.until > closure.since else datetime.max.replace(tzinfo=closure.since.tzinfo)
    )
