"""Chuyển giao giữa hai xã: what is offered, to whom, and the answers."""

from dataclasses import replace
from datetime import date, datetime

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.model import Cause, Errand
from quarantine.domain.acts import AcceptHandover, AskHandover, RefuseHandover
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.handover import pending
from quarantine.domain.model import Case, Category
from quarantine.domain.registers import Handover, HandoverState
from quarantine.ports import Cases, HandoverSide, Moves, Search, Worklist
from quarantine.views.answers import CommunesView, CommuneView
from quarantine.views.case import CaseView, PersonView
from quarantine.views.desk import Desk
from quarantine.views.intake import Intake
from quarantine.views.requests import Words

HANDOVER = "handover"
"""Data class of the new address and the words of both communes."""
SHOWN, HOUSEHOLD_MAX = 100, 50


class HandoverBody(Body):
    """Đề nghị chuyển một người, hoặc cả hộ, sang xã khác."""

    to_commune_code: str = Field(pattern=r"^\d{5}$", description="Xã, phường nhận")
    address: str = Field(min_length=2, max_length=200, description="Nơi sẽ cách ly ở xã nhận")
    reason: Words = Field(description="Lý do chuyển, xã nhận sẽ đọc")
    household: bool = Field(default=False, description="Cả hộ đang cách ly cùng chuyển")


class AnswerBody(Body):
    """Từ chối, hoặc rút lại."""

    handover_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")
    reason: Words


class AcceptanceBody(Body):
    """Nhận."""

    handover_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")


class HandoverView(BaseModel):
    """One offer, as both communes see it."""

    handover_id: str
    person_id: str
    person: PersonView
    category: Category
    ends_on: date
    state: HandoverState
    from_commune_code: str
    from_commune_name: str
    to_commune_code: str
    to_commune_name: str
    new_address: str
    reason: str
    answer: str | None
    asked_at: datetime
    answered_at: datetime | None
    can_answer: bool
    can_withdraw: bool


class HandoversView(BaseModel):
    """Offers, the latest first."""

    items: list[HandoverView]


class AskedView(BaseModel):
    """How many were offered."""

    asked: int


class HandoverDesk:
    """Shows offers and turns requests into commands."""

    def __init__(self, runtime: Runtime, cases: Cases, moves: Moves, desk: Desk, intake: Intake) -> None:
        self._runtime = runtime
        self._cases = cases
        self._moves = moves
        self._desk = desk
        self._intake = intake

    async def listed(self, side: HandoverSide, by: Actor, *, is_all: bool) -> HandoversView:
        """Show what waits for an answer, or (*is_all*) also what was answered, of stays that go on."""
        states = list(HandoverState) if is_all else [HandoverState.PENDING]
        found = await self._moves.handovers(by.area_codes, side, states, limit=SHOWN)
        views = await self._desk.opened(found, by, "Chuyển giao giữa hai xã")
        shown = zip(found, views, strict=True)
        items = [
            self._view(case.stay.handover, view, by)
            for case, view in shown
            if case.stay and case.stay.handover
        ]
        return HandoversView(items=items)

    def _view(self, asked: Handover, view: CaseView, by: Actor) -> HandoverView:
        fields = self._runtime.vault.open(asked.sealed, data_class=HANDOVER, person_id=view.person_id)
        answer = self._runtime.vault.open(asked.answer, person_id=view.person_id) if asked.answer else {}
        is_waiting = asked.state is HandoverState.PENDING
        return HandoverView(
            handover_id=asked.handover_id,
            person_id=view.person_id,
            person=view.person,
            category=view.category,
            ends_on=view.ends_on,
            state=asked.state,
            from_commune_code=asked.giver.commune_code,
            from_commune_name=self._runtime.units.name_of(asked.giver.commune_code),
            to_commune_code=asked.taker.commune_code,
            to_commune_name=self._runtime.units.name_of(asked.taker.commune_code),
            new_address=fields["address"],
            reason=fields["reason"],
            answer=answer.get("note"),
            asked_at=asked.asked_at,
            answered_at=asked.answered_at,
            can_answer=is_waiting and by.covers(asked.taker),
            can_withdraw=is_waiting and by.covers(asked.giver),
        )

    def communes(self) -> CommunesView:
        """Show every commune of the province."""
        units = self._runtime.units
        return CommunesView(
            items=[
                CommuneView(code=one.code, name=one.name, district_name=units.name_of(one.parent_code))
                for one in units.communes()
            ]
        )

    async def to_ask(self, person_id: str, body: HandoverBody, by: Actor, cause: Cause) -> list[Errand]:
        """One offer for the person, or one each for everybody of the household who is in quarantine."""
        case = await self._desk.readable(person_id, by)
        taker = self._runtime.units.area_of(body.to_commune_code)
        people = await self._household(case) if body.household else [person_id]
        return [
            Errand(
                AskHandover(
                    one,
                    by,
                    derived_id("handover", cause.id, one),
                    taker,
                    self._sealed(one, body),
                    body.household,
                ),
                replace(cause, id=derived_id(cause.id, one)),
            )
            for one in people
        ]

    def _sealed(self, person_id: str, body: HandoverBody) -> str:
        fields = {"address": body.address, "reason": body.reason}
        return self._runtime.vault.seal(fields, data_class=HANDOVER, person_id=person_id)

    async def _household(self, case: Case) -> list[str]:
        if case.person is None:
            return []
        today = local_day(self._runtime.clock.now())
        codes = {case.person.area.commune_code}
        search = Search(codes, today, Worklist.OPEN, household_id=case.person.household_id)
        found = await self._cases.find(search, limit=HOUSEHOLD_MAX)
        return [one.person_id for one in found if pending(one) is None]

    async def to_accept(self, person_id: str, body: AcceptanceBody, by: Actor) -> AcceptHandover:
        """Seal the new address beside the name. Whoever moves alone leaves the household."""
        case, asked = await self._asked(person_id, by)
        person, vault = case.person, self._runtime.vault
        fields = vault.open(person.sealed, person_id=person_id) if person else {}
        new = vault.open(asked.sealed, data_class=HANDOVER, person_id=person_id)
        sealed = vault.seal({**fields, "address": new["address"]}, person_id=person_id)
        alone = f"h-{derived_id('household', asked.handover_id)[:13]}"
        household = person.household_id if person and asked.with_household else alone
        return AcceptHandover(person_id, by, body.handover_id, sealed, household)

    async def to_refuse(
        self, person_id: str, body: AnswerBody, by: Actor, *, is_withdrawal: bool
    ) -> RefuseHandover:
        """Seal the words; whoever is not of either commune learns nothing."""
        await self._asked(person_id, by)
        note = self._intake.sealed_note(person_id, body.reason)
        return RefuseHandover(person_id, by, body.handover_id, note, is_withdrawal)

    async def _asked(self, person_id: str, by: Actor) -> tuple[Case, Handover]:
        case = (await self._cases.many([person_id])).get(person_id)
        asked = case.stay.handover if case and case.stay else None
        if case is None or asked is None or not (by.covers(asked.giver) or by.covers(asked.taker)):
            raise CaseNotFound("Không có đề nghị chuyển giao này trong địa bàn của bạn.")
        return case, asked
