"""What people ask about files: orders, worklists, declarations, ends; and about themselves."""

from typing import Annotated

from fastapi import APIRouter, Query

from common.geo import UnknownCommune
from common.http.auth import Citizen, HealthOfficer, SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from quarantine.domain import errors
from quarantine.ports import Worklist
from quarantine.routes.shelf import (
    CaseWork,
    CommuneCode,
    Declarant,
    HouseholdId,
    PersonId,
    Reader,
    ReportLedger,
    TheDesk,
    TheFinder,
    TheIntake,
    TheSupervision,
    Typed,
)
from quarantine.views import answers, requests
from quarantine.views.case import CaseView

router = APIRouter(prefix="/v1", tags=["quarantine"], route_class=DirectRoute)


@router.post(
    "/cases",
    status_code=201,
    responses=problems(
        errors.AlreadyInQuarantine,
        errors.PossibleDuplicate,
        errors.AlreadyF0,
        errors.NoProtocolInForce,
        errors.QuarantineNotRequired,
        errors.DateImpossible,
        UnknownCommune,
        OutsideYourArea,
    ),
)
async def order_quarantine(
    body: requests.QuarantineOrderBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """Ra quyết định cách ly: register somebody; the protocol in force gives the last day and the tests."""
    command = await intake.to_order(body, officer)
    await work.run(command, cause)
    return await desk.show(command.person_id, officer, "Ra quyết định cách ly")


@router.get("/cases", responses=problems(BadCursor))
async def list_cases(
    reader: Reader,
    desk: TheDesk,
    page: Paging,
    status: Worklist | None = None,
    commune_code: CommuneCode = None,
    household_id: HouseholdId = "",
    q: Typed = "",
) -> Page[CaseView]:
    """Việc hôm nay: files of the reader's areas by what is owed, the earliest end first."""
    search = desk.search(reader, status=status, commune_code=commune_code, household_id=household_id, q=q)
    return await desk.worklist(search, page, reader)


@router.get("/case-counts", responses=problems())
async def count_cases(reader: Reader, desk: TheDesk, commune_code: CommuneCode = None) -> answers.CountsView:
    """Số việc: how many files each worklist of the reader's areas has."""
    return await desk.count(desk.search(reader, commune_code=commune_code))


@router.get("/cases/{person_id}", responses=problems(errors.CaseNotFound))
async def read_case(person_id: PersonId, reader: SignedIn, desk: TheDesk) -> CaseView:
    """Xem hồ sơ: for officers and doctors of the area, the person, and the family."""
    return await desk.show(person_id, reader, "Xem hồ sơ cách ly")


@router.post(
    "/cases/{person_id}/reports",
    status_code=201,
    responses=problems(
        errors.CaseNotFound,
        errors.DeclarationNotOwed,
        errors.FutureDated,
        errors.TooLongAgo,
        errors.ImpossibleMeasurement,
    ),
)
async def record_report(
    person_id: PersonId,
    body: requests.ReportBody,
    declarant: Declarant,
    intake: TheIntake,
    ledger: ReportLedger,
    cause: IdempotencyCause,
) -> answers.ReceiptView:
    """Khai báo y tế hằng ngày: by the person, a relative, or an officer on their behalf."""
    answer = await ledger.run(intake.to_report(person_id, body, declarant, cause), cause)
    return answers.ReceiptView.model_validate(answer)


@router.get("/cases/{person_id}/reports", responses=problems(errors.CaseNotFound))
async def list_reports(person_id: PersonId, reader: SignedIn, desk: TheDesk) -> answers.ReportsView:
    """Các tờ khai của một người, mới nhất trước."""
    return await desk.reports_of(person_id, reader)


@router.post(
    "/cases/{person_id}/release",
    responses=problems(
        errors.CaseNotFound,
        errors.NotInQuarantine,
        errors.ReleaseTooEarly,
        errors.ReleaseNeedsTests,
        errors.WaiverNotYours,
        errors.ReasonMissing,
        OutsideYourArea,
    ),
)
async def release(
    person_id: PersonId,
    body: requests.ReleaseBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """Kết thúc cách ly: completed when the days are done; undone, lost, moved away, died with a reason."""
    await work.run(intake.to_release(person_id, body, officer), cause)
    return await desk.show(person_id, officer, "Kết thúc cách ly")


@router.post(
    "/cases/{person_id}/positive-test",
    responses=problems(errors.CaseNotFound, errors.NotInQuarantine, errors.DateImpossible, OutsideYourArea),
)
async def record_positive(
    person_id: PersonId,
    body: requests.PositiveTestBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """Ghi kết quả dương tính: the contact becomes an F0; F0 care opens a record by itself."""
    await work.run(await intake.to_positive(person_id, body, officer, cause), cause)
    return await desk.show(person_id, officer, "Ghi xét nghiệm dương tính")


@router.post(
    "/cases/{person_id}/extensions",
    responses=problems(
        errors.CaseNotFound,
        errors.NotInQuarantine,
        errors.EndNotMoved,
        errors.ReasonMissing,
        OutsideYourArea,
    ),
)
async def extend(
    person_id: PersonId,
    body: requests.ExtensionBody,
    officer: HealthOfficer,
    intake: TheIntake,
    desk: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """Gia hạn hoặc rút ngắn: the last day moves, with a reason that the citizen reads."""
    await work.run(intake.to_extend(person_id, body, officer), cause)
    return await desk.show(person_id, officer, "Đổi ngày kết thúc")


@router.get("/people", responses=problems())
async def find_people(
    reader: Reader, finder: TheFinder, q: Annotated[str, Query(min_length=2, max_length=100)]
) -> answers.PeopleView:
    """Tìm người: pieces of a name without accents, CCCD or phone, within the reader's areas."""
    return await finder.find(q, reader)


@router.get("/communes", responses=problems())
async def list_communes(reader: Reader, desk: TheDesk) -> answers.CommunesView:
    """Xã, phường của tôi: the communes in which the reader may act."""
    return desk.communes(reader)


@router.get("/me", responses=problems(errors.CaseNotFound))
async def me(citizen: Citizen, desk: TheDesk, supervision: TheSupervision) -> answers.MeView:
    """Trang của tôi: today's duty, the end date with its reason, the family, the check-in to be answered."""
    mine = await desk.me(citizen)
    return mine.model_copy(update={"check_in": await supervision.asked_of(mine.person_id)})


@router.get("/me/readings", responses=problems())
async def my_readings(citizen: Citizen, desk: TheDesk) -> answers.ReadingsView:
    """Ai đã xem dữ liệu của tôi."""
    return await desk.readings_of(citizen)
