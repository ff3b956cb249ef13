"""Lists of people in quarantine: template down, list up, answers down, undone; the officer's own list."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Response

from common.http.direct import DirectRoute
from common.http.files import AllOrNothing, FileName, ListId, SheetBytes, attached
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.uploads import ListNotFound, NothingToUndo
from common.sheets.layout import UnreadableSheet
from common.sheets.upload_desk import UndoBody
from common.sheets.writing import TYPE
from common.work.engine import Work
from quarantine.routes.shelf import CommuneCode, Official, Reader
from quarantine.views.lists.desk import StayListDesk, StayListView
from quarantine.views.lists.export import Exporter

router = APIRouter(prefix="/v1", tags=["lists"], route_class=DirectRoute)
LISTS: Final = "/v1/stay-lists"
_TEXT: Final = {"schema": {"type": "string"}}
_FILE: Final = {"requestBody": {"required": True, "content": {TYPE: _TEXT, "text/csv": _TEXT}}}


ListWork = Annotated[Work[Any, Any], provided("stay_lists")]
TheLists = Annotated[StayListDesk, provided("stay_list_desk")]
TheExporter = Annotated[Exporter, provided("exporter")]


@router.get("/stay-lists/template.xlsx", responses=problems(), response_class=Response)
async def read_template(_officer: Official, lists: TheLists) -> Response:
    """Mẫu danh sách cách ly (Excel)."""
    return Response(await lists.template(), media_type=TYPE, headers=attached("mau-danh-sach-cach-ly.xlsx"))


@router.get("/stay-lists/export.xlsx", responses=problems(), response_class=Response)
async def export_list(reader: Reader, exporter: TheExporter, commune_code: CommuneCode = None) -> Response:
    """Danh sách đang cách ly (Excel): the columns of the template; sent back it changes nothing."""
    content = await exporter.sheet(reader, commune_code)
    return Response(content, media_type=TYPE, headers=attached("danh-sach-cach-ly.xlsx"))


@router.post("/stay-lists", status_code=202, openapi_extra=_FILE, responses=problems(UnreadableSheet))
async def upload_list(
    sheet: SheetBytes,
    officer: Official,
    lists: TheLists,
    work: ListWork,
    cause: IdempotencyCause,
    file_name: FileName = "",
    all_or_nothing: AllOrNothing = False,
) -> StayListView:
    """Nhập danh sách cách ly: every row is checked at once, good rows are ordered one page after another."""
    return await lists.receive(
        work, sheet, officer, cause, file_name=file_name, is_all_or_nothing=all_or_nothing
    )


@router.get("/stay-lists", responses=problems(BadCursor))
async def list_lists(officer: Official, lists: TheLists, page: Paging) -> Page[StayListView]:
    """Các lần nhập của đơn vị và tuyến dưới, mới nhất trước."""
    return await lists.page(officer, page)


@router.get("/stay-lists/{list_id}", responses=problems(ListNotFound))
async def read_list(list_id: ListId, officer: Official, lists: TheLists) -> StayListView:
    """Tiến độ của một danh sách."""
    return await lists.show(list_id, officer)


@router.get("/stay-lists/{list_id}/answers.xlsx", responses=problems(ListNotFound), response_class=Response)
async def read_answers(list_id: ListId, officer: Official, lists: TheLists) -> Response:
    """Danh sách đã nộp, thêm cột trả lời cho từng dòng."""
    content = await lists.answered(list_id, officer)
    return Response(content, media_type=TYPE, headers=attached("danh-sach-cach-ly-tra-loi.xlsx"))


@router.post(
    "/stay-lists/{list_id}/undoing", status_code=202, responses=problems(ListNotFound, NothingToUndo)
)
async def undo_list(
    list_id: ListId,
    body: UndoBody,
    officer: Official,
    lists: TheLists,
    work: ListWork,
    cause: IdempotencyCause,
) -> StayListView:
    """Hủy cả lần nhập: every stay that it ordered and that has not ended otherwise is withdrawn."""
    return await lists.undo(work, list_id, body, officer, cause)
