"""Who is on call: one's own plan of the week, and who is called first in each unit now."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field

from alerting.domain.duty import HOURS_MAX, Duty, Hours
from alerting.domain.recipients import PlanDuty, Recipient, SwapDuty
from alerting.ports import Recipients
from alerting.views.recipient_bodies import Hour
from common.geo import PROVINCE_CODE, Units
from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import Clock
from common.work.engine import Work
from common.work.model import Cause

LEVELS: Final = ("province", "district", "commune")


class HoursBody(Body):
    """Every week from *start* on *weekday* (0 is Monday); an *end* not after it is on the next day."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    start: Hour
    end: Hour


class PlanBody(Body):
    """The hours of the week in which the caller is on call; none: never by plan."""

    hours: list[HoursBody] = Field(max_length=HOURS_MAX)


class SwapBody(Body):
    """On call, or off it, from now until *until*."""

    is_on: bool
    until: AwareDatetime


class SwapView(BaseModel):
    """What was said by hand and counts still."""

    is_on: bool
    until: datetime


class DutyView(BaseModel):
    """The caller's duty. *until*: the end of the turn that is on; None: none is, or it goes on for a week."""

    server_now: datetime
    is_on: bool
    is_reachable: bool
    until: datetime | None
    by_hand: SwapView | None
    hours: list[HoursBody]
    hours_max: int = HOURS_MAX


class OnCallView(BaseModel):
    """Somebody who is called in a unit, and until when it is their turn."""

    subject: str
    until: datetime | None = None


class UnitOnCallView(BaseModel):
    """Who is called for a role in a unit: *on_call* at once, *substitutes* later, or at once without them."""

    code: str
    name: str
    level: str
    role: str
    on_call: list[OnCallView]
    substitutes: list[OnCallView]


class UnitsOnCallView(BaseModel):
    """Every unit in the caller's area where somebody is registered, the widest first."""

    server_now: datetime
    items: list[UnitOnCallView]


@dataclass(frozen=True)
class DutyDesk:
    """Where people say when they are on call, and see who is."""

    work: Work[Recipient, None]
    recipients: Recipients
    installed: frozenset[str]
    units: Units
    clock: Clock

    async def mine(self, actor: Actor) -> DutyView:
        """Return the duty of *actor*."""
        person = await self.work.read(actor.subject)
        duty, now = person.duty if person else Duty(), self.clock.now()
        said = duty.said(now)
        return DutyView(
            server_now=now,
            is_on=duty.is_on(now),
            is_reachable=bool(person and person.plan(self.installed)),
            until=duty.on_until(now),
            by_hand=SwapView(is_on=said.is_on, until=said.until) if said else None,
            hours=[
                HoursBody(weekday=each.weekday, start=f"{each.start:%H:%M}", end=f"{each.end:%H:%M}")
                for each in duty.hours
            ],
        )

    async def plan(self, actor: Actor, body: PlanBody, cause: Cause) -> DutyView:
        """Keep the hours of the week of *actor*, in their order; the same hours twice count once."""
        hours = {
            Hours(each.weekday, time.fromisoformat(each.start), time.fromisoformat(each.end))
            for each in body.hours
        }
        ordered = sorted(hours, key=lambda each: (each.weekday, each.start, each.end))
        await self.work.run(PlanDuty(actor, tuple(ordered)), cause)
        return await self.mine(actor)

    async def swap(self, actor: Actor, body: SwapBody, cause: Cause) -> DutyView:
        """Keep what *actor* says by hand; raises `DutyTimeWrong`."""
        await self.work.run(SwapDuty(actor, body.is_on, body.until), cause)
        return await self.mine(actor)

    async def unswap(self, actor: Actor, cause: Cause) -> DutyView:
        """Let the plan count again."""
        await self.work.run(SwapDuty(actor), cause)
        return await self.mine(actor)

    async def on_call(self, actor: Actor) -> UnitsOnCallView:
        """Return who is called in the units of *actor*, without those who cannot be reached at all."""
        now, codes = self.clock.now(), frozenset(self._inside(actor))
        people = [
            person
            for person in await self.recipients.within(codes)
            if person.is_current(now) and person.plan(self.installed)
        ]
        places: dict[tuple[str, str], list[Recipient]] = defaultdict(list)
        for person in people:
            for code in codes & set(person.areas):
                for role in person.roles:
                    places[code, role].append(person)
        items = [self._unit(code, role, found, now) for (code, role), found in places.items()]
        items.sort(key=lambda each: (LEVELS.index(each.level), each.name, each.role))
        return UnitsOnCallView(server_now=now, items=items)

    def _unit(self, code: str, role: str, people: list[Recipient], now: datetime) -> UnitOnCallView:
        unit = self.units.unit(code)
        return UnitOnCallView(
            code=code,
            name=self.units.name_of(code),
            level=unit.level if unit else "commune",
            role=role,
            on_call=[
                OnCallView(subject=one.subject, until=one.duty.on_until(now))
                for one in people
                if one.duty.is_on(now)
            ],
            substitutes=[OnCallView(subject=one.subject) for one in people if not one.duty.is_on(now)],
        )

    def _inside(self, actor: Actor) -> Iterator[str]:
        """Yield the units of *actor* and all that lie in them."""
        yield from actor.area_codes
        for unit in (*self.units.districts(), *self.units.communes()):
            if actor.area_codes & {unit.parent_code, PROVINCE_CODE}:
                yield unit.code
