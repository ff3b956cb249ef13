"""
The job that works staff lists off, page by page, one page of each list in turn.

A page goes through the unit of work like two hundred single applications; then its answers are kept, then the
list notes it. Whoever is killed in between leaves a page that is done again: the number of each permit comes
from who, what and when, so doing it again finds what is there.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, Final

from common.kernel.areas import Actor
from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.service import Runtime
from common.sheets.job import Lease, PagedJob
from common.sheets.pages import ListPage
from common.work.engine import Work
from common.work.model import Cause, Errand
from permit.domain.authority import EMPLOYER
from permit.domain.commands import Apply
from permit.domain.directives import AreaDirective
from permit.domain.firms import Firm
from permit.domain.model import Holder, Outcome, Permit, Status
from permit.domain.staff_lists import ListStatus, NotePage, RowOutcome, StaffList, VouchFor
from permit.ports import Directives, Holders
from permit.ports.staff import FirmById, Firms, StaffLists
from permit.views.intake import Intake
from permit.views.requests import ApplicationBody
from permit.views.signing import SigningDesk
from permit.views.staff_lists import seals_of
from permit.views.words import NOT_NOW

LISTS_AT_ONCE: Final = 20
_ROWS_PER_BREATH: Final = 10
"""After so many rows others may use the event loop: a signature takes half a millisecond."""
_AGAIN: Final = {
    Status.ISSUED: "Người này đã có giấy cho nhóm và ngày này, đang hiệu lực.",
    Status.SUSPENDED: "Người này đã có giấy cho nhóm và ngày này, đang tạm dừng.",
    Status.QUEUED: "Hồ sơ này đã nộp từ trước, đang chờ duyệt.",
    Status.REFUSED: "Hồ sơ này đã nộp từ trước và không được cấp.",
    Status.REVOKED: "Giấy cho nhóm và ngày này đã được hủy hoặc thu hồi. Cần giấy mới: ghi ngày khác.",
    Status.EXPIRED: "Giấy cho nhóm và ngày này đã hết hạn. Hãy ghi ngày mới.",
}
_OTHER_TERMS: Final = (
    " Giấy đó ghi nơi đi hoặc biển số khác dòng này; muốn đổi, hãy hủy giấy cũ rồi ghi ngày mới."
)
_OUTCOMES: Final = {Status.QUEUED: RowOutcome.QUEUED, Status.REFUSED: RowOutcome.REFUSED}
Answer = dict[str, str | int]


class ImportJob(PagedJob):
    """Works staff lists off."""

    name = "staff-lists"

    def __init__(
        self,
        runtime: Runtime,
        lists: StaffLists,
        firms: Firms,
        holders: Holders,
        directives: Directives,
        signing: SigningDesk,
        works: Mapping[str, Work[Any, Any]],
        lease: Lease | None = None,
    ) -> None:
        super().__init__(lease)
        self._runtime = runtime
        self._seals = seals_of(runtime)
        self._lists = lists
        self._firms = firms
        self._holders = holders
        self._directives = directives
        self._signing = signing
        self._works = works

    async def round(self) -> int:
        """Wake lists whose firm was confirmed, then do one page of each list; return how many pages."""
        for firm_id in await self._lists.waiting_firms():
            firm = await self._firms.of_id(firm_id)
            if firm is not None and firm.is_confirmed:
                await self._vouch(firm_id)
        working = await self._lists.in_status(ListStatus.WORKING, limit=LISTS_AT_ONCE)
        for staff_list in working:
            await self._work_off(staff_list)
        return len(working)

    async def _vouch(self, firm_id: str) -> None:
        for waiting in await self._lists.in_status(ListStatus.WAITING, limit=LISTS_AT_ONCE, firm_id=firm_id):
            cause = Cause(derived_id("vouched", waiting.list_id))
            await self._works["staff_lists"].run(VouchFor(waiting.list_id), cause)

    async def _work_off(self, staff_list: StaffList) -> None:
        number, changes = staff_list.pages_done, {}
        for page in await self._lists.pages(staff_list.list_id, number, 1):
            answered = page.answered(staff_list.status, await self._answered(staff_list, page))
            await self._lists.keep_pages([answered])
            changes = answered.changes
        note = NotePage(staff_list.list_id, number, changes)
        cause = Cause(derived_id("page", staff_list.list_id, str(number)))
        await self._works["staff_lists"].run(note, cause)

    async def _answered(self, staff_list: StaffList, page: ListPage) -> tuple[Answer, ...]:
        answers = {int(answer["row"]): dict(answer) for answer in page.answers}
        commands: dict[int, Apply] = {}
        intake = self._intake()
        for row, _, body in self._seals.opened(page):
            if body is None:
                continue
            if row % _ROWS_PER_BREATH == 0:
                await asyncio.sleep(0)
            try:
                commands[row] = await self._drafted(intake, staff_list, body)
            except DomainError as refusal:
                answers[row] = _wrong(row, refusal)
        return await self._applied(staff_list, commands, answers)

    async def _drafted(self, intake: Intake, staff_list: StaffList, body: dict[str, Any]) -> Apply:
        application = ApplicationBody.model_validate(body)
        person_id = application.person.id_from(
            self._runtime.pseudonyms, commune_code=application.commune_code
        )
        period = (application.valid_from.isoformat(), application.valid_until.isoformat())
        cause = Cause(derived_id("staff", staff_list.firm_id, person_id, application.category, *period))
        employer = Actor(staff_list.subject, frozenset((EMPLOYER,)))
        return await intake.to_apply(application, employer, cause)

    async def _applied(
        self, staff_list: StaffList, commands: Mapping[int, Apply], answers: dict[int, Answer]
    ) -> tuple[Answer, ...]:
        correlation = staff_list.list_id
        errands = [
            Errand(command, Cause(derived_id("staff-row", command.permit_id), correlation_id=correlation))
            for command in commands.values()
        ]
        results = await self._works["holders"].run_batch(errands)
        files = await self._holders.of_permits({command.permit_id for command in commands.values()})
        for (row, command), result in zip(commands.items(), results, strict=True):
            file = files.get(command.permit_id)
            if result.error is not None or file is None:
                answers[row] = _wrong(row, result.error)
            else:
                answers[row] = _told(row, command, file, staff_list)
        return tuple(answers[row] for row in sorted(answers))

    def _intake(self) -> Intake:
        directives, firms = _KnownDirectives(self._directives), _KnownFirms(self._firms)
        return Intake(self._runtime, self._holders, directives, self._signing, firms)


def _wrong(row: int, error: Exception | None) -> Answer:
    detail = error.detail if isinstance(error, DomainError) else "Hệ thống gặp lỗi với dòng này. Hãy gửi lại."
    return {"row": row, "outcome": str(RowOutcome.WRONG), "message": detail}


def _told(row: int, command: Apply, file: Holder, staff_list: StaffList) -> Answer:
    """Say what became of a row. A permit that is older than the list was there before it."""
    permit = file.permit(command.permit_id)
    if permit is None:
        return _wrong(row, None)
    status = file.status_of(permit)
    answer: Answer = {"row": row, "permit_id": permit.permit_id, "person_id": file.person_id}
    if permit.applied_at < staff_list.received_at:
        is_other = (permit.terms.areas, permit.terms.plate) != (command.terms.areas, command.terms.plate)
        message = _AGAIN[status] + (_OTHER_TERMS if is_other else "")
        return {**answer, "outcome": str(RowOutcome.REPEATED), "message": message}
    outcome = _OUTCOMES.get(status, RowOutcome.ISSUED)
    return {**answer, "outcome": str(outcome), "message": _reason(permit, outcome)}


def _reason(permit: Permit, outcome: RowOutcome) -> str:
    is_not_now = outcome is RowOutcome.REFUSED and permit.ruling.outcome is Outcome.APPROVED
    return NOT_NOW if is_not_now else permit.ruling.reason


class _KnownDirectives:
    """What is ordered where, asked once for a page."""

    def __init__(self, directives: Directives) -> None:
        self._directives = directives
        self._known: dict[str, AreaDirective | None] = {}

    async def of_areas(self, codes: Collection[str]) -> Mapping[str, AreaDirective]:
        unknown = [code for code in codes if code not in self._known]
        if unknown:
            found = await self._directives.of_areas(unknown)
            self._known |= {code: found.get(code) for code in unknown}
        known = {code: self._known[code] for code in codes}
        return {code: order for code, order in known.items() if order is not None}

    async def every(self) -> list[AreaDirective]:
        return await self._directives.every()


class _KnownFirms:
    """The one firm of a page, asked once."""

    def __init__(self, firms: FirmById) -> None:
        self._firms = firms
        self._known: dict[str, Firm | None] = {}

    async def of_id(self, firm_id: str) -> Firm | None:
        if firm_id not in self._known:
            self._known[firm_id] = await self._firms.of_id(firm_id)
        return self._known[firm_id]
