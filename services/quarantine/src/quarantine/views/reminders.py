"""What a reminder of a check-in says, and to whom it goes."""

from common.courier import Letter, NoLetter
from common.kernel.clock import VIETNAM
from common.kernel.messages import Message
from common.people.phones import normal_phone
from common.service import Runtime
from common.sms import bare
from quarantine.domain.model import Case
from quarantine.domain.supervision.model import CheckIn
from quarantine.ports import Cases
from quarantine.ports.supervision import Supervisions
from quarantine.views.followed import followed


class ReminderWriter:
    """Writes the message when its time has come: by then the request may be answered."""

    def __init__(
        self, runtime: Runtime, cases: Cases, supervisions: Supervisions, *, link: str, has_accents: bool
    ) -> None:
        self._runtime = runtime
        self._cases, self._supervisions = cases, supervisions
        self._link, self._has_accents = link, has_accents

    async def write(self, message: Message) -> Letter | NoLetter:
        """Return number and words; nothing for whoever answered, looked, or owes no answer any more."""
        watched = await self._supervisions.get(message.person_id)
        request = watched.open if watched else None
        if request is None or request.request_id != message.about_id or request.seen_at is not None:
            return NoLetter("not-ahead")
        case = (await self._cases.many([message.person_id])).get(message.person_id)
        to = await self._number_of(await followed(self._cases, case))
        return Letter(to, self._words(request)) if to else NoLetter("no-number", is_failure=True)

    async def _number_of(self, case: Case | None) -> str:
        """Return the number of the person, or that of a trusted relative who has a file here."""
        if case is None or case.person is None:
            return ""
        relatives = await self._cases.many(case.person.trusted) if case.person.trusted else {}
        for one in (case, *relatives.values()):
            if number := self._own_number(one):
                return number
        return ""

    def _own_number(self, case: Case) -> str:
        if case.person is None:
            return ""
        fields = self._runtime.vault.open(case.person.sealed, person_id=case.person_id)
        return normal_phone(str(fields.get("phone") or "")) or ""

    def _words(self, request: CheckIn) -> str:
        """No name, no illness and no word of where somebody must be: phones are shared and looked at."""
        until = request.answer_by.astimezone(VIETNAM)
        text = (
            f"Bạn có một câu hỏi chờ trả lời trước {until:%H:%M} ngày {until:%d/%m}. "
            f"Mở: {self._link} . Cần giúp gọi 1022."
        )
        return text if self._has_accents else bare(text)
