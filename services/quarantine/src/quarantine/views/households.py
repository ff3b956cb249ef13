"""
What one F0 means for those who live with them: the door that carries it to their files, and the proposals.

The facts of a household name one person; who lives with them is known here. So the door looks at the files
themselves, which say who is an F0 *now*, and tells every other file what it does not know yet. Telling twice,
late or in another order changes nothing.
"""

from collections import defaultdict
from datetime import date

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause, Errand, Outcome, Result
from quarantine.domain.acts import DismissHomeMember, LookAtHome, NoteHomeCase, OrderHomeMember
from quarantine.domain.errors import NoProtocolInForce, QuarantineNotRequired
from quarantine.domain.home import words
from quarantine.domain.home_members import proposed_on
from quarantine.domain.model import Basis, Case, Category, OrderPaper, Place
from quarantine.domain.protocols import Plan, Subject
from quarantine.domain.rules import QuarantineRules
from quarantine.domain.standing import f0_since
from quarantine.ports import Cases, Moves
from quarantine.views.case import PersonView
from quarantine.views.desk import Desk
from quarantine.views.intake import Intake
from quarantine.views.requests import Words

PROPOSALS_SHOWN = 100


class HouseholdDoor:
    """Takes facts about one person to the files of the household."""

    def __init__(self, cases: Cases, moves: Moves, work: Work) -> None:  # type: ignore[type-arg]
        self._cases = cases
        self._moves = moves
        self._work = work

    async def run_batch(self, errands: list[Errand]) -> list[Result]:
        """Let the persons' own files hear first, then those who live with them."""
        own = [errand for errand in errands if not isinstance(errand.command, LookAtHome)]
        heard = iter(await self._work.run_batch(own) if own else [])
        results = [
            Result(Outcome.APPLIED) if isinstance(errand.command, LookAtHome) else next(heard)
            for errand in errands
        ]
        told = await self._told(errands)
        outcomes = await self._work.run_batch([errand for errand, _ in told]) if told else []
        for (_, number), outcome in zip(told, outcomes, strict=True):
            if outcome.error is not None:
                results[number] = outcome
        return results

    async def _told(self, errands: list[Errand]) -> list[tuple[Errand, int]]:
        """Return what members must hear, each with the number of the errand that it follows from."""
        people = await self._cases.many({errand.command.person_id for errand in errands})
        homes = {key: case.person.household_id for key, case in people.items() if case.person}
        members: dict[str, list[tuple[Case, int]]] = defaultdict(list)
        for case, version in await self._moves.households({home for home in homes.values() if home}):
            if case.person is not None:
                members[case.person.household_id].append((case, version))
        told: dict[str, tuple[Errand, int]] = {}
        for number, errand in enumerate(errands):
            for note in _notes(members.pop(homes.get(errand.command.person_id, ""), [])):
                key = f"{note.person_id} {note.exposure.index_person_id}"
                cause = Cause(
                    id=derived_id(errand.cause.id, key, str(note.exposure.sequence)),
                    correlation_id=errand.cause.correlation_id,
                    traceparent=errand.cause.traceparent,
                )
                told.setdefault(key, (Errand(note, cause), number))
        return list(told.values())


def _notes(members: list[tuple[Case, int]]) -> list[NoteHomeCase]:
    if not any(f0_since(case) or case.home for case, _ in members):
        return []  # nearly every household
    return [
        NoteHomeCase(member.person_id, word)
        for index, version in members
        for member, _ in members
        if (word := words(index, version, member)) is not None
    ]


class ProposalView(BaseModel):
    """Người trong nhà cần quyết định: who, exposed until when, and what an order would say."""

    person_id: str
    person: PersonView
    commune_name: str
    household_id: str
    exposed_on: date
    ends_on: date
    document: str


class ProposalsView(BaseModel):
    """All of them, the latest exposure first."""

    items: list[ProposalView]


class HomeOrderBody(Body):
    """Ra quyết định cho người trong nhà."""

    order_number: str | None = Field(default=None, min_length=1, max_length=60, description="Số quyết định")


class DismissalBody(Body):
    """Không cần quyết định."""

    reason: Words


class HouseholdDesk:
    """Shows proposals and turns answers into commands."""

    def __init__(
        self, runtime: Runtime, moves: Moves, desk: Desk, intake: Intake, rules: QuarantineRules
    ) -> None:
        self._runtime = runtime
        self._moves = moves
        self._desk = desk
        self._intake = intake
        self._rules = rules

    async def proposals(self, by: Actor) -> ProposalsView:
        """Show who was exposed at home and would be quarantined by the documents of today."""
        found = await self._moves.proposals(by.area_codes, limit=PROPOSALS_SHOWN)
        planned = [(case, plan) for case in found if (plan := self._plan(case)) is not None]
        views = await self._desk.opened([case for case, _ in planned], by, "Người trong nhà cần quyết định")
        items = [
            ProposalView(
                person_id=case.person_id,
                person=view.person,
                commune_name=view.commune_name,
                household_id=view.household_id,
                exposed_on=proposed_on(case) or view.last_exposure_on,
                ends_on=plan.ends_on,
                document=self._document(plan),
            )
            for (case, plan), view in zip(planned, views, strict=True)
        ]
        return ProposalsView(items=items)

    def _plan(self, case: Case) -> Plan | None:
        on, person = proposed_on(case), case.person
        if on is None or person is None:
            return None
        basis = case.stay.basis if case.stay and case.stay.basis else Basis()
        subject = Subject(Category.F1, Place.HOME, basis.origin, basis.immunity, person.area)
        today = local_day(self._runtime.clock.now())
        try:
            return self._rules.plan(subject, on, today, today)
        except (NoProtocolInForce, QuarantineNotRequired):
            return None

    def _document(self, plan: Plan) -> str:
        found = self._rules.find(plan.regime.code)
        return found[0].document.number if found else plan.regime.code

    def to_order(self, person_id: str, body: HomeOrderBody, by: Actor) -> OrderHomeMember:
        """One tap: everything else is on file."""
        return OrderHomeMember(person_id, by, OrderPaper(body.order_number) if body.order_number else None)

    def to_dismiss(self, person_id: str, body: DismissalBody, by: Actor) -> DismissHomeMember:
        """Seal the reason."""
        return DismissHomeMember(person_id, by, self._intake.sealed_note(person_id, body.reason))
