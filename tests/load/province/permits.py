"""Applications: employers for their staff, officers for others; renewed before they end, by most."""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.load.province.callers import Refusal
from tests.load.province.firms import Firm, registration
from tests.load.province.holders import HOURS_VALID, Holder, Paper
from tests.load.province.orders import LONGEST

if TYPE_CHECKING:
    from tests.load.province.world import World

P_FORGETS_TO_RENEW = 0.05
TOO_LONG = "invalid-period"
RENEWED_HOURS_BEFORE = (6.0, 14.0)


class Permits:
    """What people apply for, and which permits count now."""

    def __init__(self, world: "World", holders: list[Holder]) -> None:
        self.world = world
        self.holders = holders
        self._registrations: dict[str, asyncio.Future[None]] = {}

    def plan(self, start: datetime, until: datetime) -> None:
        """Spread the first applications between *start* and *until*; a firm's come one after another."""
        for holder in self.holders:
            rng = self.world.dice.of("application", holder.person.cccd)
            at = start + (until - start) * float(rng.uniform(0.02, 1.0))
            self.world.agenda.add(at, lambda h=holder, a=at: self._apply(h, a, a))  # type: ignore[misc]

    async def _apply(self, holder: Holder, at: datetime, valid_from: datetime) -> None:
        """Apply for one permit from *valid_from* on. Whoever may not travel asks again the next day."""
        world = self.world
        if world.is_barred(holder.person):
            tomorrow = at + timedelta(days=1)
            world.agenda.add(tomorrow, lambda: self._apply(holder, tomorrow, tomorrow))
            return
        valid_until = valid_from + world.orders.longest(holder, HOURS_VALID[holder.role], at)
        firm = holder.firm
        body: dict[str, object] = {
            "person": holder.person.form(),
            "category": holder.category,
            "purpose": holder.purpose,
            "employer": firm.name if firm else "",
            "areas": self.areas(holder),
            "windows": holder.windows(),
            "plate": holder.plate,
            "valid_from": valid_from.isoformat(),
            "valid_until": valid_until.isoformat(),
            "commune_code": holder.person.commune_code,
        }
        answer = await self._sent(holder, body, at)
        if answer is not None:
            valid_until = datetime.fromisoformat(str(body["valid_until"]))
            holder.person.person_id = holder.person.person_id or str(answer.get("person_id", ""))
            self.plan_renewal(holder, self._keep(holder, answer, at, valid_from, valid_until))

    async def _sent(self, holder: Holder, body: dict[str, object], at: datetime) -> dict[str, object] | None:
        world, firm = self.world, holder.firm
        area = world.district_of(firm.commune_code if firm else holder.person.commune_code)
        key = world.dice.key("apply", holder.person.cccd, at.isoformat())
        subject = firm.firm_id if firm else ""
        if firm:
            await self._registered(firm)
        try:
            return await world.call.post(
                f"{world.call.at.permit}/v1/permits",
                body,
                role=holder.role,
                area=area,
                subject=subject,
                key=key,
            )
        except Refusal as refusal:
            shorter = datetime.fromisoformat(str(body["valid_from"])) + LONGEST
            if refusal.slug == TOO_LONG and shorter < datetime.fromisoformat(str(body["valid_until"])):
                # The directive came into force while this was being written: it says how long is allowed.
                body["valid_until"] = shorter.isoformat()
                return await self._sent(holder, body, at + timedelta(seconds=1))
            world.truth.refused[refusal.slug] += 1
            return None

    async def _registered(self, firm: Firm) -> None:
        """Have a firm registered and confirmed, once: before that its applications wait for a person."""
        if firm.firm_id not in self._registrations:
            self._registrations[firm.firm_id] = asyncio.ensure_future(self._register(firm))
        await self._registrations[firm.firm_id]

    async def _register(self, firm: Firm) -> None:
        call, area = self.world.call, self.world.district_of(firm.commune_code)
        who = {"role": "employer", "area": area, "subject": firm.firm_id}
        found = await call.put(f"{call.at.permit}/v1/my/firm", dict(registration(firm)), **who)
        address = f"{call.at.permit}/v1/firms/{found['firm_id']}/confirmation"
        key = self.world.dice.key("confirm", firm.firm_id)
        await call.post(address, {"outcome": "confirmed"}, role="permit_officer", area=area, key=key)

    def areas(self, holder: Holder) -> list[str]:
        """Return the places asked for: home and where the way leads to; drivers go anywhere in the province."""
        if holder.worker is None and not holder.is_official:
            return ["19"]
        ways = (holder.person.commune_code, holder.to_commune)
        passed = (str(post["commune_code"]) for post in self.world.roads.on_the_way(holder))
        return sorted({self.world.district_of(commune) for commune in (*ways, *passed)})

    def _keep(
        self,
        holder: Holder,
        answer: dict[str, object],
        at: datetime,
        valid_from: datetime,
        valid_until: datetime,
    ) -> Paper:
        is_issued = answer["status"] == "issued"
        qr = str(answer.get("qr") or "")
        paper = Paper(str(answer["permit_id"]), qr, valid_from, valid_until, is_issued)
        # A directive may have come into force while the answer was on its way.
        paper = self.world.orders.as_it_stands(holder, paper, at)
        holder.papers.append(paper)
        truth = self.world.truth
        if is_issued:
            truth.permits_issued[holder.person.commune_code] += 1
            truth.permits_for_staff += holder.firm is not None
        else:
            truth.refused[f"permit-{answer['status']}"] += 1
        return paper

    def plan_renewal(self, holder: Holder, paper: Paper) -> None:
        """Apply anew some hours before a paper ends, unless a directive lets it end at another time by then."""
        valid_until = paper.valid_until
        rng = self.world.dice.of("renewal", holder.person.cccd, valid_until.isoformat())
        at = valid_until - timedelta(hours=float(rng.uniform(*RENEWED_HOURS_BEFORE)))
        if rng.random() < P_FORGETS_TO_RENEW:
            at += timedelta(days=1)
        valid_from = max(at, valid_until)
        self.world.agenda.add(at, lambda: self._renew(holder, paper, at, valid_from))

    async def _renew(self, holder: Holder, paper: Paper, at: datetime, valid_from: datetime) -> None:
        if paper in holder.papers:
            await self._apply(holder, at, valid_from)

    def standing(self, now: datetime) -> tuple[int, int]:
        """Return how many permits are in force and how many suspended at *now*."""
        active = suspended = 0
        for holder in self.holders:
            open_papers = sum(paper.is_issued and paper.valid_until > now for paper in holder.papers)
            if self.world.is_barred(holder.person):
                suspended += open_papers
            else:
                active += open_papers
        return active, suspended
