"""The end of care at home: who may end today, ending it by the rule, and the certificate."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from common.credential import serial
from common.credential.refusals import Reason, Unverifiable
from common.http.bodies import Body
from common.http.pagination import Page, PageQuery, page_of
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from common.workshop import Workshop
from f0_monitoring.domain import end_of_care
from f0_monitoring.domain.access import may_read
from f0_monitoring.domain.commands import ClosePatient
from f0_monitoring.domain.end_of_care import Assay, EndCare, NegativeTest
from f0_monitoring.domain.errors import NoCertificate, NoSuchPatient
from f0_monitoring.domain.model import Level, Patient
from f0_monitoring.ports import Patients
from f0_monitoring.ports.revocations import Revocations
from f0_monitoring.rulebook.end_of_care import EndRuleBook
from f0_monitoring.views.certificate_paper import CertificateSheet, pdf
from f0_monitoring.views.record import PersonView
from f0_monitoring.views.sealing import Seal


class TestBody(Body):
    """Xét nghiệm âm tính."""

    __test__ = False
    kind: Assay = Field(description="Test nhanh hoặc RT-PCR")
    taken_on: date = Field(description="Ngày lấy mẫu")
    is_supervised: bool = Field(description="Nhân viên y tế làm, hoặc giám sát trực tiếp hay qua video")


class EndBody(Body):
    """Kết thúc theo dõi tại nhà."""

    test: TestBody | None = Field(default=None, description="Để trống nếu kết thúc theo số ngày")


class EndingView(BaseModel):
    """Người có thể kết thúc theo dõi."""

    person_id: str
    person: PersonView
    commune_code: str
    commune_name: str
    tested_on: date
    day: int = Field(description="Ngày thứ mấy, ngày dương tính là 0")
    risk_level: Level
    with_test_on: date | None = Field(description="Kết thúc được từ ngày này nếu xét nghiệm âm tính")
    without_test_on: date = Field(description="Kết thúc được từ ngày này không cần xét nghiệm")
    needs_test: bool = Field(description="Hôm nay chỉ kết thúc được với xét nghiệm âm tính")
    held_by: str = Field(description="danger-sign, signs: chưa kết thúc được vì sức khỏe")
    document: str


class VerificationBody(Body):
    """Mã quét được."""

    code: str = Field(min_length=1, max_length=2000)


class VerificationView(BaseModel):
    """Kết quả xác minh: nothing in it says from what somebody was cared for."""

    verdict: str = Field(description="valid, expired, revoked, unverifiable")
    title: str
    message: str
    number: str = ""
    full_name: str = ""
    birth_year: int | None = None
    id_tail: str = ""
    valid_until: datetime | None = None


class EndDesk:
    """Shows who may end, ends care by the rule of the day, prints and verifies certificates."""

    def __init__(
        self,
        runtime: Runtime,
        patients: Patients,
        rules: EndRuleBook,
        seal: Seal,
        workshop: Workshop,
        revocations: Revocations,
    ) -> None:
        self._runtime = runtime
        self._patients = patients
        self._rules = rules
        self._seal = seal
        self._workshop = workshop
        self._revocations = revocations

    async def waiting(self, by: Actor, paging: PageQuery) -> Page[EndingView]:
        """Show whose days are over, the longest first; the reading is noted."""
        today = local_day(self._runtime.clock.now())
        rule = self._rules.on(today)
        first = min(path.from_day for path in rule.paths)
        given = paging.after(str, str)
        after = (date.fromisoformat(str(given[0])), str(given[1])) if given else None
        latest = today - timedelta(days=first)
        found = await self._patients.at_home_since(by.area_codes, latest, limit=paging.limit + 1, after=after)
        shown, cursor = page_of(found, paging.limit, lambda one: (one.tested_on.isoformat(), one.person_id))
        await self._runtime.access_log.note(by, [one.person_id for one in shown], "Việc kết thúc theo dõi")
        return Page(items=[self._view(one, rule, today) for one in shown], next=cursor)

    async def end(self, work: Work[Any, Any], person_id: str, body: EndBody, by: Actor, cause: Cause) -> None:
        """End the care by the rule in force today."""
        rule = self._rules.on(local_day(self._runtime.clock.now()))
        await work.run(EndCare(person_id, by, rule, _test_of(body)), cause)

    def judged(self, command: ClosePatient) -> ClosePatient:
        """Return *command* with the rule that a recovery has to meet today."""
        return replace(command, rule=self._rules.on(local_day(self._runtime.clock.now())))

    async def certificate(self, person_id: str, by: Actor) -> bytes:
        """Return the certificate as PDF, for the person, named carers and staff; `NoCertificate`."""
        patient = (await self._patients.many([person_id])).get(person_id)
        if patient is None or not may_read(by, patient):
            raise NoSuchPatient("Không có hồ sơ này trong phạm vi của bạn.")
        rule_path = end_of_care.rule_of(patient)
        if not rule_path or not patient.sealed:
            raise NoCertificate(
                "Chỉ có giấy khi trạm y tế kết thúc theo dõi theo quy định và hồ sơ đủ họ tên."
            )
        number = self._seal.certificate_number(person_id, patient.episode)
        if await self._revocations.one(number.hex()):
            raise NoCertificate("Giấy xác nhận này đã bị thu hồi. Hãy hỏi trạm y tế nơi cấp.")
        await self._runtime.access_log.note(by, [person_id], "In giấy xác nhận")
        return await self._workshop.do(pdf, await self._sheet(patient, rule_path.rpartition(".")[0]))

    async def verify(self, code: str) -> VerificationView:
        """Say what a code proves now, in words that name no disease."""
        now = self._runtime.clock.now()
        try:
            found = await self._seal.verified(code.strip("\r\n"))
        except Unverifiable as fault:
            why = _FOREIGN if fault.reason is Reason.FOREIGN else _BROKEN
            return VerificationView(verdict="unverifiable", title=_TITLES["unverifiable"], message=why)
        if await self._revocations.one(found.cti.hex()):
            return _revoked(serial.spaced(serial.serial_of(found.cti)))
        verdict = "valid" if found.valid_from <= now <= found.valid_until else "expired"
        return VerificationView(
            verdict=verdict,
            title=_TITLES[verdict],
            message=_MESSAGES[verdict],
            number=serial.spaced(serial.serial_of(found.cti)),
            full_name=found.name,
            birth_year=found.birth_year,
            id_tail=found.id_tail,
            valid_until=found.valid_until,
        )

    async def _sheet(self, patient: Patient, version: str) -> CertificateSheet:
        person = self._runtime.vault.open(patient.sealed, person_id=patient.person_id)
        rule, closed_at = self._rules.version(version), patient.history[-1].at
        closed_on = local_day(closed_at)
        last_day = closed_on + timedelta(days=rule.certificate_days)
        until = end_of_care.certificate_until(rule, patient)
        code, number = await self._seal.code_of(patient.person_id, patient.episode, person, closed_at, until)
        name_of = self._runtime.units.name_of
        commune = name_of(patient.area.commune_code)
        paper = PersonView.of(person).id_tail or ""
        return CertificateSheet(
            number=number,
            code=code,
            name=str(person["full_name"]),
            birth_year=int(person["birth_year"]),
            id_tail=paper,
            address=f"{person.get('address', '')}, {commune}, {name_of(patient.area.district_code)}",
            from_on=local_day(patient.declared_at),
            until_on=closed_on,
            valid_until_on=last_day,
            station=f"Trạm y tế {commune}",
            document="quy định theo dõi y tế tại nhà của Bộ Y tế",
        )

    def _view(self, patient: Patient, rule: end_of_care.EndRule, today: date) -> EndingView:
        seen = end_of_care.outlook(patient, rule, today)
        fields = (
            self._runtime.vault.open(patient.sealed, person_id=patient.person_id) if patient.sealed else {}
        )
        return EndingView(
            person_id=patient.person_id,
            person=PersonView.of(fields),
            commune_code=patient.area.commune_code,
            commune_name=self._runtime.units.name_of(patient.area.commune_code),
            tested_on=patient.tested_on,
            day=seen.day,
            risk_level=patient.risk.level,
            with_test_on=seen.with_test_on,
            without_test_on=seen.without_test_on,
            needs_test=today < seen.without_test_on,
            held_by=seen.held_by,
            document=rule.document,
        )


_TITLES = {
    "valid": "GIẤY THẬT, CÒN HIỆU LỰC",
    "expired": "GIẤY THẬT, NGOÀI THỜI HẠN",
    "revoked": "GIẤY ĐÃ BỊ THU HỒI",
    "unverifiable": "KHÔNG XÁC MINH ĐƯỢC",
}
_MESSAGES = {
    "valid": "Giấy hoàn thành theo dõi y tế. Hãy so họ tên, giấy tờ. Giấy này không thay giấy đi đường.",
    "expired": "Giấy hoàn thành theo dõi y tế đã hết hạn hoặc chưa đến ngày. Hãy hỏi trạm y tế nơi cấp.",
}


def _revoked(number: str) -> VerificationView:
    """Say that it does not count; whose it was is of no more use to anybody."""
    message = "Nơi cấp đã thu hồi giấy này: không công nhận. Người giữ giấy hỏi trạm y tế nơi cấp."
    return VerificationView(verdict="revoked", title=_TITLES["revoked"], message=message, number=number)


_FOREIGN = "Đây không phải giấy hoàn thành theo dõi y tế. Giấy đi đường thì quét ở trang của chốt."
_BROKEN = "Mã bị hỏng, bị sửa, hoặc không do ngành y tế tỉnh ký. Hãy quét lại; vẫn vậy thì không công nhận."


def _test_of(body: EndBody) -> NegativeTest | None:
    test = body.test
    return NegativeTest(test.kind, test.taken_on, test.is_supervised) if test else None
