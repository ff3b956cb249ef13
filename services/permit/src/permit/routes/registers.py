"""Keys, policies, directives."""

from fastapi import APIRouter

from common.http.auth import Administrator, SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from permit.domain import errors
from permit.routes.shelf import (
    AreaCode,
    DirectiveWork,
    KeyId,
    Leader,
    RingWork,
    TheIntake,
    TheRegisters,
)
from permit.views import answers, policies, requests
from permit.views.keys import KeysView

router = APIRouter(prefix="/v1", route_class=DirectRoute)


@router.get("/trust-list", responses=problems(), tags=["keys"])
async def read_trust_list(_reader: SignedIn, registers: TheRegisters) -> answers.TrustListView:
    """Danh sách khóa đáng tin, signed by the root key."""
    return await registers.trust_list()


@router.get("/keys", responses=problems(), tags=["keys"])
async def list_keys(_reader: Administrator, registers: TheRegisters) -> KeysView:
    """Các khóa ký, không có phần bí mật."""
    return await registers.keys()


@router.post(
    "/keys/rotation",
    status_code=201,
    responses=problems(errors.UnknownCategory, errors.UnknownArea),
    tags=["keys"],
)
async def rotate_key(
    body: requests.RotationBody,
    administrator: Administrator,
    intake: TheIntake,
    registers: TheRegisters,
    work: RingWork,
    cause: IdempotencyCause,
) -> KeysView:
    """Đổi khóa ký: what the old one signed stays good. A scope makes a limited key beside the general one."""
    await work.run(intake.to_rotate(body, administrator), cause)
    return await registers.keys()


@router.post(
    "/keys/{kid}/revocation", responses=problems(errors.UnknownKey, errors.NotInForce), tags=["keys"]
)
async def revoke_key(
    kid: KeyId,
    body: requests.KeyRevocationBody,
    administrator: Administrator,
    intake: TheIntake,
    registers: TheRegisters,
    work: RingWork,
    cause: IdempotencyCause,
) -> KeysView:
    """Thu hồi khóa: nothing it signed counts any more; holders ask for their code again."""
    await work.run(intake.to_revoke_key(kid, body, administrator), cause)
    return await registers.keys()


@router.put(
    "/keys/{kid}/accept-until",
    responses=problems(errors.UnknownKey, errors.NotInForce, errors.InvalidPeriod),
    tags=["keys"],
)
async def shorten_key(
    kid: KeyId,
    body: requests.AcceptUntilBody,
    administrator: Administrator,
    intake: TheIntake,
    registers: TheRegisters,
    work: RingWork,
    cause: IdempotencyCause,
) -> KeysView:
    """Rút ngắn thời hạn tin một khóa đã đổi: codes that outlive it are refused, and made anew if asked."""
    await work.run(intake.to_shorten_key(kid, body, administrator), cause)
    return await registers.keys()


@router.get("/policies", responses=problems(), tags=["policies"])
async def list_policies(_reader: SignedIn, registers: TheRegisters) -> policies.PoliciesView:
    """Quy định cấp giấy theo chỉ thị, đang áp dụng."""
    return registers.policies()


@router.get("/directives", responses=problems(), tags=["directives"])
async def list_directives(_reader: SignedIn, registers: TheRegisters) -> answers.DirectivesView:
    """Chỉ thị đang áp dụng theo địa bàn."""
    return await registers.directives()


@router.put(
    "/directives/{area_code}",
    responses=problems(
        errors.UnknownArea,
        errors.InvalidPeriod,
        errors.OrderNotFound,
        errors.AlreadyInForce,
        errors.NotTheLastOrder,
        OutsideYourArea,
    ),
    tags=["directives"],
)
async def order_directive(
    area_code: AreaCode,
    body: requests.DirectiveBody,
    leader: Leader,
    intake: TheIntake,
    registers: TheRegisters,
    work: DirectiveWork,
    cause: IdempotencyCause,
) -> answers.DirectiveView:
    """Áp dụng chỉ thị cho một địa bàn từ một thời điểm."""
    await work.run(intake.to_order(area_code, body, leader), cause)
    return await registers.directive(area_code)


@router.post(
    "/directives/{area_code}/withdrawal",
    responses=problems(
        errors.UnknownArea,
        errors.OrderNotFound,
        errors.AlreadyInForce,
        errors.NotTheLastOrder,
        OutsideYourArea,
    ),
    tags=["directives"],
)
async def withdraw_directive(
    area_code: AreaCode,
    body: requests.WithdrawalBody,
    leader: Leader,
    intake: TheIntake,
    registers: TheRegisters,
    work: DirectiveWork,
    cause: IdempotencyCause,
) -> answers.DirectiveView:
    """Rút chỉ thị đã hẹn trước giờ áp dụng: no permit changes, and the reason is on record."""
    await work.run(intake.to_withdraw(area_code, body, leader), cause)
    return await registers.directive(area_code)
