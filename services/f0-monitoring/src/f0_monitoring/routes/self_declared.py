"""Tự khai dương tính, the station's queue of them, and records from quarantine that await their details."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from common.geo import UnknownCommune
from common.http.auth import Citizen, SignedIn, role_required
from common.http.direct import DirectRoute
from common.http.files import SheetBytes
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import Invalid
from common.service import Runtime
from common.work.engine import Work
from f0_monitoring.domain import errors
from f0_monitoring.views.desk import Desk
from f0_monitoring.views.details import DetailsDesk, NamelessListView
from f0_monitoring.views.record import PatientView
from f0_monitoring.views.requests import AnswerBody, DetailsBody, SelfDeclarationBody
from f0_monitoring.views.self_declared import (
    PhotoView,
    QueueView,
    SelfDeclarationDesk,
    SelfDeclarationView,
    SentView,
)

router = APIRouter(prefix="/v1", tags=["self-declarations"], route_class=DirectRoute)
_PICTURE: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"image/jpeg": {"schema": {"type": "string"}}}}
}

RegisterWork = Annotated[Work[Any, Any], provided("self_declarations")]
PatientWork = Annotated[Work[Any, Any], provided("work")]
TheDeclarations = Annotated[SelfDeclarationDesk, provided("self_desk")]
TheDetails = Annotated[DetailsDesk, provided("details_desk")]
TheDesk = Annotated[Desk, provided("desk")]
TheRuntime = Annotated[Runtime, provided("runtime")]
Station = Annotated[Actor, Depends(role_required("health_officer", "administrator"))]
PersonId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class CommuneView(BaseModel):
    """Xã, phường."""

    code: str
    name: str
    district_code: str
    district_name: str


class CommunesView(BaseModel):
    """Các xã, phường của tỉnh."""

    items: list[CommuneView]


@router.get("/communes", responses=problems())
async def list_communes(_reader: SignedIn, runtime: TheRuntime) -> CommunesView:
    """Các xã, phường để chọn nơi ở."""
    name_of = runtime.units.name_of
    return CommunesView(
        items=[
            CommuneView(
                code=one.code,
                name=one.name,
                district_code=one.parent_code,
                district_name=name_of(one.parent_code),
            )
            for one in runtime.units.communes()
        ]
    )


@router.post("/test-photos", status_code=201, openapi_extra=_PICTURE, responses=problems(errors.NoSuchPhoto))
async def send_photo(picture: SheetBytes, citizen: Citizen, desk: TheDeclarations) -> PhotoView:
    """Gửi ảnh que thử: sealed at once; the declaration then names it by its SHA-256."""
    return await desk.keep_photo(picture, citizen)


@router.post(
    "/self-declarations",
    status_code=201,
    responses=problems(
        errors.AlreadyDeclared,
        errors.AlreadyWaiting,
        errors.TooManyWaiting,
        errors.WrongPerson,
        errors.NoSuchPhoto,
        UnknownCommune,
        Invalid,
    ),
)
async def declare_oneself(
    body: SelfDeclarationBody,
    citizen: Citizen,
    desk: TheDeclarations,
    work: RegisterWork,
    cause: IdempotencyCause,
) -> SelfDeclarationView:
    """Tự khai dương tính, for oneself or for somebody at home; the station confirms or refuses."""
    return await desk.declare(work, body, citizen, cause)


@router.get("/me/self-declarations", responses=problems())
async def my_declarations(citizen: Citizen, desk: TheDeclarations) -> SentView:
    """Tờ khai tôi đã gửi, and what became of them."""
    return await desk.sent(citizen)


@router.post(
    "/self-declarations/{person_id}/withdrawal",
    responses=problems(errors.NoSuchDeclaration, errors.AlreadySettled),
)
async def withdraw_declaration(
    person_id: PersonId, citizen: Citizen, desk: TheDeclarations, work: RegisterWork, cause: IdempotencyCause
) -> SentView:
    """Rút lại tờ khai chưa được trả lời."""
    return await desk.withdraw(work, person_id, citizen, cause)


@router.get("/self-declarations", responses=problems())
async def list_declarations(station: Station, desk: TheDeclarations) -> QueueView:
    """Người tự khai đang chờ trong địa bàn, lâu nhất trước."""
    return await desk.queue(station)


@router.get(
    "/self-declarations/{person_id}/photo",
    responses=problems(errors.NoSuchDeclaration),
    response_class=Response,
)
async def read_photo(person_id: PersonId, station: Station, desk: TheDeclarations) -> Response:
    """Ảnh que thử."""
    data, kind = await desk.photo(person_id, station)
    return Response(data, media_type=kind, headers={"cache-control": "no-store"})


@router.post(
    "/self-declarations/{person_id}/answer",
    responses=problems(errors.NoSuchDeclaration, errors.AlreadySettled),
)
async def answer_declaration(
    person_id: PersonId,
    body: AnswerBody,
    station: Station,
    desk: TheDeclarations,
    work: RegisterWork,
    cause: IdempotencyCause,
) -> SelfDeclarationView:
    """Xác nhận hoặc từ chối: only who is confirmed becomes an F0; a refusal says why."""
    return await desk.answer(work, person_id, body, station, cause)


@router.get("/awaiting-details", responses=problems())
async def list_awaiting(station: Station, desk: TheDetails) -> NamelessListView:
    """Hồ sơ mở từ F1 chờ bổ sung họ tên, bệnh nền."""
    return await desk.waiting(station)


@router.post(
    "/patients/{person_id}/details",
    responses=problems(
        errors.NoSuchPatient,
        errors.NotYourPatient,
        errors.RecordClosed,
        errors.DetailsKnown,
        errors.WrongPerson,
        errors.UnknownCondition,
        Invalid,
    ),
)
async def complete_details(
    person_id: PersonId,
    body: DetailsBody,
    station: Station,
    details: TheDetails,
    desk: TheDesk,
    work: PatientWork,
    cause: IdempotencyCause,
) -> PatientView:
    """Bổ sung thông tin: who it is and which diseases; the risk is judged anew by them."""
    await details.complete(work, person_id, body, station, cause)
    return await desk.show(person_id, station, "Bổ sung thông tin F0")
