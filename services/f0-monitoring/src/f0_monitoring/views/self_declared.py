"""What people declare themselves, at the door: forms and pictures are sealed, the station reads its queue."""

import base64
import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel

from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.retention import NAME_REMOVED
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from f0_monitoring.domain.errors import NoSuchDeclaration, NoSuchPhoto, WrongPerson
from f0_monitoring.domain.self_declared import (
    AnswerDeclaration,
    Assay,
    DeclareOneself,
    Reach,
    SelfDeclaration,
    Status,
    WithdrawDeclaration,
)
from f0_monitoring.ports import Patients, SelfDeclarations, TestPhotos
from f0_monitoring.views.door import FORM
from f0_monitoring.views.record import PersonView
from f0_monitoring.views.requests import AnswerBody, SelfDeclarationBody

NOTE: Final = "note"
PHOTO: Final = "test-photo"
PHOTO_MAX_BYTES: Final = 500_000
QUEUE_SHOWN, SENT_SHOWN = 100, 20
_PICTURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


class PhotoView(BaseModel):
    """A picture that arrived, by its SHA-256."""

    photo_sha256: str


class SelfDeclarationView(BaseModel):
    """Tờ tự khai dương tính."""

    person_id: str
    declaration_id: str
    full_name: str
    is_for_self: bool
    test: Assay
    tested_on: date
    declared_at: datetime
    status: Status
    reach: Reach
    settled_at: datetime | None
    reason: str


class QueuedView(SelfDeclarationView):
    """A declaration as the station reads it before it answers."""

    person: PersonView
    commune_code: str
    commune_name: str
    onset_on: date | None
    conditions: list[str]
    pregnant: bool
    vaccination_doses: int
    has_photo: bool


class QueueView(BaseModel):
    """Người tự khai đang chờ."""

    items: list[QueuedView]
    as_of: datetime


class SentView(BaseModel):
    """Tờ khai tôi đã gửi."""

    items: list[SelfDeclarationView]
    as_of: datetime


