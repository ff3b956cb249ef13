"""
Bodies become commands of supervision; words and positions are sealed on the way.

Positions are judged here, where the home can be opened. The domain takes the verdict with the seal that it
was measured from, so that a fence moved meanwhile decides nothing.
"""

from typing import Any

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.service import Runtime
from common.work.model import Cause
from quarantine.domain.access import declares_as
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case, DeclaredBy, Person
from quarantine.domain.standing import is_breached_by
from quarantine.domain.supervision import commands
from quarantine.domain.supervision.errors import NotSupervised
from quarantine.domain.supervision.fence import Point, Position, is_sure, judge
from quarantine.domain.supervision.model import Supervision
from quarantine.domain.supervision.rules import WatchBook
from quarantine.ports import Cases
from quarantine.ports.supervision import Supervisions
from quarantine.views.supervision import bodies

PLACE, NOTE = "place", "note"
"""Data classes of positions and of words about somebody."""


class SupervisionIntake:
    """Turns bodies into commands."""

    def __init__(self, runtime: Runtime, cases: Cases, supervisions: Supervisions, book: WatchBook) -> None:
        self._runtime = runtime
        self._cases = cases
        self._supervisions = supervisions
        self._book = book

    async def to_answer(
        self, person_id: str, request_id: str, body: bodies.AnswerBody, by: Actor
    ) -> commands.AnswerCheckIn:
        """Judge the position against the fence; for the person and the family only."""
        person = await self.own(person_id, by)
        state = await self._supervisions.get(person_id)
        home, position = self._home(state), _position(body)
        rules = self._book.on(local_day(self._runtime.clock.now()))
        place = body.place
        return commands.AnswerCheckIn(
            person_id,
            person.area,
            request_id=request_id,
            verdict=judge(home, position, rules),
            measured_from=state.home if state else "",
            evidence=self._sealed(person_id, body.model_dump(exclude_none=True), PLACE),
            home=self._place(person_id, place) if place and position and is_sure(position, rules) else "",
            is_mock=bool(place and place.is_mock),
        )

    async def to_seen(self, person_id: str, request_id: str, by: Actor) -> commands.NoteSeen:
        """A phone of the person or the family shows the request."""
        person = await self.own(person_id, by)
        return commands.NoteSeen(person_id, person.area, request_id)

    async def to_ask(self, person_id: str, by: Actor, cause: Cause) -> commands.AskForCheckIn:
        """Ask for a check-in now; the request is named after what brought it."""
        person = await self._theirs(person_id, by)
        return commands.AskForCheckIn(person_id, person.area, by, derived_id("check-in", cause.id))

    async def to_home(self, person_id: str, body: bodies.HomeBody, by: Actor) -> commands.SetHome:
        """Seal the position of the place of quarantine."""
        person = await self._theirs(person_id, by)
        return commands.SetHome(person_id, person.area, by, self._place(person_id, body))

    async def to_contact(
        self, person_id: str, body: bodies.ContactBody, by: Actor, cause: Cause
    ) -> commands.LogContact:
        """Seal the words about a call or a visit."""
        person = await self._theirs(person_id, by)
        contact_id, words = derived_id("contact", cause.id), self._words(person_id, body.words)
        return commands.LogContact(person_id, person.area, by, contact_id, body.kind, body.result, words)

    async def to_need(
        self, person_id: str, body: bodies.NeedBody, by: Actor, cause: Cause
    ) -> commands.AskForHelp:
        """Seal what is needed; asked by the person, the family, or an officer of the area."""
        person = await self.own(person_id, by, officers=True)
        need_id, words = derived_id("need", cause.id), self._words(person_id, body.words)
        return commands.AskForHelp(person_id, person.area, by, need_id, body.kind, words)

    async def to_helped(
        self, person_id: str, need_id: str, body: bodies.HelpedBody, by: Actor
    ) -> commands.AnswerHelp:
        """Seal what was done."""
        person = await self._theirs(person_id, by)
        return commands.AnswerHelp(person_id, person.area, by, need_id, self._words(person_id, body.words))

    async def to_breach(
        self, person_id: str, body: bodies.BreachBody, by: Actor, cause: Cause
    ) -> commands.ReportBreach:
        """Seal what was seen; refused when the person did not have to stay at home at that time."""
        case = await self._case(person_id)
        person = _person(case)
        by.require(person.area)
        if body.at > self._runtime.clock.now() or not is_breached_by(case, body.at):
            raise NotSupervised(
                "Vào lúc đó người này không phải cách ly tại nhà. Hãy xem lại giờ vi phạm và quyết định.",
                field="at",
            )
        words = self._words(person_id, body.words)
        return commands.ReportBreach(
            person_id, person.area, by, derived_id("breach", cause.id), body.at, words
        )

    async def to_follow_up(
        self, person_id: str, evidence_id: str, body: bodies.FollowUpBody, by: Actor
    ) -> commands.FollowUpBreach:
        """Seal what was found out."""
        person = await self._theirs(person_id, by)
        words = self._words(person_id, body.words)
        return commands.FollowUpBreach(person_id, person.area, by, evidence_id, body.state, words)

    async def _case(self, person_id: str) -> Case:
        case = await self._cases.get(person_id)
        if case is None or case.person is None or case.stay is None:
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
        return case

    async def _theirs(self, person_id: str, by: Actor) -> Person:
        """Return whom an officer of the area acts about."""
        person = _person(await self._case(person_id))
        by.require(person.area)
        return person

    async def own(self, person_id: str, by: Actor, *, officers: bool = False) -> Person:
        """Return the person if *by* is the person or of the family (or, with *officers*, serves the area)."""
        person = _person(await self._case(person_id))
        own = await self._cases.get(by.person_id) if by.person_id else None
        declares = declares_as(by, person_id, person, own)
        if declares is None or (declares is DeclaredBy.OFFICER and not officers):
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
        return person

    def _home(self, state: Supervision | None) -> Point | None:
        if state is None or not state.home:
            return None
        fields = self._runtime.vault.open(state.home, data_class=PLACE, person_id=state.person_id)
        return Point(fields["latitude"], fields["longitude"])

    def _place(self, person_id: str, place: bodies.PlaceBody | bodies.HomeBody) -> str:
        fields = {"latitude": place.latitude, "longitude": place.longitude}
        return self._sealed(person_id, fields, PLACE)

    def _words(self, person_id: str, words: str) -> str:
        return self._sealed(person_id, {"words": words}, NOTE) if words else ""

    def _sealed(self, person_id: str, fields: dict[str, Any], data_class: str) -> str:
        return self._runtime.vault.seal(fields, data_class=data_class, person_id=person_id)


def _person(case: Case) -> Person:
    if case.person is None:
        raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
    return case.person


def _position(body: bodies.AnswerBody) -> Position | None:
    place = body.place
    if place is None:
        return None
    return Position(Point(place.latitude, place.longitude), place.accuracy_metres, place.is_mock)
