"""
What goes out: the desk opens sealed files for those who may read them.

Every opening is noted in the access log first.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from common.credential import render, serial
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.retention import NAME_REMOVED
from common.service import Runtime
from permit.domain import authority
from permit.domain.errors import NoCodeYet, PermitNotFound
from permit.domain.model import MACHINE, Holder, Outcome, Permit, Status, Terms
from permit.domain.review import Question
from permit.domain.reviewing import due_at
from permit.ports import Holders, Search
from permit.rulebook import Rulebook
from permit.views import answers
from permit.views.intake import DETAILS
from permit.views.paper import Sheet, cards, pdf
from permit.views.place import PlaceView
from permit.views.signing import SigningDesk
from permit.views.words import ASKED, NOT_NOW, SUSPENDED, hours_of

QUESTION: Final = "permit-question"
"""Data class of what an office asked before deciding, and of the answer."""
NAMELESS: Final = answers.HolderView(full_name=NAME_REMOVED, birth_year=None, id_tail="")
"""Stands for the holder once retention has removed who it was."""
_WITH_CODE: Final = frozenset((Status.ISSUED, Status.SUSPENDED))


class Desk:
    """Turns files into views for those who may read them."""

    def __init__(self, runtime: Runtime, holders: Holders, signing: SigningDesk, rulebook: Rulebook) -> None:
        self._runtime = runtime
        self._holders = holders
        self._signing = signing
        self._rulebook = rulebook

    async def show(self, permit_id: str, by: Actor, purpose: str) -> answers.PermitView:
        """Show one permit; `PermitNotFound` for everybody who may not see it."""
        holder, permit = await self.readable(permit_id, by)
        await self._runtime.access_log.note(by, [holder.person_id], purpose)
        return await self.view(holder, permit)

    async def page(self, search: Search, paging: PageQuery, by: Actor) -> Page[answers.PermitView]:
        """Show the permits of a page of people, the latest application first."""
        given = paging.after(datetime, str)
        after = (given[0], str(given[1])) if given and isinstance(given[0], datetime) else None
        holders = await self._holders.find(search, limit=paging.limit + 1, after=after)
        shown, cursor = page_of(holders, paging.limit, _sort_key)
        await self._runtime.access_log.note(by, [h.person_id for h in shown], "Danh sách giấy đi đường")
        views = [await self.view(holder, permit) for holder, permit in _permits(shown, search, by)]
        return Page(items=views, next=cursor)

    def search(self, by: Actor, *, person_id: str | None, status: Status | None, q: str) -> Search:
        """Bound what is looked for to what the caller may see: the area, the staff, oneself."""
        tokens = self._runtime.blind.tokens_of_query(q) if q else []
        if authority.OFFICER in by.roles:
            return Search(area_codes=by.area_codes, person_id=person_id, status=status, tokens=tokens)
        if authority.EMPLOYER in by.roles:
            return Search(applied_by=by.subject, person_id=person_id, status=status, tokens=tokens)
        return Search(person_id=by.person_id or "", status=status)

    async def picture(self, permit_id: str, by: Actor) -> bytes:
        """Return the code as a picture; `NoCodeYet` for a permit that has none."""
        holder, permit = await self.readable(permit_id, by)
        return await asyncio.to_thread(render.png, await self._code(holder, permit))

    async def paper(self, permit_id: str, by: Actor) -> bytes:
        """Return the page to print; `NoCodeYet` for a permit that has no code."""
        holder, permit = await self.readable(permit_id, by)
        await self._runtime.access_log.note(by, [holder.person_id], "In giấy đi đường")
        return await asyncio.to_thread(pdf, [await self._printable(holder, permit)])

    async def card(self, permit_id: str, by: Actor) -> bytes:
        """Return the wallet card alone; `NoCodeYet` for a permit that has no code."""
        holder, permit = await self.readable(permit_id, by)
        await self._runtime.access_log.note(by, [holder.person_id], "In thẻ giấy đi đường")
        return await asyncio.to_thread(cards, [await self._printable(holder, permit)])

    async def sheet(self, holder: Holder, permit: Permit) -> Sheet | None:
        """Return what is printed of a permit; None for one that has no code."""
        view = await self.view(holder, permit)
        return None if view.qr is None else _sheet(view, permit)

    def holder_view(self, holder: Holder) -> answers.HolderView:
        """Open who somebody is, as far as the paper shows."""
        if not holder.sealed:
            return NAMELESS
        identity = self._identity(holder)
        paper = identity.get("cccd") or identity.get("cmnd") or identity.get("passport") or ""
        return answers.HolderView(
            full_name=identity["full_name"], birth_year=identity["birth_year"], id_tail=paper[-4:]
        )

    def terms_of(self, terms: Terms) -> dict[str, Any]:
        """Return where and when, in words."""
        entry = self._rulebook.numbers.get(terms.category)
        names = self._runtime.units.name_of
        return {
            "category": terms.category,
            "category_title": entry.title if entry else terms.category,
            "areas": [PlaceView(code=code, name=names(code)) for code in terms.areas],
            "hours": hours_of(terms.windows),
            "plate": terms.plate,
            "valid_from": terms.valid_from,
            "valid_until": terms.valid_until,
        }

    async def readable(self, permit_id: str, by: Actor) -> tuple[Holder, Permit]:
        """Return a permit that the caller may see; `PermitNotFound` otherwise."""
        holder = await self._holders.of_permit(permit_id)
        permit = holder.permit(permit_id) if holder else None
        if holder is None or permit is None or not authority.may_see(by, holder.person_id, permit):
            raise PermitNotFound("Không có giấy này, hoặc giấy không thuộc phạm vi của bạn.")
        return holder, permit

    async def _printable(self, holder: Holder, permit: Permit) -> Sheet:
        sheet = await self.sheet(holder, permit)
        if sheet is None:
            raise NoCodeYet("Giấy chưa được cấp hoặc đã kết thúc nên không in được.")
        return sheet

    def _identity(self, holder: Holder) -> dict[str, Any]:
        return self._runtime.vault.open(holder.sealed, person_id=holder.person_id)

    async def _code(self, holder: Holder, permit: Permit) -> str:
        if holder.status_of(permit) not in _WITH_CODE:
            raise NoCodeYet("Giấy chưa được cấp hoặc đã kết thúc nên không có mã QR.")
        return await self._signing.code_of(holder.person_id, permit, self._identity(holder))

    async def view(self, holder: Holder, permit: Permit) -> answers.PermitView:
        """Open one permit; who may read it was asked before."""
        status, vault = holder.status_of(permit), self._runtime.vault
        is_named, person_id = permit.forgotten_on is None, holder.person_id
        details = vault.open(permit.details, data_class=DETAILS, person_id=person_id) if is_named else {}
        commune = permit.area.commune_code
        return answers.PermitView(
            permit_id=permit.permit_id,
            number=serial.spaced(permit.permit_id),
            person_id=holder.person_id,
            status=status,
            message=message_of(holder, permit),
            decision=decision_of(permit, status),
            person=self.holder_view(holder) if is_named else NAMELESS,
            purpose=details.get("purpose", ""),
            employer=details.get("employer", ""),
            route=details.get("route", ""),
            co_passengers=[each["full_name"] for each in details.get("co_passengers", ())],
            commune=PlaceView(code=commune, name=self._runtime.units.name_of(commune)),
            applied_at=permit.applied_at,
            questions=[self._question(holder, each) for each in permit.review.questions],
            names_removed_on=permit.forgotten_on,
            qr=await self._code(holder, permit) if status in _WITH_CODE else None,
            **self.terms_of(permit.terms),
        )

    def _question(self, holder: Holder, question: Question) -> answers.QuestionView:
        def opened(sealed: str) -> str:
            note = self._runtime.vault.open(sealed, data_class=QUESTION, person_id=holder.person_id)
            return str(note["note"])

        return answers.QuestionView(
            question_id=question.question_id,
            text=opened(question.text) if question.text else "",
            asked_at=question.asked_at,
            reply=opened(question.reply) if question.reply else "",
            replied_at=question.replied_at,
        )


def message_of(holder: Holder, permit: Permit) -> str:
    """Return the sentence for the holder on how the permit stands; nothing of it says anything of health."""
    status, limits = holder.status_of(permit), permit.limits
    if status is Status.SUSPENDED:
        is_by_policy = limits is not None and limits.is_stopping and not holder.is_barred and not permit.holds
        return limits.reason if limits and is_by_policy else SUSPENDED
    if limits is not None and status is Status.ISSUED:
        return limits.reason
    if status is Status.QUEUED and permit.review.question:
        return ASKED
    return decision_of(permit, status).reason


def decision_of(permit: Permit, status: Status) -> answers.DecisionView:
    """Describe what was decided about the application."""
    ruling = permit.ruling
    is_not_now = status is Status.REFUSED and ruling.outcome is Outcome.APPROVED
    return answers.DecisionView(
        outcome=Outcome.REFUSED if is_not_now else ruling.outcome,
        policy=ruling.policy,
        rule="not-now" if is_not_now else ruling.rule,
        reason=NOT_NOW if is_not_now else ruling.reason,
        by=MACHINE if ruling.by == MACHINE else "officer",
        issuer=ruling.issuer,
        answer_by=due_at(permit) if status is Status.QUEUED and not permit.review.question else None,
    )


def _permits(holders: Iterable[Holder], search: Search, by: Actor) -> Iterable[tuple[Holder, Permit]]:
    for holder in holders:
        for permit in reversed(holder.permits):
            is_wanted = search.status is None or holder.status_of(permit) is search.status
            if is_wanted and authority.may_see(by, holder.person_id, permit):
                yield holder, permit


def _sort_key(holder: Holder) -> tuple[datetime, str]:
    return max(permit.applied_at for permit in holder.permits), holder.person_id


def _sheet(view: answers.PermitView, permit: Permit) -> Sheet:
    return Sheet(
        permit_id=view.permit_id,
        code=view.qr or "",
        name=view.person.full_name,
        birth_year=view.person.birth_year or 0,
        id_tail=view.person.id_tail,
        category=view.category_title,
        places=", ".join(place.name for place in view.areas),
        hours="; ".join(view.hours),
        plate=view.plate,
        valid_from=view.valid_from,
        valid_until=view.valid_until,
        policy=view.decision.policy,
        issued_at=permit.applied_at,
        route=view.route,
        co_passengers=", ".join(view.co_passengers),
    )
