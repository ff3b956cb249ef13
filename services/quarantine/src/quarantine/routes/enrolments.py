"""Phones of people: codes from officers, one use, short tokens, revocation, one's own data."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from common.geo import UnknownCommune
from common.http.auth import Citizen, HealthOfficer
from common.http.idempotency import IdempotencyCause, cause_of
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from quarantine.domain import enrolment, errors
from quarantine.routes.shelf import PersonId, Reader
from quarantine.views import enrolment_bodies as bodies
from quarantine.views.enrolments import Phones

ThePhones = Annotated[Phones, provided("phones")]
DeviceId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]

router = APIRouter(prefix="/v1", tags=["phones"])


@router.post(
    "/cases/{person_id}/enrolments",
    status_code=201,
    responses=problems(errors.CaseNotFound, enrolment.NotOneFamily, OutsideYourArea, UnknownCommune),
)
async def give_code(
    person_id: PersonId,
    body: bodies.GiveCodeBody,
    officer: HealthOfficer,
    phones: ThePhones,
    cause: IdempotencyCause,
) -> bodies.CodeView:
    """Cấp mã ghi danh: used once, within three days; the plain code is shown here and never again."""
    return await phones.give(person_id, body, officer, cause)


@router.get("/cases/{person_id}/enrolments", responses=problems(errors.CaseNotFound))
async def list_phones(person_id: PersonId, reader: Reader, phones: ThePhones) -> bodies.PhonesView:
    """Các máy của một người."""
    return await phones.of_case(person_id, reader)


@router.post("/enrolments/{device_id}/revocation", responses=problems(enrolment.DeviceRefused))
async def revoke(
    device_id: DeviceId, officer: HealthOfficer, phones: ThePhones, cause: IdempotencyCause
) -> bodies.PhoneView:
    """Khóa máy: a lost phone, a code in the wrong hands."""
    return await phones.revoke(device_id, officer, cause)


@router.get("/consents", responses=problems())
async def list_consents(phones: ThePhones) -> bodies.ConsentsView:
    """Nội dung cần đồng ý, bản đang áp dụng."""
    return phones.consents()


@router.post(
    "/devices",
    status_code=201,
    responses=problems(enrolment.CodeNotGood, enrolment.ConsentMissing, enrolment.DeviceRefused),
)
async def bind_phone(body: bodies.BindPhoneBody, request: Request, phones: ThePhones) -> bodies.BoundView:
    """Ghi danh máy này: no account, no OTP; the code is used up by it."""
    address = request.client.host if request.client else ""
    return await phones.bind(body, address, cause_of(request, address, None))


@router.post("/device-challenges", status_code=201, responses=problems())
async def make_challenge(phones: ThePhones) -> bodies.ChallengeView:
    """Something for a phone to sign: good for a minute, once."""
    return phones.challenge()


@router.post("/devices/{device_id}/tokens", status_code=201, responses=problems(enrolment.DeviceRefused))
async def make_token(device_id: DeviceId, body: bodies.TokenBody, phones: ThePhones) -> bodies.TokenView:
    """A token of ten minutes for one of the phone's people, against a signed challenge."""
    return await phones.token(device_id, body)


@router.get("/device-keys", responses=problems())
async def list_keys(phones: ThePhones) -> dict[str, Any]:
    """Public key of the tokens (JWK set): how the other services believe them."""
    return phones.keys()


@router.get("/me/phones", responses=problems())
async def my_phones(citizen: Citizen, phones: ThePhones) -> bodies.PhonesView:
    """Các máy khai thay cho tôi."""
    return await phones.mine(citizen.person_id or "")


@router.post("/me/phones/{device_id}/revocation", responses=problems(enrolment.DeviceRefused))
async def revoke_mine(
    device_id: DeviceId, citizen: Citizen, phones: ThePhones, cause: IdempotencyCause
) -> bodies.PhoneView:
    """Bỏ ghi danh một máy."""
    return await phones.revoke(device_id, citizen, cause)


@router.get("/me/data", responses=problems())
async def my_data(citizen: Citizen, phones: ThePhones) -> bodies.MyDataView:
    """Tải dữ liệu của tôi: all that is held here about me."""
    return await phones.data_of(citizen)


@router.post("/me/erasure", responses=problems())
async def erase_mine(citizen: Citizen, phones: ThePhones, cause: IdempotencyCause) -> bodies.ErasedView:
    """Xóa dữ liệu: what may be deleted is; what the law keeps is told with how long."""
    return await phones.erase(citizen, cause)
