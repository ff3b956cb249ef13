"""What people ask about cases at home, and about handing over from one commune to another."""

from typing import Annotated

from fastapi import APIRouter, Query

from common.geo import UnknownCommune
from common.http.auth import HealthOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from quarantine.domain import errors
from quarantine.ports import HandoverSide
from quarantine.routes.shelf import CaseWork, PersonId, TheDesk
from quarantine.views import handovers, households
from quarantine.views.answers import CommunesView
from quarantine.views.case import CaseView
from quarantine.views.samples import RecordedListView

router = APIRouter(prefix="/v1", tags=["households"], route_class=DirectRoute)
TheHouseholds = Annotated[households.HouseholdDesk, provided("household_desk")]
TheHandovers = Annotated[handovers.HandoverDesk, provided("handover_desk")]
ANSWERS = problems(errors.CaseNotFound, errors.HandoverAnswered, errors.NotInQuarantine, OutsideYourArea)


@router.get("/home-proposals", responses=problems())
async def list_proposals(officer: HealthOfficer, desk: TheHouseholds) -> households.ProposalsView:
    """Người trong nhà cần quyết định."""
    return await desk.proposals(officer)


@router.post(
    "/home-proposals/{person_id}/order",
    status_code=201,
    responses=problems(
        errors.CaseNotFound,
        errors.NothingProposed,
        errors.NoProtocolInForce,
        errors.QuarantineNotRequired,
        OutsideYourArea,
    ),
)
async def order_member(
    person_id: PersonId,
    body: households.HomeOrderBody,
    officer: HealthOfficer,
    desk: TheHouseholds,
    files: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """Ra quyết định cho người trong nhà, with one tap."""
    await work.run(desk.to_order(person_id, body, officer), cause)
    return await files.show(person_id, officer, "Ra quyết định cách ly")


@router.post(
    "/home-proposals/{person_id}/dismissal",
    status_code=204,
    responses=problems(errors.CaseNotFound, errors.NothingProposed, OutsideYourArea),
)
async def dismiss_member(
    person_id: PersonId,
    body: households.DismissalBody,
    officer: HealthOfficer,
    desk: TheHouseholds,
    work: CaseWork,
    cause: IdempotencyCause,
) -> None:
    """Không cần quyết định, with a reason."""
    await work.run(desk.to_dismiss(person_id, body, officer), cause)


@router.get("/handovers", responses=problems())
async def list_handovers(
    officer: HealthOfficer,
    desk: TheHandovers,
    direction: Annotated[HandoverSide, Query(description="Xã khác chuyển đến, hoặc xã tôi chuyển đi")],
    all: Annotated[bool, Query(description="Cả những đề nghị đã trả lời")] = False,  # noqa: A002
) -> handovers.HandoversView:
    """Chuyển giao đến và đi."""
    return await desk.listed(direction, officer, is_all=all)


@router.get("/all-communes", responses=problems())
async def list_all_communes(_officer: HealthOfficer, desk: TheHandovers) -> CommunesView:
    """Mọi xã, phường của tỉnh: to whom somebody may be handed over."""
    return desk.communes()


@router.post(
    "/cases/{person_id}/handover",
    status_code=202,
    responses=problems(
        errors.CaseNotFound,
        UnknownCommune,
        OutsideYourArea,
    ),
)
async def ask_handover(
    person_id: PersonId,
    body: handovers.HandoverBody,
    officer: HealthOfficer,
    desk: TheHandovers,
    work: CaseWork,
    cause: IdempotencyCause,
) -> RecordedListView:
    """Đề nghị chuyển giao: nothing changes until the other commune accepts; one answer per person."""
    errands = await desk.to_ask(person_id, body, officer, cause)
    return RecordedListView.of(errands, await work.run_batch(errands))


@router.post("/handovers/{person_id}/acceptance", responses=ANSWERS)
async def accept_handover(
    person_id: PersonId,
    body: handovers.AcceptanceBody,
    officer: HealthOfficer,
    desk: TheHandovers,
    files: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """Nhận: from now on this commune is responsible."""
    await work.run(await desk.to_accept(person_id, body, officer), cause)
    return await files.show(person_id, officer, "Nhận chuyển giao")


@router.post("/handovers/{person_id}/rejection", status_code=204, responses=ANSWERS)
async def reject_handover(
    person_id: PersonId,
    body: handovers.AnswerBody,
    officer: HealthOfficer,
    desk: TheHandovers,
    work: CaseWork,
    cause: IdempotencyCause,
) -> None:
    """Từ chối, with a reason that the other commune reads."""
    await work.run(await desk.to_refuse(person_id, body, officer, is_withdrawal=False), cause)


@router.post("/handovers/{person_id}/withdrawal", status_code=204, responses=ANSWERS)
async def withdraw_handover(
    person_id: PersonId,
    body: handovers.AnswerBody,
    officer: HealthOfficer,
    desk: TheHandovers,
    work: CaseWork,
    cause: IdempotencyCause,
) -> None:
    """Rút lại."""
    await work.run(await desk.to_refuse(person_id, body, officer, is_withdrawal=True), cause)
