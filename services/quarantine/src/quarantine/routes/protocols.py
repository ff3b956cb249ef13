"""What people ask about the dated documents, and about changing from one to another."""

from fastapi import APIRouter

from common.geo import UnknownCommune
from common.http.auth import SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from quarantine.domain import errors
from quarantine.routes.shelf import (
    AskedChange,
    CaseWork,
    Foreseer,
    Official,
    TheDesk,
    TheIntake,
    ThePreview,
)
from quarantine.views import answers, changes
from quarantine.views.foreseen import ForeseenView

router = APIRouter(prefix="/v1", tags=["quarantine"], route_class=DirectRoute)
REFUSALS = (
    errors.UnknownProtocol,
    errors.ProtocolInForce,
    errors.DateImpossible,
    UnknownCommune,
    OutsideYourArea,
)


@router.get("/protocols", responses=problems())
async def list_protocols(_reader: SignedIn, desk: TheDesk) -> answers.ProtocolsView:
    """Quy định cách ly theo văn bản, mới nhất trước."""
    return desk.protocols()


@router.get("/protocol-changes", responses=problems(*REFUSALS))
async def preview_change(asked: AskedChange, by: Foreseer, preview: ThePreview) -> changes.PreviewView:
    """Xem trước thay đổi quy định: how many open stays would be moved, tested otherwise, ended."""
    return await preview.count(preview.question(asked, by))


@router.get("/protocol-changes/cases", responses=problems(*REFUSALS, BadCursor))
async def list_changes(
    asked: AskedChange, by: Foreseer, preview: ThePreview, page: Paging
) -> Page[ForeseenView]:
    """Hồ sơ sẽ đổi: the stays concerned, what each becomes and which document says so; names for officers."""
    return await preview.listed(preview.question(asked, by), page)


@router.post("/protocol-changes", responses=problems(errors.CaseNotFound))
async def apply_change(
    body: changes.ApplyBody, by: Official, intake: TheIntake, work: CaseWork, cause: IdempotencyCause
) -> changes.AppliedListView:
    """Áp dụng quy định: give the stays that were seen what the documents in force today say."""
    errands = await intake.to_apply(body, by, cause)
    return changes.AppliedListView.of(errands, await work.run_batch(errands))
