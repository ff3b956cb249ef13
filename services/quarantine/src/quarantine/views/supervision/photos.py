"""
Photos of check-ins: asked of nobody, taken if somebody sends one, shown to officers of the area alone.

The phone has made the picture small and bare; whatever is still beside the picture is dropped here, and the
rest is sealed. A photo follows its answer in a request of its own: a bad line never keeps an answer back.
"""

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.supervision.commands import AttachPhoto
from quarantine.domain.supervision.errors import NoPhoto, PhotoUnreadable
from quarantine.domain.supervision.model import Supervision
from quarantine.ports import Cases
from quarantine.ports.photos import KeptPhoto, Photos
from quarantine.ports.supervision import Supervisions
from quarantine.views.supervision import jpeg
from quarantine.views.supervision.intake import SupervisionIntake

PHOTO: Final = "check-in-photo"
"""Data class of the seal."""
PATH: Final = "/v1/check-in-photos"
MOST_BYTES: Final = 400_000
"""Of the JPEG; the page sends far less (1280 points on the longer side)."""
BODY_BYTES: Final = MOST_BYTES * 4 // 3 + 2_000
_AGAIN: Final = "Hãy chụp lại bằng điện thoại rồi gửi; câu trả lời điểm danh của bạn đã được nhận riêng."


class PhotoBody(Body):
    """Ảnh chụp tại chỗ của một lần điểm danh."""

    person_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$", description="Người được điểm danh")
    request_id: str = Field(pattern=r"^[A-Za-z0-9.:_-]{1,100}$", description="Yêu cầu điểm danh")
    image: str = Field(min_length=1, max_length=MOST_BYTES * 4 // 3 + 4, description="JPEG, base64")


class PhotoKeptView(BaseModel):
    """Đã nhận ảnh."""

    request_id: str


class MyPhotoView(BaseModel):
    """Ảnh điểm danh của tôi."""

    kept_at: datetime
    image: str = Field(description="JPEG, base64")


class PhotoDesk:
    """Takes photos from people and their families; shows one to an officer and notes that it did."""

    def __init__(
        self,
        runtime: Runtime,
        cases: Cases,
        supervisions: Supervisions,
        photos: Photos,
        intake: SupervisionIntake,
    ) -> None:
        self._runtime = runtime
        self._cases = cases
        self._supervisions = supervisions
        self._photos = photos
        self._intake = intake

    async def take(self, work: Work[Any, Any], body: PhotoBody, by: Actor, cause: Cause) -> PhotoKeptView:
        """Seal a photo beside an answer; the first photo of a request stands."""
        person = await self._intake.own(body.person_id, by)
        picture = _picture(body.image)
        if not _photo_of(await self._supervisions.get(body.person_id), body.request_id):
            digest, now = hashlib.sha256(picture).hexdigest(), self._runtime.clock.now()
            fields = {"image": base64.b64encode(picture).decode()}
            sealed = self._runtime.vault.seal(fields, data_class=PHOTO, person_id=body.person_id)
            await self._photos.keep(KeptPhoto(body.person_id, digest, sealed, now))
            await work.run(AttachPhoto(body.person_id, person.area, body.request_id, digest), cause)
        return PhotoKeptView(request_id=body.request_id)

    async def show(self, person_id: str, request_id: str, by: Actor) -> bytes:
        """Return the photo of a check-in to an officer of the area; the reading is noted."""
        case = (await self._cases.many([person_id])).get(person_id)
        if case is None or case.person is None or not by.covers(case.person.area):
            raise CaseNotFound("Không có hồ sơ cách ly này trong địa bàn của bạn.")
        digest = _photo_of(await self._supervisions.get(person_id), request_id)
        kept = await self._photos.one(person_id, digest) if digest else None
        if kept is None:
            raise NoPhoto("Lần điểm danh này không có ảnh, hoặc ảnh đã hết thời hạn lưu và được xóa.")
        await self._runtime.access_log.note(by, [person_id], "Xem ảnh điểm danh")
        return base64.b64decode(self._opened(kept))

    async def mine(self, person_id: str, *, limit: int) -> list[MyPhotoView]:
        """Hand people the photos that are still kept of them."""
        found = await self._photos.of_person(person_id, limit=limit)
        return [MyPhotoView(kept_at=one.kept_at, image=self._opened(one)) for one in found]

    def _opened(self, kept: KeptPhoto) -> str:
        fields = self._runtime.vault.open(kept.sealed, data_class=PHOTO, person_id=kept.person_id)
        return str(fields["image"])


def _picture(image: str) -> bytes:
    try:
        return jpeg.bare(base64.b64decode(image, validate=True))
    except (binascii.Error, jpeg.NotAPicture):
        raise PhotoUnreadable(f"Không đọc được ảnh (chỉ nhận JPEG). {_AGAIN}", field="image") from None


def _photo_of(state: Supervision | None, request_id: str) -> str:
    if state is None:
        return ""
    known = (*([state.open] if state.open else []), *state.recent)
    return next((one.photo for one in known if one.request_id == request_id), "")
