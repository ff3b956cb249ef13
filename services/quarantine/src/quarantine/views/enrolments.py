"""Phones of people: codes are given, used once, exchanged for short tokens, revoked; one's own data."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import segno
from fastapi import HTTPException

from common.http.citizens import TOKEN_SECONDS, CitizenIssuer
from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.rules import RuleBook
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from quarantine.domain.access import is_family, phone_area
from quarantine.domain.enrolment import (
    BindPhone,
    CodeNotGood,
    DeviceRefused,
    Enrolment,
    GiveCode,
    NotOneFamily,
    RevokePhone,
    acts_for,
)
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case
from quarantine.ports import Cases
from quarantine.ports.citizens import Answered, Enrolments
from quarantine.rulebook import ConsentFile, RetentionFile
from quarantine.views import credentials
from quarantine.views import enrolment_bodies as bodies
from quarantine.views.answers import ReportView
from quarantine.views.desk import Desk
from quarantine.views.supervision.photos import PhotoDesk

EVERYTHING = 5_000


class Phones:
    """Enrols phones and answers for them."""

    def __init__(
        self,
        runtime: Runtime,
        cases: Cases,
        desk: Desk,
        photos: PhotoDesk,
        *,
        work: Work[Enrolment, Any],
        enrolments: Enrolments,
        answered: Answered,
        issuer: CitizenIssuer,
        challenges: credentials.Challenges,
        origin: str,
        consents: RuleBook[ConsentFile],
        retention: RuleBook[RetentionFile],
    ) -> None:
        self._runtime, self._cases, self._desk = runtime, cases, desk
        self._photos = photos
        self._work, self._enrolments, self._answered = work, enrolments, answered
        self._issuer, self._challenges, self._origin = issuer, challenges, origin
        self._consents, self._retention = consents, retention
        self._tries = credentials.Tries()

    async def give(
        self, person_id: str, body: bodies.GiveCodeBody, by: Actor, cause: Cause
    ) -> bodies.CodeView:
        """Make a code for the person and the family; the plain code leaves here once and is not kept."""
        people = tuple(dict.fromkeys((person_id, *body.members)))
        area = await self._family(people, by)
        await self._runtime.access_log.note(by, people, "Cấp mã cho điện thoại")
        code = credentials.new_code()
        enrolment_id = self._id_of(code)
        answer = await self._work.run(GiveCode(enrolment_id, by, people, area), cause)
        link = f"{self._origin}/toi#ma={code}"
        return bodies.CodeView(
            enrolment_id=enrolment_id,
            code=code,
            link=link,
            qr_svg=_qr(link),
            people=list(people),
            expires_at=answer["expires_at"],
        )

    async def bind(self, body: bodies.BindPhoneBody, address: str, cause: Cause) -> bodies.BoundView:
        """Let a phone use a code; wrong codes are counted by the *address* they come from."""
        if self._tries.is_spent(address):
            raise HTTPException(429, headers={"Retry-After": str(credentials.TRIES_SECONDS)})
        key = body.public_key
        if not credentials.is_a_point(key.x, key.y):
            raise DeviceRefused("Khóa của máy không hợp lệ. Hãy tải lại trang rồi thử lại.")
        agreed = frozenset((one.purpose, one.version) for one in body.consents)
        device_id = self._id_of(body.code)
        try:
            await self._work.run(BindPhone(device_id, f"{key.x}.{key.y}", agreed), cause)
        except CodeNotGood:
            self._tries.note(address)
            raise
        enrolment = await self._enrolments.get(device_id)
        people = enrolment.people if enrolment else ()
        return bodies.BoundView(device_id=device_id, people=await self._named(people))

    def challenge(self) -> bodies.ChallengeView:
        """Give something to sign."""
        return bodies.ChallengeView(challenge=self._challenges.new())

    async def token(self, device_id: str, body: bodies.TokenBody) -> bodies.TokenView:
        """Exchange a signed challenge for a token; each challenge counts once."""
        if not self._challenges.is_good(body.challenge):
            raise DeviceRefused("Yêu cầu đã cũ. Hãy thử lại.")
        phone = acts_for(await self._enrolments.get(device_id), body.person_id)
        text = credentials.signed_text(device_id, body.person_id, body.challenge)
        credentials.require_signature(phone, text, body.signature)
        if not await self._answered.is_first(body.challenge, self._runtime.clock.now()):
            raise DeviceRefused("Yêu cầu đã được dùng. Hãy thử lại.")
        token = self._issuer.token(device_id, body.person_id)
        return bodies.TokenView(access_token=token, expires_in=TOKEN_SECONDS)

    def keys(self) -> dict[str, object]:
        """Return the public key of the tokens."""
        return self._issuer.jwks()

    def consents(self) -> bodies.ConsentsView:
        """Show the texts in force, the required ones first."""
        found = self._consents.all_in_force(local_day(self._runtime.clock.now()))
        texts = sorted(found, key=lambda one: not one.is_required)
        return bodies.ConsentsView(items=[bodies.ConsentView.of(one) for one in texts])

    async def of_case(self, person_id: str, by: Actor) -> bodies.PhonesView:
        """Show the codes and phones of a person to staff of the area."""
        if phone_area(by, (await self._cases.many([person_id])).get(person_id)) is None:
            raise _not_here()
        await self._runtime.access_log.note(by, [person_id], "Xem máy đã ghi danh")
        return await self.mine(person_id)

    async def mine(self, person_id: str) -> bodies.PhonesView:
        """Show the codes and phones that act for a person."""
        now = self._runtime.clock.now()
        found = await self._enrolments.of_person(person_id)
        return bodies.PhonesView(items=[bodies.PhoneView.of(one, now) for one in found])

    async def revoke(self, device_id: str, by: Actor, cause: Cause) -> bodies.PhoneView:
        """End a code or a phone; it gets no new token, and the one it has is over within ten minutes."""
        await self._work.run(RevokePhone(device_id, by), cause)
        found = await self._enrolments.get(device_id)
        if found is None:
            raise DeviceRefused
        return bodies.PhoneView.of(found, self._runtime.clock.now())

    async def data_of(self, by: Actor) -> bodies.MyDataView:
        """Hand people everything that is held about them here; without a file that is their phones."""
        person_id = by.person_id or ""
        has_file = await self._has_file(person_id)
        return bodies.MyDataView(
            made_at=self._runtime.clock.now(),
            file=await self._desk.show(person_id, by, "Tải dữ liệu của tôi") if has_file else None,
            declarations=await self._declared(by) if has_file else [],
            readings=(await self._desk.readings_of(by, limit=EVERYTHING)).items,
            phones=(await self.mine(person_id)).items,
            photos=await self._photos.mine(person_id, limit=EVERYTHING),
            kept=self._kept(),
        )

    async def erase(self, by: Actor, cause: Cause) -> bodies.ErasedView:
        """Delete what may be deleted: phones, their keys, consents; tell what is kept and for how long."""
        found = await self._enrolments.of_person(by.person_id or "")
        live = [one for one in found if not one.revoked_at and one.people[0] == by.person_id]
        for one in live:
            await self._work.run(RevokePhone(one.enrolment_id, by), cause)
        return bodies.ErasedView(phones_forgotten=len(live), kept=self._kept())

    def _kept(self) -> list[bodies.KeptView]:
        rules = self._retention.at(self._runtime.clock.now())
        return [bodies.KeptView.of(one) for one in rules.classes]

    async def _has_file(self, person_id: str) -> bool:
        case = (await self._cases.many([person_id])).get(person_id)
        return case is not None and case.person is not None and case.stay is not None

    async def _declared(self, by: Actor) -> list[ReportView]:
        return (await self._desk.reports_of(by.person_id or "", by, limit=EVERYTHING)).items

    def _id_of(self, code: str) -> str:
        return self._runtime.blind.token(f"enrolment {credentials.normal_code(code)}")

    async def _family(self, people: Sequence[str], by: Actor) -> Area:
        """Return the holder's area; everybody must be in *by*'s areas and of the holder's family."""
        found = await self._cases.many(people)
        holder = found.get(people[0])
        area = phone_area(by, holder)
        if holder is None or area is None:
            raise _not_here()
        for member in people[1:]:
            if not _is_of_family(found.get(member), holder, by):
                raise NotOneFamily(
                    "Chỉ ghi danh chung máy cho người cùng hộ, hoặc người đã ghi chủ máy là người khai hộ. "
                    "Người khác trong nhà: cấp mã riêng, nhập thêm trên cùng máy.",
                    field="members",
                )
        return area

    async def _named(self, people: Sequence[str]) -> list[bodies.ActsForView]:
        """Open the names only, of those whose name is here: the phone shows whom it may act for."""
        found = await self._cases.many(people)
        named = []
        for person_id in people:
            case = found.get(person_id)
            person = case.person if case else None
            fields = self._runtime.vault.open(person.sealed, person_id=person_id) if person else {}
            named.append(bodies.ActsForView(person_id=person_id, full_name=str(fields.get("full_name", ""))))
        return named


def _not_here() -> CaseNotFound:
    return CaseNotFound(
        "Trong địa bàn của bạn không có hồ sơ cách ly hay hồ sơ F0 đang theo dõi của người này. "
        "Hồ sơ F0 vừa mở: hãy thử lại sau một phút."
    )


def _is_of_family(member: Case | None, holder: Case, by: Actor) -> bool:
    if member is None or member.person is None or not by.covers(member.person.area):
        return False
    return is_family(Actor(subject="", person_id=holder.person_id), member.person, holder)


def _qr(link: str) -> str:
    drawn = io.BytesIO()
    segno.make(link, error="m").save(drawn, kind="svg", scale=6, border=3, xmldecl=False)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
