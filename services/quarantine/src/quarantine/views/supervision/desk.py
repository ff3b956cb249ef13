"""
What goes out of supervision: the worklists, one person's supervision, a citizen's own check-in and help.

Every opening of somebody's data is noted in the access log first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.http.pagination import Page, PageQuery, write_cursor
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case
from quarantine.domain.supervision.model import BreachState, CheckIn, Need, Supervision
from quarantine.domain.supervision.rules import WatchBook
from quarantine.ports import Cases
from quarantine.ports.supervision import Supervisions, Watched, WatchList, lists_of
from quarantine.views.supervision import answers
from quarantine.views.supervision.intake import NOTE, PLACE


class SupervisionDesk:
    """Turns what is known into views for those who may read it."""

    def __init__(self, runtime: Runtime, cases: Cases, supervisions: Supervisions, book: WatchBook) -> None:
        self._runtime = runtime
        self._cases = cases
        self._supervisions = supervisions
        self._book = book

    async def listed(
        self, on: WatchList, by: Actor, page: PageQuery, commune_code: str | None
    ) -> Page[answers.WatchedView]:
        """Open a page of one list, the longest waiting first."""
        after = page.after(str, str)
        key = (str(after[0]), str(after[1])) if after else None
        watched = Watched(by.area_codes, commune_code)
        found = await self._supervisions.find(watched, on, limit=page.limit + 1, after=key)
        shown = found[: page.limit]
        ids = [state.person_id for state in shown]
        await self._runtime.access_log.note(by, ids, "Danh sách giám sát")
        cases = await self._cases.many(ids)
        items = [self._line(state, cases.get(state.person_id), on) for state in shown]
        last = shown[-1] if len(found) > page.limit else None
        return Page(items=items, next=write_cursor(lists_of(last)[on], last.person_id) if last else None)

    async def count(self, by: Actor, commune_code: str | None) -> answers.WatchCountsView:
        """Count the lists; nothing is opened."""
        counts = await self._supervisions.count(Watched(by.area_codes, commune_code))
        return answers.WatchCountsView(counts=counts, as_of=self._runtime.clock.now())

    async def show(self, person_id: str, by: Actor, purpose: str) -> answers.SupervisionView:
        """Open one person's supervision for staff of the area."""
        case = await self._cases.get(person_id)
        if case is None or case.person is None or not by.covers(case.person.area):
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
        await self._runtime.access_log.note(by, [person_id], purpose)
        state = await self._supervisions.get(person_id) or Supervision(person_id, case.person.area)
        return self._view(state, case)

    async def asked_of(self, person_id: str) -> answers.OpenCheckInView | None:
        """Return the check-in that a person has to answer now, None if there is none."""
        state = await self._supervisions.get(person_id)
        return self._asked(state) if state else None

    async def asked_at_home(self, names: Mapping[str, str]) -> answers.FamilyCheckInsView:
        """Return the open check-ins of the people of a household, by id and name."""
        states = await self._supervisions.many(names)
        asked = [(person_id, self._asked(states[person_id])) for person_id in names if person_id in states]
        items = [
            answers.FamilyCheckInView(**view.model_dump(), person_id=person_id, full_name=names[person_id])
            for person_id, view in asked
            if view is not None
        ]
        return answers.FamilyCheckInsView(items=items, as_of=self._runtime.clock.now())

    async def help_of(self, by: Actor) -> answers.MyHelpView:
        """Show citizens what they asked for."""
        state = await self._supervisions.get(by.person_id or "")
        needs = state.needs if state else ()
        return answers.MyHelpView(items=[self._need(by.person_id or "", need) for need in reversed(needs)])

    def _line(self, state: Supervision, case: Case | None, on: WatchList) -> answers.WatchedView:
        who = self._who(case)
        return answers.WatchedView(
            person_id=state.person_id,
            full_name=who.get("full_name", ""),
            birth_year=who.get("birth_year"),
            phone=who.get("phone"),
            address=who.get("address"),
            commune_name=self._runtime.units.name_of(state.area.commune_code),
            rung=state.step.rung if state.step else None,
            climbs_at=state.step.climbs_at if state.step else None,
            missed=len(state.misses),
            first_missed_at=state.misses[0].due_at if state.misses else None,
            breaches=sum(one.state is not BreachState.CLOSED for one in state.breaches),
            needs=[need.kind for need in state.needs if need.answered_at is None],
            is_unreachable=state.is_unreachable,
            since=datetime.fromisoformat(lists_of(state)[on]),
        )

    def _view(self, state: Supervision, case: Case) -> answers.SupervisionView:
        who, now, step = self._who(case), self._runtime.clock.now(), state.step
        return answers.SupervisionView(
            person_id=state.person_id,
            full_name=who.get("full_name", ""),
            phone=who.get("phone"),
            address=who.get("address"),
            commune_name=self._runtime.units.name_of(state.area.commune_code),
            is_open=state.is_open,
            is_unreachable=state.is_unreachable,
            is_home_known=bool(state.home),
            open_check_in=self._asked(state),
            step=answers.StepView.model_validate(step, from_attributes=True) if step else None,
            misses=[answers.MissView(duty=miss.duty, due_at=miss.due_at) for miss in state.misses],
            check_ins=[self._check_in(state.person_id, one) for one in reversed(state.recent)],
            contacts=[
                answers.ContactView(**_fields(one), words=self._words(state.person_id, one.words))
                for one in reversed(state.contacts)
            ],
            needs=[self._need(state.person_id, need) for need in reversed(state.needs)],
            breaches=[
                answers.BreachView(**_fields(one), words=self._words(state.person_id, one.words))
                for one in reversed(state.breaches)
            ],
            rules=self._rules(now),
            as_of=now,
        )

    def _asked(self, state: Supervision) -> answers.OpenCheckInView | None:
        if state.open is None:
            return None
        return answers.OpenCheckInView(
            request_id=state.open.request_id,
            asked_at=state.open.asked_at,
            answer_by=state.open.answer_by,
            is_first=not state.home,
            accuracy_at_most_metres=self._book.at(state.open.asked_at).accuracy_at_most_metres,
        )

    def _rules(self, now: datetime) -> answers.WatchRulesView:
        rules = self._book.on(local_day(now))
        return answers.WatchRulesView(
            code=rules.code,
            radius_metres=rules.radius_metres,
            accuracy_at_most_metres=rules.accuracy_at_most_metres,
            window_minutes=rules.window.total_seconds() / 60,
        )

    def _check_in(self, person_id: str, one: CheckIn) -> answers.CheckInView:
        told = self._opened(person_id, one.evidence, PLACE)
        place = told.get("place")
        return answers.CheckInView(
            request_id=one.request_id,
            asked_at=one.asked_at,
            answer_by=one.answer_by,
            answered_at=one.answered_at,
            verdict=one.verdict,
            is_missed=one.is_missed,
            is_mock=one.is_mock,
            place=answers.PointView.model_validate(place) if place else None,
            no_place_because=told.get("no_place_because"),
            has_photo=bool(one.photo),
        )

    def _need(self, person_id: str, need: Need) -> answers.NeedView:
        return answers.NeedView(
            need_id=need.need_id,
            kind=need.kind,
            asked_at=need.asked_at,
            words=self._words(person_id, need.words),
            answered_at=need.answered_at,
            answer=self._words(person_id, need.answer),
        )

    def _who(self, case: Case | None) -> dict[str, Any]:
        if case is None or case.person is None:
            return {}
        return self._runtime.vault.open(case.person.sealed, person_id=case.person_id)

    def _words(self, person_id: str, sealed: str) -> str:
        return str(self._opened(person_id, sealed, NOTE).get("words", ""))

    def _opened(self, person_id: str, sealed: str, data_class: str) -> dict[str, Any]:
        return self._runtime.vault.open(sealed, data_class=data_class, person_id=person_id) if sealed else {}


def _fields(row: Any) -> dict[str, Any]:
    """Return the fields of a small record, without its sealed words."""
    return {name: getattr(row, name) for name in type(row).__dataclass_fields__ if name != "words"}