class SelfDeclarationDesk:
    """Takes people's own declarations and shows them to whoever may read them."""

    def __init__(
        self, runtime: Runtime, declarations: SelfDeclarations, photos: TestPhotos, patients: Patients
    ) -> None:
        self._runtime = runtime
        self._declarations = declarations
        self._photos = photos
        self._patients = patients

    async def keep_photo(self, data: bytes, by: Actor) -> PhotoView:
        """Seal a picture of a test; `NoSuchPhoto` for what is no JPEG or PNG."""
        if _type_of(data) is None:
            raise NoSuchPhoto("Ảnh phải là JPEG hoặc PNG. Hãy chụp lại bằng điện thoại.", field="photo")
        digest = hashlib.sha256(data).hexdigest()
        fields = {"image": base64.b64encode(data).decode()}
        owner = by.person_id or ""
        sealed = self._runtime.vault.seal(fields, data_class=PHOTO, person_id=owner)
        await self._photos.keep(owner, digest, sealed)
        return PhotoView(photo_sha256=digest)

    async def declare(
        self, work: Work[Any, Any], body: SelfDeclarationBody, by: Actor, cause: Cause
    ) -> SelfDeclarationView:
        """Take a declaration; `WrongPerson` when it is for oneself with somebody else's papers."""
        command = await self._to_declare(body, by, cause)
        await work.run(command, cause)
        return self._sent((await self._declarations.of_people([command.person_id]))[command.person_id])

    async def answer(
        self, work: Work[Any, Any], person_id: str, body: AnswerBody, by: Actor, cause: Cause
    ) -> SelfDeclarationView:
        """Confirm or refuse one of the queue."""
        note = self._seal_note(body.reason, person_id) if body.reason else ""
        command = AnswerDeclaration(person_id, by, body.declaration_id, body.confirmed, note)
        await work.run(command, cause)
        return self._sent((await self._declarations.of_people([person_id]))[person_id])

    async def withdraw(self, work: Work[Any, Any], person_id: str, by: Actor, cause: Cause) -> SentView:
        """Take back what one sent."""
        await work.run(WithdrawDeclaration(person_id, by), cause)
        return await self.sent(by)

    async def sent(self, by: Actor) -> SentView:
        """Show people what they sent and what became of it."""
        found = await self._declarations.sent_by(by.person_id or "", limit=SENT_SHOWN)
        return SentView(items=[self._sent(one) for one in found], as_of=self._runtime.clock.now())

    async def queue(self, by: Actor) -> QueueView:
        """Show a unit what waits for an answer; the reading is noted."""
        found = await self._declarations.waiting(by.area_codes, limit=QUEUE_SHOWN)
        await self._note(found, by, "Xem người tự khai dương tính")
        return QueueView(items=[self._queued(one) for one in found], as_of=self._runtime.clock.now())

    async def photo(self, person_id: str, by: Actor) -> tuple[bytes, str]:
        """Return the picture of a test and its type, for staff of the area; the reading is noted."""
        declaration = (await self._declarations.of_people([person_id])).get(person_id)
        if declaration is None or not by.covers(declaration.area):
            raise NoSuchDeclaration("Không có tờ tự khai này trong phạm vi của bạn.")
        owner = declaration.declarant_id
        sealed = await self._photos.sealed_of(owner, declaration.photo) if declaration.photo else None
        if sealed is None:
            raise NoSuchDeclaration("Tờ khai này không có ảnh, hoặc ảnh đã được xóa.")
        await self._note([declaration], by, "Xem ảnh xét nghiệm")
        fields = self._runtime.vault.open(sealed, data_class=PHOTO, person_id=owner)
        data = base64.b64decode(fields["image"])
        return data, _type_of(data) or "application/octet-stream"

    async def _to_declare(self, body: SelfDeclarationBody, by: Actor, cause: Cause) -> DeclareOneself:
        runtime, sender = self._runtime, by.person_id or ""
        area = runtime.units.area_of(body.commune_code)
        person_id = body.person.id_from(runtime.pseudonyms, commune_code=body.commune_code)
        if body.is_for_self != (person_id == sender):
            raise WrongPerson(_WRONG[body.is_for_self], field="cccd")
        photo = body.photo_sha256 or ""
        if photo and await self._photos.sealed_of(sender, photo) is None:
            raise NoSuchPhoto("Ảnh chưa đến nơi. Hãy chụp và gửi lại.", field="photo_sha256")
        patient = (await self._patients.many([person_id])).get(person_id)
        sent = await self._declarations.sent_by(sender, limit=SENT_SHOWN)
        return DeclareOneself(
            person_id=person_id,
            by=by,
            declaration_id=derived_id("self-declaration", cause.id),
            area=area,
            assay=body.test,
            tested_on=body.tested_on,
            sealed=runtime.vault.seal(
                body.model_dump(mode="json", exclude_none=True), data_class=FORM, person_id=person_id
            ),
            photo=photo,
            is_known=patient is not None and not patient.is_closed,
            last_step_at=patient.history[-1].at if patient else None,
            waiting=sum(one.status is Status.WAITING for one in sent),
        )

    def _sent(self, one: SelfDeclaration) -> SelfDeclarationView:
        return SelfDeclarationView(**self._common(one, self._form(one) if one.sealed else None))

    def _queued(self, one: SelfDeclaration) -> QueuedView:
        form = self._form(one)
        person = {**form.person.model_dump(mode="json"), "address": form.address}
        return QueuedView(
            **self._common(one, form),
            person=PersonView.of(person),
            commune_code=one.area.commune_code,
            commune_name=self._runtime.units.name_of(one.area.commune_code),
            onset_on=form.onset_on,
            conditions=form.conditions,
            pregnant=form.pregnant,
            vaccination_doses=form.vaccination_doses,
            has_photo=bool(one.photo),
        )

    def _common(self, one: SelfDeclaration, form: SelfDeclarationBody | None) -> dict[str, Any]:
        opened = (
            self._runtime.vault.open(one.note, data_class=NOTE, person_id=one.person_id) if one.note else {}
        )
        return {
            "person_id": one.person_id,
            "declaration_id": one.declaration_id,
            "full_name": form.person.full_name if form else NAME_REMOVED,
            "is_for_self": one.is_for_self,
            "test": one.assay,
            "tested_on": one.tested_on,
            "declared_at": one.declared_at,
            "status": one.status,
            "reach": one.reach,
            "settled_at": one.settled_at,
            "reason": str(opened.get("note", "")),
        }

    def _form(self, one: SelfDeclaration) -> SelfDeclarationBody:
        fields = self._runtime.vault.open(one.sealed, data_class=FORM, person_id=one.person_id)
        return SelfDeclarationBody.model_validate(fields)

    def _seal_note(self, words: str, person_id: str) -> str:
        return self._runtime.vault.seal({"note": words}, data_class=NOTE, person_id=person_id)

    async def _note(self, about: Collection[SelfDeclaration], by: Actor, purpose: str) -> None:
        await self._runtime.access_log.note(by, [one.person_id for one in about], purpose)


_WRONG: Final = {
    True: "Số giấy tờ không phải của tài khoản đang đăng nhập. Nếu khai cho người nhà, hãy chọn “Người nhà”.",
    False: "Đây là giấy tờ của chính bạn. Hãy chọn “Bản thân tôi”.",
}


def _type_of(data: bytes) -> str | None:
    return next((kind for start, kind in _PICTURES.items() if data.startswith(start)), None)
