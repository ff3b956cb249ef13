"""Orders and certificates: printed one by one or for a whole selection, verified by their code."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from common.credential import serial
from common.credential.quarantine_paper import QuarantinePaper
from common.credential.refusals import Reason, Unverifiable
from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.kernel.key_ring import KeyRing
from common.service import Runtime
from common.work.ledger import Ledger
from common.work.model import Cause, Errand
from common.workshop import Workshop
from quarantine.domain.access import may_read
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case, Person, Stay
from quarantine.domain.papers import KeepPaper, NoPaper, PaperKind, PaperState, Terms, state_of, terms_of
from quarantine.domain.rules import QuarantineRules
from quarantine.ports import Cases, Papers
from quarantine.views.lists.words import PLACES
from quarantine.views.papers.drawing import PaperSheet, pdf
from quarantine.views.papers.seal import PaperSeal
from quarantine.views.requests import PersonIdText

PAPERS_MAX: Final = 400
"""Some seconds of drawing and a ream of paper."""
_AT_ONCE: Final = 10
"""Sheets that are opened and signed before others are served: some milliseconds."""
_HIDDEN: Final = "Không có hồ sơ cách ly này trong địa bàn của bạn."


class PrintBody(Body):
    """In giấy cho nhiều người."""

    kind: PaperKind = Field(description="order: quyết định; completion: giấy xác nhận hoàn thành")
    person_ids: list[PersonIdText] = Field(min_length=1, max_length=PAPERS_MAX, description="Người cần in")


class CodeBody(Body):
    """Mã quét được."""

    code: str = Field(min_length=1, max_length=2000)


class PaperVerdict(BaseModel):
    """Kết quả xác minh: nothing in it says why somebody was kept in quarantine."""

    verdict: str = Field(description="valid, over, changed, withdrawn, expired, unverifiable")
    title: str
    message: str
    kind: PaperKind | None = None
    number: str = ""
    full_name: str = ""
    birth_year: int | None = None
    id_tail: str = ""
    first_day: date | None = None
    last_day: date | None = None


class PaperDesk:
    """Prints papers for those who may read the files, and says what a code means now."""

    def __init__(
        self,
        runtime: Runtime,
        cases: Cases,
        papers: Papers,
        rules: QuarantineRules,
        seal: PaperSeal,
        workshop: Workshop,
        kept: Ledger[Any, Any],
    ) -> None:
        self._runtime = runtime
        self._cases = cases
        self._papers = papers
        self._rules = rules
        self._seal = seal
        self._workshop = workshop
        self._kept = kept

    async def one(self, person_id: str, kind: PaperKind, by: Actor) -> bytes:
        """Return one paper as PDF, for officers of the area, the person and the family; `NoPaper`."""
        asked = [person_id, *([by.person_id] if by.person_id else [])]
        found = await self._cases.many(asked)
        case, own = found.get(person_id), found.get(by.person_id or "")
        if case is None or case.person is None or not may_read(by, person_id, case.person, own):
            raise CaseNotFound(_HIDDEN)
        return await self._printed([(case, terms_of(case, kind))], by)

    async def many(self, body: PrintBody, by: Actor) -> bytes:
        """Return papers in the order asked for, one page each; people who have no such paper are left out."""
        found = await self._cases.many(set(body.person_ids))
        wanted = list(dict.fromkeys(body.person_ids))
        cases = [case for key in wanted if (case := found.get(key)) and case.person]
        if len(cases) < len(wanted) or not all(case.person and by.covers(case.person.area) for case in cases):
            raise CaseNotFound(f"Có hồ sơ không thuộc địa bàn của bạn. Chưa in giấy nào. {_HIDDEN}")
        papers = [(case, terms) for case in cases if (terms := _given(case, body.kind))]
        if not papers:
            raise NoPaper("Không ai trong danh sách đang có giấy này để in.")
        return await self._printed(papers, by)

    async def verify(self, code: str) -> PaperVerdict:
        """Say what a code proves and whether it is still so."""
        try:
            found = await self._seal.verified(code.strip("\r\n"))
        except Unverifiable as fault:
            why = _FOREIGN if fault.reason is Reason.FOREIGN else _BROKEN
            return PaperVerdict(verdict="unverifiable", title=_TITLES["unverifiable"], message=why)
        paper = await self._papers.of_number(serial.serial_of(found.cti))
        if paper is None:
            return PaperVerdict(verdict="unverifiable", title=_TITLES["unverifiable"], message=_BROKEN)
        case = (await self._cases.many([paper.terms.person_id])).get(paper.terms.person_id)
        verdict = _verdict(state_of(paper.terms, case), found, self._runtime.clock.now())
        return _described(found, paper.terms, verdict)

    async def _printed(self, papers: Sequence[tuple[Case, Terms]], by: Actor) -> bytes:
        """Note the reading, keep what each paper says, then draw."""
        people = [case.person_id for case, _ in papers]
        await self._runtime.access_log.note(by, people, "In giấy cách ly")
        ring = await self._seal.known()
        sheets: list[PaperSheet] = []
        for at, (case, terms) in enumerate(papers):
            if at % _AT_ONCE == 0:
                await asyncio.sleep(0)  # opening and signing a sheet waits for nothing by itself
            if case.person and case.stay:
                sheets.append(self._sheet(case.person, case.stay, terms, ring))
        await self._keep(zip(sheets, (terms for _, terms in papers), strict=True), by)
        return await self._workshop.do(pdf, sheets)

    async def _keep(self, printed: Iterable[tuple[PaperSheet, Terms]], by: Actor) -> None:
        kept = [KeepPaper(serial.serial_of(sheet.number), terms, by.subject) for sheet, terms in printed]
        errands = [Errand(one, Cause(derived_id("paper", one.number))) for one in kept]
        for result in await self._kept.run_batch(errands):
            if result.error is not None:
                raise result.error

    def _sheet(self, person: Person, stay: Stay, terms: Terms, ring: KeyRing) -> PaperSheet:
        fields = self._runtime.vault.open(person.sealed, person_id=terms.person_id)
        code, number = self._seal.code_of(terms, fields, ring)
        name_of, paper, found = self._runtime.units.name_of, stay.paper, self._rules.find(stay.protocol)
        commune = name_of(person.area.commune_code)
        identity = str(fields.get("cccd") or fields.get("cmnd") or fields.get("passport") or "")
        return PaperSheet(
            kind=terms.kind,
            number=number,
            code=code,
            name=str(fields["full_name"]),
            birth_year=int(fields["birth_year"]),
            id_tail=identity[-4:],
            address=f"{fields.get('address', '')}, {commune}",
            place=PLACES[stay.place],
            first_day=terms.first_day,
            last_day=terms.last_day,
            district=name_of(person.area.district_code),
            commune=commune,
            order_number=paper.number if paper else "",
            order_signed_on=paper.signed_on if paper else None,
            document=f"văn bản {found[0].document.number}" if found else "quy định cách ly y tế",
            issued_on=local_day(terms.issued_at),
        )


def _given(case: Case, kind: PaperKind) -> Terms | None:
    try:
        return terms_of(case, kind)
    except NoPaper:
        return None


def _verdict(state: PaperState, found: QuarantinePaper, now: datetime) -> str:
    if state is not PaperState.TRUE:
        return str(state)
    return "valid" if now <= found.valid_until else "expired"


def _described(found: QuarantinePaper, terms: Terms, verdict: str) -> PaperVerdict:
    return PaperVerdict(
        verdict=verdict,
        title=_TITLES[verdict],
        message=_MESSAGES.get((terms.kind, verdict)) or _MESSAGES_OF_ALL[verdict],
        kind=terms.kind,
        number=serial.spaced(serial.serial_of(found.cti)),
        full_name=found.name,
        birth_year=found.birth_year,
        id_tail=found.id_tail,
        first_day=found.first_day,
        last_day=found.last_day,
    )


_TITLES: Final = {
    "valid": "GIẤY THẬT, CÒN HIỆU LỰC",
    "over": "GIẤY THẬT, ĐỢT CÁCH LY ĐÃ KẾT THÚC",
    "changed": "GIẤY CŨ, NGÀY HOẶC NƠI ĐÃ ĐỔI",
    "withdrawn": "GIẤY ĐÃ BỊ RÚT LẠI",
    "expired": "GIẤY THẬT, NGOÀI THỜI HẠN",
    "unverifiable": "KHÔNG XÁC MINH ĐƯỢC",
}
_MESSAGES: Final = {
    (PaperKind.ORDER, "valid"): "Quyết định cách ly đang có hiệu lực. Hãy so họ tên, giấy tờ.",
    (
        PaperKind.COMPLETION,
        "valid",
    ): "Đã hoàn thành cách ly. Hãy so họ tên, giấy tờ. Không thay giấy đi đường.",
}
_MESSAGES_OF_ALL: Final = {
    "over": "Người này không còn cách ly theo quyết định này.",
    "changed": "Quyết định đã đổi sau khi in giấy này. Hãy in lại ở trạm y tế; giấy này không còn đúng.",
    "withdrawn": "Giấy được cấp do nhầm và đã rút lại: không có giá trị. Người giữ giấy hãy hỏi trạm y tế.",
    "expired": "Giấy đã hết hạn. Hãy hỏi trạm y tế nơi cấp.",
}
_FOREIGN: Final = "Đây không phải giấy cách ly. Giấy đi đường thì quét ở trang của chốt."
_BROKEN: Final = "Mã bị hỏng, bị sửa, hoặc không do tỉnh ký. Hãy quét lại; vẫn vậy thì không công nhận."
