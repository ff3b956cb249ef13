"""Orders and certificates of quarantine on paper, and what verifies them."""

from typing import Annotated

from fastapi import APIRouter, Response

from common.http.auth import SignedIn
from common.http.direct import DirectRoute
from common.http.files import attached
from common.http.parts import provided
from common.http.problems import problems
from common.sealed_papers import TrustListView
from quarantine.domain import errors
from quarantine.domain.papers import NoPaper, PaperKind
from quarantine.routes.shelf import Official, PersonId
from quarantine.views.papers.desk import CodeBody, PaperDesk, PaperVerdict, PrintBody
from quarantine.views.papers.seal import PaperSeal

router = APIRouter(prefix="/v1", tags=["papers"], route_class=DirectRoute)
PDF = "application/pdf"

ThePapers = Annotated[PaperDesk, provided("paper_desk")]
TheSeal = Annotated[PaperSeal, provided("paper_seal")]
_ONE = problems(errors.CaseNotFound, NoPaper)


@router.get("/cases/{person_id}/order.pdf", responses=_ONE, response_class=Response)
async def read_order(person_id: PersonId, reader: SignedIn, papers: ThePapers) -> Response:
    """Quyết định cách ly, with a verifiable code: for officers of the area, the person and the family."""
    content = await papers.one(person_id, PaperKind.ORDER, reader)
    return Response(content, media_type=PDF, headers=attached("quyet-dinh-cach-ly.pdf"))


@router.get("/cases/{person_id}/completion.pdf", responses=_ONE, response_class=Response)
async def read_completion(person_id: PersonId, reader: SignedIn, papers: ThePapers) -> Response:
    """Giấy xác nhận hoàn thành cách ly: once the stay was completed and an officer has ended it."""
    content = await papers.one(person_id, PaperKind.COMPLETION, reader)
    return Response(content, media_type=PDF, headers=attached("giay-hoan-thanh-cach-ly.pdf"))


@router.post("/papers", responses=_ONE, response_class=Response)
async def print_papers(body: PrintBody, officer: Official, papers: ThePapers) -> Response:
    """In hàng loạt: up to 400 papers in one PDF, one page each, in the order asked for."""
    content = await papers.many(body, officer)
    return Response(content, media_type=PDF, headers=attached("giay-cach-ly.pdf"))


@router.post("/paper-verifications", responses=problems())
async def verify_paper(body: CodeBody, _reader: SignedIn, papers: ThePapers) -> PaperVerdict:
    """Xác minh giấy: true or not, whose, changed or withdrawn since; never why."""
    return await papers.verify(body.code)


@router.get("/paper-trust-list", responses=problems())
async def read_paper_trust_list(_reader: SignedIn, seal: TheSeal) -> TrustListView:
    """Danh sách khóa đáng tin của giấy cách ly, signed by the root key."""
    return await seal.published()
