"""What officers ask about files beside each other: merges, contacts and chains, households."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from common.geo import UnknownCommune
from common.http.auth import HealthOfficer
from common.http.direct import DirectRoute
from common.http.idempotency import IdempotencyCause
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.errors import OutsideYourArea
from common.people.papers import NotACccd
from common.people.phones import NotAPhone
from common.work.engine import Work
from quarantine.domain import contacts as contact_errors
from quarantine.domain import errors, merge_errors
from quarantine.routes.shelf import CaseWork, CommuneCode, PersonId, Reader, TheDesk
from quarantine.views.case import CaseView
from quarantine.views.contact_desk import ContactDesk
from quarantine.views.contact_views import ChainView, ContactBody, DeclineBody, LinkBody, ProposalsView
from quarantine.views.household_desk import (
    HouseholdDesk,
    HouseholdOrderBody,
    HouseholdOrderView,
    HouseholdsView,
)
from quarantine.views.merge_desk import MergeDesk
from quarantine.views.merge_views import ComparisonView, MergeBody, MergesView, MergeView

router = APIRouter(prefix="/v1", tags=["files"], route_class=DirectRoute)

TheMerges = Annotated[MergeDesk, provided("merge_desk")]
TheContacts = Annotated[ContactDesk, provided("contact_desk")]
TheHouseholds = Annotated[HouseholdDesk, provided("homes_desk")]
ContactWork = Annotated[Work[Any, Any], provided("contact_work")]
ThingId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
PersonIdAsked = Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{1,64}$")]
REFUSED = (
    errors.CaseNotFound,
    merge_errors.MergeNotFound,
    merge_errors.MergeNotPossible,
    merge_errors.MergeOutdated,
    merge_errors.FileMerged,
    merge_errors.MergeWithdrawn,
    merge_errors.UndoNotPossible,
    OutsideYourArea,
)


@router.get("/merge-previews", responses=problems(errors.CaseNotFound))
async def compare(
    survivor_id: PersonIdAsked, other_id: PersonIdAsked, officer: HealthOfficer, merges: TheMerges
) -> ComparisonView:
    """So sánh hai hồ sơ: side by side, what each field becomes, and what stands in the way."""
    return await merges.compare(survivor_id, other_id, officer)


@router.post("/merges", status_code=201, responses=problems(*REFUSED))
async def merge(
    body: MergeBody, officer: HealthOfficer, merges: TheMerges, cause: IdempotencyCause
) -> MergeView:
    """Gộp hai hồ sơ: the other file ends as a wrong entry and is read as the one that is kept."""
    return await merges.merge(body, officer, cause)


@router.get("/merges", responses=problems())
async def list_merges(person_id: PersonIdAsked, officer: HealthOfficer, merges: TheMerges) -> MergesView:
    """Các lần gộp hồ sơ của một người."""
    return await merges.merges_of(person_id, officer)


@router.post("/merges/{merge_id}/undo", responses=problems(*REFUSED))
async def undo_merge(
    merge_id: ThingId, officer: HealthOfficer, merges: TheMerges, cause: IdempotencyCause
) -> MergeView:
    """Hoàn tác lần gộp: both files are what they were."""
    return await merges.undo(merge_id, officer, cause)


@router.post(
    "/cases/{person_id}/contacts",
    status_code=201,
    responses=problems(
        errors.CaseNotFound, contact_errors.MeetingImpossible, UnknownCommune, NotACccd, NotAPhone
    ),
)
async def record_contact(
    person_id: PersonId,
    body: ContactBody,
    officer: HealthOfficer,
    contacts: TheContacts,
    work: ContactWork,
    cause: IdempotencyCause,
) -> ChainView:
    """Ghi người tiếp xúc của một F0 hay F1: who, when, where, how close."""
    await work.run(await contacts.to_record(person_id, body, officer), cause)
    return await contacts.chain(person_id, officer, 2)


@router.get("/cases/{person_id}/chain", responses=problems(errors.CaseNotFound))
async def read_chain(
    person_id: PersonId,
    reader: Reader,
    contacts: TheContacts,
    depth: Annotated[int, Query(ge=1, le=3)] = 2,
) -> ChainView:
    """Chuỗi lây F0 → F1 → F2: names only of the reader's areas."""
    return await contacts.chain(person_id, reader, depth)


@router.post(
    "/contacts/{contact_id}/file", responses=problems(contact_errors.ContactNotFound, errors.CaseNotFound)
)
async def link_contact(
    contact_id: ThingId,
    body: LinkBody,
    officer: HealthOfficer,
    contacts: TheContacts,
    work: ContactWork,
    cause: IdempotencyCause,
) -> dict[str, Any]:
    """Hồ sơ của người tiếp xúc: after an order was given under papers that nobody knew before."""
    return await work.run(await contacts.to_link(contact_id, body, officer), cause)


@router.post("/contacts/{contact_id}/decline", responses=problems(contact_errors.ContactNotFound))
async def decline_contact(
    contact_id: ThingId,
    body: DeclineBody,
    officer: HealthOfficer,
    contacts: TheContacts,
    work: ContactWork,
    cause: IdempotencyCause,
) -> dict[str, Any]:
    """Không liên lạc được hoặc từ chối."""
    return await work.run(contacts.to_decline(contact_id, body, officer), cause)


@router.get("/contact-proposals", responses=problems())
async def list_proposals(reader: Reader, contacts: TheContacts) -> ProposalsView:
    """Đề nghị: F2 who are F1 since the person they met became an F0."""
    return await contacts.proposals(reader)


@router.post(
    "/contacts/{contact_id}/raise",
    responses=problems(
        contact_errors.ContactNotFound,
        errors.NotInQuarantine,
        errors.NoProtocolInForce,
        errors.QuarantineNotRequired,
    ),
)
async def raise_to_f1(
    contact_id: ThingId,
    officer: HealthOfficer,
    contacts: TheContacts,
    desk: TheDesk,
    work: CaseWork,
    cause: IdempotencyCause,
) -> CaseView:
    """F2 thành F1: an officer accepts what is proposed; the reason is written into the file."""
    command = await contacts.to_raise(contact_id, officer)
    await work.run(command, cause)
    return await desk.show(command.person_id, officer, "F2 thành F1")


@router.get("/households", responses=problems())
async def list_households(
    reader: Reader, households: TheHouseholds, commune_code: CommuneCode = None
) -> HouseholdsView:
    """Hộ gia đình có người cách ly, hộ còn nợ khai báo lên đầu."""
    return await households.listed(reader, commune_code)


@router.post(
    "/household-orders",
    status_code=201,
    responses=problems(UnknownCommune, OutsideYourArea),
)
async def order_household(
    body: HouseholdOrderBody,
    officer: HealthOfficer,
    households: TheHouseholds,
    work: CaseWork,
    cause: IdempotencyCause,
) -> HouseholdOrderView:
    """Một quyết định cho cả hộ: each member with a result; those refused may be sent again."""
    return await households.order(body, officer, work, cause)
