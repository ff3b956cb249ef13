"""Employers: their firm, their staff lists, the papers of a whole list."""

from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from common.geo import UnknownCommune
from common.http.auth import PermitOfficer
from common.http.direct import DirectRoute
from common.http.files import FileName, SheetBytes, attached
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from common.sheets.layout import UnreadableSheet
from permit.domain import errors
from permit.domain.firms import FirmStatus
from permit.routes.shelf import (
    DerivedId,
    Employer,
    FirmWork,
    ListWork,
    Part,
    TheFirms,
    TheLists,
    ThePrinter,
)
from permit.views.firms import ConfirmationBody, FirmBody, FirmView
from permit.views.staff_lists import StaffListView
from permit.views.workbook.writing import TYPE

router = APIRouter(prefix="/v1", tags=["employers"], route_class=DirectRoute)
LISTS: Final = "/v1/staff-lists"
_FILE: Final = {"requestBody": {"required": True, "content": {TYPE: {"schema": {"type": "string"}}}}}
_PDF: Final = "application/pdf"


@router.get("/my/firm", responses=problems(errors.FirmNotFound))
async def read_my_firm(employer: Employer, firms: TheFirms) -> FirmView:
    """Doanh nghiệp của tôi."""
    return await firms.mine(employer)


@router.put("/my/firm", responses=problems(UnknownCommune, errors.InvalidTaxCode))
async def register_firm(
    body: FirmBody, employer: Employer, firms: TheFirms, work: FirmWork, cause: IdempotencyCause
) -> FirmView:
    """Đăng ký doanh nghiệp, hoặc sửa; another name, tax code or place is confirmed anew."""
    await work.run(firms.to_register(body, employer), cause)
    return await firms.mine(employer)


@router.get("/firms", responses=problems(BadCursor))
async def list_firms(
    officer: PermitOfficer, firms: TheFirms, page: Paging, status: FirmStatus | None = None
) -> Page[FirmView]:
    """Doanh nghiệp trong địa bàn, the longest waiting first."""
    return await firms.page(status, page, officer)


@router.post("/firms/{firm_id}/confirmation", responses=problems(errors.FirmNotFound, OutsideYourArea))
async def settle_firm(
    firm_id: DerivedId,
    body: ConfirmationBody,
    officer: PermitOfficer,
    firms: TheFirms,
    work: FirmWork,
    cause: IdempotencyCause,
) -> FirmView:
    """Xác nhận hoặc từ chối doanh nghiệp: its lists then count by themselves."""
    await work.run(firms.to_settle(firm_id, body, officer), cause)
    return await firms.show(firm_id)


@router.get("/staff-lists/template.xlsx", responses=problems(), response_class=Response)
async def read_template(_employer: Employer, lists: TheLists) -> Response:
    """Mẫu danh sách người lao động (Excel)."""
    return Response(await lists.template(), media_type=TYPE, headers=attached("mau-danh-sach.xlsx"))


@router.post(
    "/staff-lists",
    status_code=202,
    openapi_extra=_FILE,
    responses=problems(UnreadableSheet, errors.FirmNotRegistered),
)
async def upload_list(
    sheet: SheetBytes,
    employer: Employer,
    lists: TheLists,
    work: ListWork,
    cause: IdempotencyCause,
    file_name: FileName = "",
) -> StaffListView:
    """Nộp danh sách: every row is checked at once, good rows are applied for one after another."""
    return await lists.receive(work, sheet, file_name, employer, cause)


@router.get("/staff-lists", responses=problems(BadCursor))
async def list_lists(employer: Employer, lists: TheLists, page: Paging) -> Page[StaffListView]:
    """Các danh sách đã nộp, mới nhất trước."""
    return await lists.page(employer, page)


@router.get("/staff-lists/{list_id}", responses=problems(errors.ListNotFound))
async def read_list(list_id: DerivedId, employer: Employer, lists: TheLists) -> StaffListView:
    """Tiến độ của một danh sách."""
    return await lists.show(list_id, employer)


@router.get(
    "/staff-lists/{list_id}/answers.xlsx", responses=problems(errors.ListNotFound), response_class=Response
)
async def read_answers(list_id: DerivedId, employer: Employer, lists: TheLists) -> Response:
    """Danh sách đã nộp, thêm cột trả lời cho từng dòng."""
    content = await lists.answered(list_id, employer)
    return Response(content, media_type=TYPE, headers=attached("danh-sach-tra-loi.xlsx"))


@router.get(
    "/staff-lists/{list_id}/permits.pdf",
    responses=problems(errors.ListNotFound, errors.NoCodeYet),
    response_class=Response,
)
async def print_list(
    list_id: DerivedId, employer: Employer, printer: ThePrinter, part: Part = 1
) -> StreamingResponse:
    """Giấy của cả danh sách để in, mỗi người một trang."""
    pieces = await printer.pages(list_id, part, employer)
    return StreamingResponse(pieces, media_type=_PDF, headers=attached(f"giay-di-duong-{part}.pdf"))


@router.get(
    "/staff-lists/{list_id}/cards.pdf",
    responses=problems(errors.ListNotFound, errors.NoCodeYet),
    response_class=Response,
)
async def print_cards(
    list_id: DerivedId, employer: Employer, printer: ThePrinter, part: Part = 1
) -> StreamingResponse:
    """Thẻ bỏ ví của cả danh sách, mười thẻ một trang A4."""
    pieces = await printer.cards(list_id, part, employer)
    return StreamingResponse(pieces, media_type=_PDF, headers=attached(f"the-di-duong-{part}.pdf"))
