"""Contacts on their way in (sealed) and out: the chain below somebody, names only where the reader serves."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.mongo.folding import folded
from common.people import papers, phones
from common.service import Runtime
from quarantine.domain.chains import DEEPEST, Node, Proposal, Reached, chain, is_f0, proposal
from quarantine.domain.contacts import (
    Contact,
    ContactNotFound,
    DeclineContact,
    LinkContact,
    Meeting,
    RecordContact,
)
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case
from quarantine.domain.raising import RaiseToF1
from quarantine.domain.standing import ending
from quarantine.ports import Cases
from quarantine.ports.files import Contacts
from quarantine.views.contact_views import (
    ChainView,
    ContactBody,
    ContactView,
    DeclineBody,
    LinkBody,
    ProposalsView,
    ProposedView,
)
from quarantine.views.followed import followed_all

LEVEL_MAX, ASKED_MAX = 200, 500


class ContactDesk:
    """Records who met whom and shows chains."""

    def __init__(self, runtime: Runtime, cases: Cases, contacts: Contacts) -> None:
        self._runtime = runtime
        self._cases = cases
        self._contacts = contacts

    async def to_record(self, index_id: str, body: ContactBody, by: Actor) -> RecordContact:
        """Seal a contact of somebody whose file *by* may change; the same person twice is one contact."""
        runtime = self._runtime
        index = (await self._read_as({index_id})).get(index_id)
        if index is None or not _serves(by, index):
            raise CaseNotFound("Không có hồ sơ này trong địa bàn của bạn.")
        area = runtime.units.area_of(body.commune_code)
        phone = phones.phone_number(body.phone) if body.phone else None
        cccd = papers.cccd(body.cccd) if body.cccd else None
        same = runtime.pseudonyms.person_id(cccd) if cccd else ""
        who = same or f"{folded(body.full_name)}:{phone or ''}:{body.birth_year or ''}:{body.commune_code}"
        contact_id = derived_id("contact", index.person_id, runtime.blind.token(f"contact {who}"))
        fields = {
            "full_name": body.full_name,
            "phone": phone,
            "cccd": cccd,
            "birth_year": body.birth_year,
            "address": body.address,
        }
        sealed = runtime.vault.seal({k: v for k, v in fields.items() if v is not None}, person_id=contact_id)
        meeting = Meeting(body.met_on, body.setting, body.closeness, body.minutes)
        return RecordContact(contact_id, by, index.person_id, area, meeting, sealed, same)

    async def to_link(self, contact_id: str, body: LinkBody, by: Actor) -> LinkContact:
        """Name the contact's file, which *by* must serve."""
        case = (await self._read_as({body.person_id})).get(body.person_id)
        if case is None or not _serves(by, case):
            raise CaseNotFound("Không có hồ sơ này trong địa bàn của bạn.")
        return LinkContact(contact_id, by, case.person_id)

    def to_decline(self, contact_id: str, body: DeclineBody, by: Actor) -> DeclineContact:
        """Seal the reason."""
        note = self._runtime.vault.seal({"note": body.reason}, data_class="note", person_id=contact_id)
        return DeclineContact(contact_id, by, note if body.reason else "")

    async def to_raise(self, contact_id: str, by: Actor) -> RaiseToF1:
        """Say why an F2 is an F1 now; refused unless the person they met is an F0."""
        contact = await self._contacts.one(contact_id)
        if contact is None or not by.covers(contact.area):
            raise ContactNotFound("Không có người tiếp xúc này trong địa bàn của bạn.")
        cases = await self._read_as({contact.index_person_id, contact.person_id} - {""})
        case = cases.get(contact.person_id)
        degree = 1 if is_f0(cases.get(contact.index_person_id)) else 2
        if case is None or proposal(contact, degree, case) is not Proposal.RAISE_TO_F1:
            raise ContactNotFound("Không còn gì để đổi: người này không còn là F2 của một F0. Hãy tải lại.")
        met_on = contact.meeting.met_on
        words = f"Người đã tiếp xúc ngày {met_on:%d/%m/%Y} nay là F0; từ F2 thành F1."
        note = self._runtime.vault.seal({"note": words}, data_class="note", person_id=case.person_id)
        return RaiseToF1(case.person_id, by, contact.index_person_id, met_on, note)

    async def chain(self, root_id: str, by: Actor, depth: int) -> ChainView:
        """Show who was met by somebody, and by those, as far as *depth* (3 at most)."""
        found = await self._read_as({root_id})
        root = found.get(root_id)
        if root is None:
            raise CaseNotFound("Không có hồ sơ này trong địa bàn của bạn.")
        contacts, cases = await self._collect(root, min(depth, DEEPEST))
        nodes = chain(root.person_id, contacts, cases, depth=min(depth, DEEPEST))
        if not _serves(by, root) and not _touches(nodes, by):
            raise CaseNotFound("Không có hồ sơ này trong địa bàn của bạn.")
        named = [root.person_id] if _serves(by, root) else []
        seen = [node.contact.person_id for node in _all(nodes) if by.covers(node.contact.area)]
        await self._runtime.access_log.note(by, [*named, *filter(None, seen)], "Xem chuỗi lây")
        return ChainView(
            person_id=root.person_id,
            full_name=self._name(root) if named else None,
            is_elsewhere=not named,
            is_f0=is_f0(root),
            contacts=[self._view(node, by, cases) for node in nodes],
        )

    async def proposals(self, by: Actor) -> ProposalsView:
        """Show which F2 of the reader's areas are F1 by now, and since when."""
        contacts = await self._contacts.in_areas(by.area_codes, limit=ASKED_MAX)
        asked = {one.person_id for one in contacts} | {one.index_person_id for one in contacts}
        cases, items = await self._read_as(asked), []
        for contact in contacts:
            index, case = cases.get(contact.index_person_id), cases.get(contact.person_id)
            if not is_f0(index) or proposal(contact, 1, case) is not Proposal.RAISE_TO_F1:
                continue
            node = Node(contact, 1, Reached.ORDERED, Proposal.RAISE_TO_F1)
            name = self._name(index) if index and _serves(by, index) else None
            items.append(
                ProposedView(
                    contact=self._view(node, by, cases),
                    index_name=name,
                    index_became_f0_on=_since(index),
                )
            )
        shown = [one.contact.person_id for one in items if one.contact.person_id]
        await self._runtime.access_log.note(by, shown, "Đề nghị F2 thành F1")
        return ProposalsView(items=items)

    async def _collect(self, root: Case, depth: int) -> tuple[dict[str, list[Contact]], dict[str, Case]]:
        """Read contacts level by level: two queries a level."""
        contacts: dict[str, list[Contact]] = defaultdict(list)
        cases: dict[str, Case] = {root.person_id: root}
        level = {root.person_id, *root.joined.aliases}
        is_of = dict.fromkeys(level, root.person_id)
        for _ in range(depth):
            found = await self._contacts.of_index(level, limit=LEVEL_MAX) if level else []
            files = await self._read_as({one.person_id for one in found if one.person_id})
            level = set()
            next_of: dict[str, str] = {}
            for one in found:
                case = files.get(one.person_id)
                read = replace(one, person_id=case.person_id) if case else one
                contacts[is_of[one.index_person_id]].append(read)
                if case and case.person_id not in cases:
                    cases[case.person_id] = case
                    names = (case.person_id, *case.joined.aliases)
                    level |= set(names)
                    next_of |= dict.fromkeys(names, case.person_id)
            is_of = next_of
        return contacts, cases

    async def _read_as(self, person_ids: Collection[str]) -> dict[str, Case]:
        return await followed_all(self._cases, await self._cases.many(person_ids))

    def _name(self, case: Case) -> str | None:
        if case.person is None:
            return None
        return str(self._runtime.vault.open(case.person.sealed, person_id=case.person_id)["full_name"])

    def _view(self, node: Node, by: Actor, cases: dict[str, Case]) -> ContactView:
        one, is_here = node.contact, by.covers(node.contact.area)
        vault = self._runtime.vault
        fields: dict[str, Any] = vault.open(one.sealed, person_id=one.contact_id) if is_here else {}
        declined = vault.open(one.declined, person_id=one.contact_id) if is_here and one.declined else {}
        case = cases.get(one.person_id)
        return ContactView(
            contact_id=one.contact_id,
            person_id=one.person_id or None if is_here else None,
            is_elsewhere=not is_here,
            **{name: fields.get(name) for name in ("full_name", "phone", "birth_year", "address", "cccd")},
            commune_code=one.area.commune_code,
            commune_name=self._runtime.units.name_of(one.area.commune_code) if is_here else None,
            degree=node.degree,
            met_on=one.meeting.met_on,
            setting=one.meeting.setting,
            closeness=one.meeting.closeness,
            minutes=one.meeting.minutes,
            reached=node.reached,
            ends_on=case.stay.ends_on if is_here and case and case.stay else None,
            declined=declined.get("note"),
            proposal=node.proposal if is_here else None,
            below=[self._view(child, by, cases) for child in node.below],
        )


def _serves(by: Actor, case: Case) -> bool:
    """Tell whether *by* serves where the person is looked after; an F0 may never have been in quarantine."""
    declared = case.infection.declared
    area = case.person.area if case.person else (declared.area if declared else None)
    return area is not None and by.covers(area)


def _all(nodes: Sequence[Node]) -> list[Node]:
    return [one for node in nodes for one in (node, *_all(node.below))]


def _touches(nodes: Sequence[Node], by: Actor) -> bool:
    return any(by.covers(node.contact.area) for node in _all(nodes))


def _since(case: Case | None) -> date | None:
    if case is None:
        return None
    declared, ended = case.infection.declared, ending(case)
    return local_day(declared.at) if declared else (ended.on if ended else None)
