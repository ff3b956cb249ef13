"""Lists of F0 in Excel: template down, filled list up, answers down, a whole upload undone."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.files import AllOrNothing, FileName, ListId, SheetBytes, attached
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.uploads import ListNotFound, NothingToUndo
from common.sheets.layout import UnreadableSheet
from common.sheets.writing import TYPE
from common.work.engine import Work
from f0_monitoring.views.lists.desk import CaseListView, ListDesk, UndoBody

router = APIRouter(prefix="/v1", tags=["lists"], route_class=DirectRoute)
LISTS: Final = "/v1/case-lists"
_FILE: Final = {"requestBody": {"required": True, "content": {TYPE: {"schema": {"type": "string"}}}}}


ListWork = Annotated[Work[Any, Any], provided("case_lists")]
TheLists = Annotated[ListDesk, provided("list_desk")]
Registrar = Annotated[Actor, Depends(role_required("health_officer", "administrator"))]


@router.get("/case-lists/template.xlsx", responses=problems(), response_class=Response)
async def read_template(_officer: Registrar, lists: TheLists) -> Response:
    """Mẫu danh sách F0 (Excel)."""
    return Response(await lists.template(), media_type=TYPE, headers=attached("mau-danh-sach-f0.xlsx"))


@router.post("/case-lists", status_code=202, openapi_extra=_FILE, responses=problems(UnreadableSheet))
async def upload_list(
    sheet: SheetBytes,
    officer: Registrar,
    lists: TheLists,
    work: ListWork,
    cause: IdempotencyCause,
    file_name: FileName = "",
    all_or_nothing: AllOrNothing = False,
) -> CaseListView:
    """Nhập danh sách F0: every row is checked at once, good rows are declared one page after another."""
    return await lists.receive(
        work, sheet, officer, cause, file_name=file_name, is_all_or_nothing=all_or_nothing
    )


@router.get("/case-lists", responses=problems(BadCursor))
async def list_lists(officer: Registrar, lists: TheLists, page: Paging) -> Page[CaseListView]:
    """Các lần nhập của đơn vị và tuyến dưới, mới nhất trước."""
    return await lists.page(officer, page)


@router.get("/case-lists/{list_id}", responses=problems(ListNotFound))
async def read_list(list_id: ListId, officer: Registrar, lists: TheLists) -> CaseListView:
    """Tiến độ của một danh sách."""
    return await lists.show(list_id, officer)


@router.get("/case-lists/{list_id}/answers.xlsx", responses=problems(ListNotFound), response_class=Response)
async def read_answers(list_id: ListId, officer: Registrar, lists: TheLists) -> Response:
    """Danh sách đã nộp, thêm cột trả lời cho từng dòng."""
    content = await lists.answered(list_id, officer)
    return Response(content, media_type=TYPE, headers=attached("danh-sach-f0-tra-loi.xlsx"))


@router.post(
    "/case-lists/{list_id}/undoing",
    status_code=202,
    responses=problems(ListNotFound, NothingToUndo),
)
async def undo_list(
    list_id: ListId,
    body: UndoBody,
    officer: Registrar,
    lists: TheLists,
    work: ListWork,
    cause: IdempotencyCause,
) -> CaseListView:
    """Hủy cả lần nhập: every record that it opened and that has not moved on is closed as wrong."""
    return await lists.undo(work, list_id, body, officer, cause)
