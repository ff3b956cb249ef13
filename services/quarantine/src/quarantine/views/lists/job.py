"""
The job that orders the rows of lists into quarantine, page by page, and withdraws them when a list is undone.

Which list ordered a stay is written in the stay, so a page that is done again after a crash finds what is
there and answers the same.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, Generic, TypeVar

from common.kernel.areas import Actor
from common.kernel.errors import DomainError
from common.kernel.uploads import RowOutcome, UploadedList
from common.service import Runtime
from common.sheets.job import Lease
from common.sheets.pages import Answer, ListPage
from common.sheets.upload_desk import NOTE as REASON
from common.sheets.upload_desk import Uploads
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
from common.work.model import Errand, Result
from quarantine.domain.commands import OrderQuarantine, ReleaseFromQuarantine, Twin
from quarantine.domain.errors import AlreadyF0, AlreadyInQuarantine, PossibleDuplicate
from quarantine.domain.model import Case, Outcome
from quarantine.domain.standing import ending, is_open
from quarantine.ports import Cases, Lookalike
from quarantine.views.intake import Intake
from quarantine.views.lists.desk import KIND
from quarantine.views.requests import QuarantineOrderBody, ReleaseBody

_KNOWN: Final = (AlreadyInQuarantine, AlreadyF0)
_CONFIRM: Final = "Nếu là hai người khác nhau, ghi x ở cột “Đúng là người khác” rồi gửi lại."
_NOT_BEGUN: Final = "Chưa nhập thì danh sách đã bị hủy."
_MOVED_ON: Final = (
    "Đợt cách ly này đã kết thúc khác đi ({how}): không hủy theo danh sách. Hãy xem riêng hồ sơ."
)
_WORDS: Final = {
    Outcome.COMPLETED: "đủ ngày",
    Outcome.BECAME_F0: "thành F0",
    Outcome.LOST: "mất dấu",
    Outcome.MOVED_AWAY: "chuyển đi",
    Outcome.DIED: "đã mất",
}
Row = tuple[int, QuarantineOrderBody]
Who = TypeVar("Who")


class StayListJob(UploadJob):
    """Works lists of people in quarantine off, and undoes them."""

    name = "stay-lists"
    kind = KIND
    own = "stay_lists"

    def __init__(
        self,
        runtime: Runtime,
        lists: Uploads,
        cases: Cases,
        works: Mapping[str, Work[Any, Any]],
        lease: Lease | None = None,
    ) -> None:
        super().__init__(runtime, lists, works, lease)
        self._cases = cases
        self._intake = Intake(runtime, cases)

    async def taken(self, uploaded: UploadedList, page: ListPage) -> tuple[Answer, ...]:
        """Order the rows of a page."""
        answers: dict[int, Answer] = {int(each["row"]): each for each in page.answers}
        opened = self._seals.opened(page)
        rows = [(row, QuarantineOrderBody.model_validate(body)) for row, _, body in opened if body]
        signs = {row: self._intake.signs_of(body) for row, body in rows}
        files = _People[Lookalike]()
        names = {name for name, _ in signs.values()}
        either = frozenset[str]().union(*(some for _, some in signs.values()))
        for like in await self._cases.open_with(names, either):
            files.add(like.tokens, like)
        above = _People[OrderQuarantine]()
        officer = Actor(uploaded.subject, frozenset((OFFICER,)), frozenset(uploaded.area_codes))
        commands: dict[int, OrderQuarantine] = {}
        for at, (row, body) in enumerate(rows):
            if at % ROWS_PER_BREATH == 0:
                await asyncio.sleep(0)
            try:
                command = self._intake.drafted(body, officer, uploaded.source)
                if not body.confirm:
                    command = _looked_at(command, files.alike(*signs[row]), above.alike(*signs[row]))
            except DomainError as refusal:
                answers[row] = wrong(row, refusal)
                continue
            commands[row] = command
            above.add(frozenset(command.person.blind), command)
        results = await self._run("stay-row", uploaded, commands)
        for (row, command), result in zip(commands.items(), results, strict=True):
            answers[row] = _said(row, command, result)
        return tuple(answers[row] for row in sorted(answers))

    async def undone(self, uploaded: UploadedList, page: ListPage) -> tuple[Answer, ...]:
        """Withdraw what the rows of a page ordered and what has not ended otherwise."""
        # A page that was half done when the list was undone has stays without an answer: look at all.
        opened = self._seals.opened(page)
        people = {row: self._person_of(body) for row, _, body in opened if body}
        found = await self._cases.many(set(people.values()))
        own = {key: case for key, case in found.items() if case.stay and case.stay.source == uploaded.source}
        releases = {key: self._release(uploaded, key) for key, case in own.items() if is_open(case)}
        results = await self._run("undo-stay-row", uploaded, releases)
        if any(result.error for result in results):
            own |= await self._cases.many(set(releases))
        closed = {key for key, result in zip(releases, results, strict=True) if result.error is None}
        answers: dict[int, Answer] = {int(each["row"]): each for each in page.answers}
        for row, person_id in people.items():
            if person_id in own:
                answers[row] = _withdrawn(row, own[person_id], is_closed=person_id in closed)
            elif answers[row]["outcome"] == RowOutcome.READY:
                answers[row] = answer(row, RowOutcome.UNDONE, message=_NOT_BEGUN)
        return tuple(answers[row] for row in sorted(answers))

    async def _run(self, kind: str, uploaded: UploadedList, commands: Mapping[Any, Any]) -> list[Result]:
        errands = [Errand(c, cause_of(kind, uploaded, c.person_id)) for c in commands.values()]
        return await self._works["work"].run_batch(errands)

    def _person_of(self, body: dict[str, Any]) -> str:
        form = QuarantineOrderBody.model_validate(body)
        return form.person.id_from(self._runtime.pseudonyms, commune_code=form.commune_code)

    def _release(self, uploaded: UploadedList, person_id: str) -> ReleaseFromQuarantine:
        by = Actor(uploaded.undone_by, frozenset((OFFICER,)), frozenset(uploaded.area_codes))
        note = self._runtime.vault.open(uploaded.note, data_class=REASON, person_id=uploaded.list_id)
        reason = f"Hủy cả danh sách nhập nhầm: {note['note']}"
        return self._intake.to_release(
            person_id, ReleaseBody(outcome=Outcome.WRONG_ENTRY, reason=reason[:500]), by
        )


class _People(Generic[Who]):
    """Those whom a row may mean again."""

    def __init__(self) -> None:
        self._by_token: dict[str, list[tuple[frozenset[str], Who]]] = defaultdict(list)

    def add(self, tokens: frozenset[str], who: Who) -> None:
        """Know somebody by *tokens*."""
        for token in tokens:
            self._by_token[token].append((tokens, who))

    def alike(self, name: str, either: frozenset[str]) -> list[Who]:
        """Return those of this *name* (there are few) who carry one of *either*."""
        return [who for tokens, who in self._by_token.get(name, ()) if either & tokens]


def _looked_at(
    command: OrderQuarantine, files: list[Lookalike], above: list[OrderQuarantine]
) -> OrderQuarantine:
    """Name the files that *command* may mean; raises `PossibleDuplicate` where it may mean a row above."""
    if above:
        raise PossibleDuplicate(
            f"Trùng họ tên, ngày sinh hoặc điện thoại với một dòng ở trên, nhưng khác giấy tờ. {_CONFIRM}"
        )
    twins = tuple(
        Twin(like.person_id, ("họ tên, ngày sinh hoặc điện thoại",), like.starts_on, like.ends_on)
        for like in files
        if like.person_id != command.person_id
    )
    return replace(command, twins=twins)


def _said(row: int, command: OrderQuarantine, result: Result) -> Answer:
    if result.error is None:
        ends_on = result.answer.get("ends_on")
        words = f"Cách ly đến hết {date.fromisoformat(ends_on):%d/%m/%Y}." if ends_on else ""
        return answer(row, RowOutcome.DECLARED, command.person_id, words)
    if isinstance(result.error, _KNOWN):
        return answer(row, RowOutcome.REPEATED, command.person_id, told(result.error))
    if isinstance(result.error, PossibleDuplicate):
        return answer(row, RowOutcome.WRONG, message=f"{told(result.error)} {_CONFIRM}")
    return wrong(row, result.error)


def _withdrawn(row: int, case: Case, *, is_closed: bool) -> Answer:
    """Say what became of a stay: withdrawn now or by an earlier try, or kept because it ended otherwise."""
    ended = ending(case)
    if is_closed or (ended and ended.outcome is Outcome.WRONG_ENTRY):
        return answer(row, RowOutcome.UNDONE, case.person_id)
    how = _WORDS[ended.outcome] if ended and ended.outcome in _WORDS else "đang đổi"
    return answer(row, RowOutcome.KEPT, case.person_id, _MOVED_ON.format(how=how))
