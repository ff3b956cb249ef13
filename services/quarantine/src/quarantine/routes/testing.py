"""What people ask about tests."""

from typing import Annotated

from fastapi import APIRouter, Query

from common.http.auth import HealthOfficer, SignedIn
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from quarantine.domain import errors
from quarantine.ports import TestList
from quarantine.routes.shelf import CaseWork, CommuneCode, PersonId, Reader
from quarantine.views import samples
from quarantine.views.testing import TestDesk

router = APIRouter(prefix="/v1", tags=["tests"], route_class=DirectRoute)
TheTestDesk = Annotated[TestDesk, provided("test_desk")]
Wanted = Annotated[TestList, Query(description="Đến hạn hôm nay, quá hạn, đã lấy hôm nay")]


@router.get("/tests", responses=problems(BadCursor))
async def list_tests(
    reader: Reader,
    desk: TheTestDesk,
    page: Paging,
    status: Wanted = TestList.DUE,
    commune_code: CommuneCode = None,
) -> Page[samples.OwingView]:
    """Xét nghiệm hôm nay, quá hạn, đã làm: the longest owed first."""
    return await desk.listed(desk.search(reader, status, commune_code), page, reader)


@router.get("/test-counts", responses=problems())
async def count_tests(
    reader: Reader, desk: TheTestDesk, commune_code: CommuneCode = None
) -> samples.TestCountsView:
    """Số xét nghiệm hôm nay và quá hạn, theo xã."""
    return await desk.count(desk.search(reader, TestList.DUE, commune_code))


@router.get("/cases/{person_id}/tests", responses=problems(errors.CaseNotFound))
async def list_tests_of(person_id: PersonId, reader: SignedIn, desk: TheTestDesk) -> samples.TestsView:
    """Xét nghiệm của một người: owed, and every result."""
    return await desk.of_person(person_id, reader)


@router.post(
    "/cases/{person_id}/tests",
    status_code=201,
    responses=problems(errors.CaseNotFound, errors.NotInQuarantine, errors.DateImpossible, OutsideYourArea),
)
async def record_test(
    person_id: PersonId,
    body: samples.TestBody,
    officer: HealthOfficer,
    desk: TheTestDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> samples.TestsView:
    """Ghi kết quả xét nghiệm: a positive one makes an F0 and opens the record."""
    await work.run(await desk.to_test(person_id, body, officer, cause), cause)
    return await desk.of_person(person_id, officer)


@router.post("/test-results", responses=problems(errors.CaseNotFound, samples.NobodyNamed))
async def record_negatives(
    body: samples.NegativesBody,
    officer: HealthOfficer,
    desk: TheTestDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> samples.RecordedListView:
    """Ghi âm tính cho nhiều người: a list or a household, one answer each."""
    errands = await desk.to_negatives(body, officer, cause)
    return samples.RecordedListView.of(errands, await work.run_batch(errands))
