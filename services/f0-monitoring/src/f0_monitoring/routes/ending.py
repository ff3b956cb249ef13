"""The end of care at home, certificates, and what verifies them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from common.http.auth import SignedIn, role_required
from common.http.direct import DirectRoute
from common.http.files import attached
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.work.engine import Work
from f0_monitoring.domain import errors
from f0_monitoring.views.desk import Desk
from f0_monitoring.views.ending import EndBody, EndDesk, EndingView, VerificationBody, VerificationView
from f0_monitoring.views.record import PatientView
from f0_monitoring.views.revoking import (
    CertificateView,
    RevocationBody,
    RevocationDesk,
    RevocationListView,
    RevocationView,
)
from f0_monitoring.views.sealing import Seal, TrustListView

router = APIRouter(prefix="/v1", tags=["end-of-care"], route_class=DirectRoute)

PatientWork = Annotated[Work[Any, Any], provided("work")]
TheEnding = Annotated[EndDesk, provided("end_desk")]
TheDesk = Annotated[Desk, provided("desk")]
TheSeal = Annotated[Seal, provided("seal")]
TheRevocations = Annotated[RevocationDesk, provided("revocation_desk")]
Registrar = Annotated[Actor, Depends(role_required("health_officer", "administrator"))]
Carer = Annotated[Actor, Depends(role_required("health_officer", "doctor", "administrator"))]
PersonId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]


@router.get("/may-end", responses=problems(BadCursor))
async def list_ending(carer: Carer, ending: TheEnding, page: Paging) -> Page[EndingView]:
    """Có thể kết thúc hôm nay: whose days are over by the rule in force, and what each still needs."""
    return await ending.waiting(carer, page)


@router.post(
    "/patients/{person_id}/end-of-care",
    responses=problems(
        errors.NoSuchPatient,
        errors.NotYourPatient,
        errors.RecordClosed,
        errors.EndTooEarly,
        errors.NotAtHome,
        errors.TestDoesNotCount,
    ),
)
async def end_care(
    person_id: PersonId,
    body: EndBody,
    carer: Carer,
    ending: TheEnding,
    desk: TheDesk,
    work: PatientWork,
    cause: IdempotencyCause,
) -> PatientView:
    """Kết thúc theo dõi tại nhà by the dated rule, with a negative test or by days."""
    await ending.end(work, person_id, body, carer, cause)
    return await desk.show(person_id, carer, "Kết thúc theo dõi")


@router.get(
    "/patients/{person_id}/certificate.pdf",
    responses=problems(errors.NoSuchPatient, errors.NoCertificate),
    response_class=Response,
)
async def read_certificate(person_id: PersonId, reader: SignedIn, ending: TheEnding) -> Response:
    """Giấy xác nhận hoàn thành theo dõi y tế, with a verifiable code that names no disease."""
    content = await ending.certificate(person_id, reader)
    return Response(content, media_type="application/pdf", headers=attached("giay-xac-nhan.pdf"))


@router.post("/certificate-verifications", responses=problems())
async def verify_certificate(
    body: VerificationBody, _reader: SignedIn, ending: TheEnding
) -> VerificationView:
    """Xác minh giấy: true or not, whose, until when; never what it was about."""
    return await ending.verify(body.code)


@router.get("/certificate-trust-list", responses=problems())
async def read_trust_list(_reader: SignedIn, seal: TheSeal) -> TrustListView:
    """Danh sách khóa đáng tin của giấy xác nhận, signed by the root key."""
    return await seal.published()


@router.get("/patients/{person_id}/certificate", responses=problems(errors.NoSuchPatient))
async def read_issued(person_id: PersonId, carer: Carer, revocations: TheRevocations) -> CertificateView:
    """Giấy xác nhận của hồ sơ: its number, until when it counts, and whether it was taken back."""
    return await revocations.issued(person_id, carer)


@router.post(
    "/patients/{person_id}/certificate-revocation",
    responses=problems(errors.NoSuchPatient, errors.NoCertificate, errors.NotYourPatient),
)
async def revoke_certificate(
    person_id: PersonId,
    body: RevocationBody,
    officer: Registrar,
    revocations: TheRevocations,
    cause: IdempotencyCause,
) -> RevocationView:
    """Thu hồi giấy cấp sai, with a reason; done once, the first reason stands."""
    return await revocations.revoke(person_id, body, officer, cause)


@router.get("/certificate-revocation-list", responses=problems())
async def read_revocation_list(_reader: SignedIn, revocations: TheRevocations) -> RevocationListView:
    """Danh sách giấy đã thu hồi, for verifiers without a network; signed by the root key."""
    return await revocations.published()
