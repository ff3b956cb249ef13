"""Households: a family seen as one, and ordered into quarantine in one form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.http.problems import TYPE_PREFIX
from common.kernel.areas import Actor
from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.people.body import PersonBody
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause, Errand, Result
from quarantine.domain.errors import AlreadyInQuarantine
from quarantine.ports import Cases
from quarantine.ports.files import Household, Households
from quarantine.views.case import CaseView
from quarantine.views.desk import Desk
from quarantine.views.intake import Intake
from quarantine.views.requests import QuarantineOrderBody

HOUSEHOLDS_SHOWN, MEMBERS_MAX = 60, 20


class MemberBody(Body):
    """One person of the household; what differs from the others."""

    person: PersonBody
    vaccination_doses: int = Field(default=0, ge=0, le=10)
    last_dose_on: date | None = None
    confirm: bool = Field(default=False, description="Đã xem cảnh báo trùng, đúng là người khác")


class HouseholdOrderBody(Body):
    """Một quyết định cho cả hộ: what holds for all, and the members."""

    shared: QuarantineOrderBody = Field(description="Như một quyết định; người trong đó là thành viên đầu")
    members: list[MemberBody] = Field(
        default_factory=list, max_length=MEMBERS_MAX, description="Các thành viên khác"
    )


class MemberResult(BaseModel):
    """What became of one member: ordered, or why not; *problem* is the stable type of the refusal."""

    row: int
    person_id: str
    full_name: str
    is_ordered: bool
    problem: str | None = None
    detail: str | None = None


class HouseholdOrderView(BaseModel):
    """What became of every member, in the order of the form."""

    household_id: str
    items: list[MemberResult]


class HouseholdView(BaseModel):
    """Một hộ: whose address, how many, what is owed."""

    household_id: str
    address: str | None
    commune_name: str
    people: int
    owed: int
    abnormal: int
    ends_on: date
    members: list[CaseView]


class HouseholdsView(BaseModel):
    """Households with somebody in quarantine, those that owe most first."""

    items: list[HouseholdView]
    people: int


class HouseholdDesk:
    """Groups open files by household and orders whole households."""

    def __init__(
        self, runtime: Runtime, cases: Cases, households: Households, desk: Desk, intake: Intake
    ) -> None:
        self._runtime = runtime
        self._cases = cases
        self._households = households
        self._desk = desk
        self._intake = intake

    async def listed(self, by: Actor, commune_code: str | None) -> HouseholdsView:
        """Show the households of the reader's areas with their members."""
        search = self._desk.search(by, commune_code=commune_code)
        found = await self._households.households(search, limit=HOUSEHOLDS_SHOWN)
        cases = await self._cases.many({person for home in found for person in home.people})
        views = await self._desk.opened(cases.values(), by, "Danh sách hộ gia đình")
        by_id = {view.person_id: view for view in views}
        items = [_household(home, [by_id[p] for p in home.people if p in by_id]) for home in found]
        return HouseholdsView(items=items, people=sum(home.people for home in items))

    async def order(
        self, body: HouseholdOrderBody, by: Actor, work: Work[object, object], cause: Cause
    ) -> HouseholdOrderView:
        """
        Order every member as a decision of its own; the ones refused are told and may be sent again.

        Whoever was ordered by an earlier try is told as ordered.
        """
        rows = _rows(body)
        first = await self._intake.to_order(rows[0], by)
        home = first.person.household_id
        commands = [first, *[await self._intake.to_order(_at(row, home), by) for row in rows[1:]]]
        errands = [Errand(one, replace(cause, id=derived_id(cause.id, one.person_id))) for one in commands]
        told = zip(commands, rows, await work.run_batch(errands), strict=True)
        return HouseholdOrderView(
            household_id=home,
            items=[
                _member(number, command.person_id, row.person.full_name, result)
                for number, (command, row, result) in enumerate(told, 1)
            ],
        )


def _rows(body: HouseholdOrderBody) -> list[QuarantineOrderBody]:
    shared = body.shared
    return [
        shared,
        *[
            shared.model_copy(
                update={
                    "person": one.person,
                    "vaccination_doses": one.vaccination_doses,
                    "last_dose_on": one.last_dose_on,
                    "confirm": one.confirm,
                }
            )
            for one in body.members
        ],
    ]


def _at(row: QuarantineOrderBody, household_id: str) -> QuarantineOrderBody:
    return row.model_copy(update={"household_id": household_id})


def _member(row: int, person_id: str, full_name: str, result: Result) -> MemberResult:
    refusal = result.error
    if refusal is None:
        return MemberResult(row=row, person_id=person_id, full_name=full_name, is_ordered=True)
    if not isinstance(refusal, DomainError):
        raise refusal
    return MemberResult(
        row=row,
        person_id=person_id,
        full_name=full_name,
        is_ordered=isinstance(refusal, AlreadyInQuarantine),
        problem=f"{TYPE_PREFIX}{refusal.slug}",
        detail=refusal.detail,
    )


def _household(home: Household, members: Sequence[CaseView]) -> HouseholdView:
    first = members[0]
    return HouseholdView(
        household_id=home.household_id,
        address=first.person.address,
        commune_name=first.commune_name,
        people=len(members),
        owed=home.owed,
        abnormal=home.abnormal,
        ends_on=date.fromisoformat(home.ends_on),
        members=list(members),
    )
