"""
The job that declares the rows of lists, page by page, and closes them again when a list is undone.

Whose record came from which list is written in the record itself, so a page that is done again after a crash
finds what is there and answers the same.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from common.kernel.areas import MACHINE, Actor
from common.kernel.errors import DomainError
from common.service import Runtime
from common.sheets.job import Lease
from common.sheets.pages import Answer, ListPage
from common.sheets.upload_job import (
    OFFICER,
    ROWS_PER_BREATH,
    UploadJob,
    answer,
    cause_of,
    told,
    wrong,
)
from common.work.engine import Work
from common.work.model import Errand
from f0_monitoring.domain import assign, care
from f0_monitoring.domain.case_lists import UNDONE_REASON, CaseList, RowOutcome
from f0_monitoring.domain.commands import Candidate, ClosePatient, DeclarePatient
from f0_monitoring.domain.errors import AlreadyDeclared, AlreadyEnded
from f0_monitoring.domain.model import DECLARING, CareState, Patient
from f0_monitoring.ports import CaseLists, Patients
from f0_monitoring.views.intake import Intake
from f0_monitoring.views.lists.desk import KIND
from f0_monitoring.views.requests import PatientBody
from f0_monitoring.views.staff import Staff

_KNOWN: Final = (AlreadyDeclared, AlreadyEnded)
_MOVED_ON: Final = "Người này {state}: không hủy theo danh sách. Nếu đúng là khai nhầm, hãy đóng riêng hồ sơ."


class ListJob(UploadJob):
    """Works lists of F0 off, and undoes them."""

    name = "case-lists"
    kind = KIND
    own = "case_lists"

    def __init__(
        self,
        runtime: Runtime,
        lists: CaseLists,
        patients: Patients,
        staff: Staff,
        works: Mapping[str, Work[Any, Any]],
        lease: Lease | None = None,
    ) -> None:
        super().__init__(runtime, lists, works, lease)
        self._patients = patients
        self._staff = staff
        self._intake = Intake(runtime, staff)

    async def taken(self, case_list: CaseList, page: ListPage) -> tuple[Answer, ...]:
        """Declare the rows of a page."""
        answers: dict[int, Answer] = {int(each["row"]): each for each in page.answers}
        officer = Actor(case_list.subject, frozenset((OFFICER,)), frozenset(case_list.area_codes))
        commands: dict[int, DeclarePatient] = {}
        candidates = await self._staff.candidates()
        for row, _, body in self._seals.opened(page):
            if body is None:
                continue
            if row % ROWS_PER_BREATH == 0:
                await asyncio.sleep(0)
            try:
                form = PatientBody.model_validate(body)
                command = self._intake.drafted(form, officer, candidates, source=case_list.source)
            except DomainError as refusal:
                answers[row] = wrong(row, refusal)
                continue
            commands[row], candidates = _placed(command, candidates)
        return await self._applied(case_list, commands, answers)

    async def _applied(
        self, case_list: CaseList, commands: Mapping[int, DeclarePatient], answers: dict[int, Answer]
    ) -> tuple[Answer, ...]:
        errands = [Errand(c, cause_of("case-row", case_list, c.person_id)) for c in commands.values()]
        results = await self._works["work"].run_batch(errands)
        for (row, command), result in zip(commands.items(), results, strict=True):
            if result.error is None:
                answers[row] = answer(row, RowOutcome.DECLARED, command.person_id)
            elif isinstance(result.error, _KNOWN):
                answers[row] = answer(row, RowOutcome.REPEATED, command.person_id, told(result.error))
            else:
                answers[row] = wrong(row, result.error)
        return tuple(answers[row] for row in sorted(answers))

    async def undone(self, case_list: CaseList, page: ListPage) -> tuple[Answer, ...]:
        """Close the records that the rows of a page opened."""
        # A page that was half done when the list was undone has records without an answer: look at all.
        rows = {row: self._person_of(body) for row, _, body in self._seals.opened(page) if body}
        found = await self._patients.many(set(rows.values()))
        own = {person_id: p for person_id, p in found.items() if p.source == case_list.source}
        errands = [self._closing(case_list, p) for p in own.values() if p.care in DECLARING]
        results = await self._works["work"].run_batch(errands)
        failed = {e.command.person_id for e, r in zip(errands, results, strict=True) if r.error is not None}
        if failed:
            found = await self._patients.many(failed)
            own |= found
        answers: dict[int, Answer] = {int(each["row"]): each for each in page.answers}
        for row, person_id in rows.items():
            if person_id in own:
                answers[row] = _undone_answer(row, own[person_id], is_closed=person_id not in failed)
            elif answers[row]["outcome"] == RowOutcome.READY:
                answers[row] = answer(row, RowOutcome.UNDONE, message="Chưa nhập thì danh sách đã bị hủy.")
        return tuple(answers[row] for row in sorted(answers))

    def _person_of(self, body: dict[str, Any]) -> str:
        form = PatientBody.model_validate(body)
        return form.person.id_from(self._runtime.pseudonyms, commune_code=form.commune_code)

    def _closing(self, case_list: CaseList, patient: Patient) -> Errand:
        command = ClosePatient(
            patient.person_id, CareState.WRONGLY_DECLARED, UNDONE_REASON, "", MACHINE, case_list.undone_by
        )
        return Errand(command, cause_of("undo-row", case_list, patient.person_id))


def _placed(
    command: DeclarePatient, candidates: tuple[Candidate, ...]
) -> tuple[DeclarePatient, tuple[Candidate, ...]]:
    """
    Choose the doctor of a row and count it for them, so that a page does not fill one beyond capacity.

    The decision then has that one to choose from, and does not look through the roster again.
    """
    choice = assign.choose(command.person_id, command.area, command.profile, candidates)
    if choice is None:
        return command, candidates
    at = next(at for at, one in enumerate(candidates) if one.doctor_id == choice.doctor_id)
    chosen = candidates[at]
    counted = replace(chosen, load=chosen.load + 1)
    return replace(command, candidates=(chosen,)), (*candidates[:at], counted, *candidates[at + 1 :])


def _undone_answer(row: int, patient: Patient, *, is_closed: bool) -> Answer:
    """Say what became of a record: closed now or by an earlier try, or kept because the care went on."""
    was_undone = patient.care is CareState.WRONGLY_DECLARED
    if was_undone or (is_closed and patient.care in DECLARING):
        return answer(row, RowOutcome.UNDONE, patient.person_id)
    message = _MOVED_ON.format(state=care.WORDS[patient.care])
    return answer(row, RowOutcome.KEPT, patient.person_id, message)
