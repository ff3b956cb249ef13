"""
Closing a record (kết thúc hồ sơ): recovered, died, or never was an F0.

"Recovered" needs the dated rule of the end of care. Who is at home goes by it, with the danger signs that it
looks at; whom a hospital lets go only needs the days, because the hospital has seen the person since. An
officer of the district may go beyond the rule with a reason: that is kept and gives no certificate.
"""

from datetime import date, datetime
from typing import ClassVar

from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.kernel.errors import DomainError, Invalid, Kind
from f0_monitoring.domain import care, end_of_care
from f0_monitoring.domain.access import require_staff
from f0_monitoring.domain.commands import ClosePatient
from f0_monitoring.domain.errors import EndTooEarly
from f0_monitoring.domain.facts import PatientClosed
from f0_monitoring.domain.model import CLOSED, DECLARING, CareState, Patient, Step
from f0_monitoring.domain.rules import Course

OVERRIDDEN = "end-override"
"""Reason of a step that ended care beyond the rule; the words are in its note."""
OVERRIDING = frozenset(("health_officer", "administrator"))


class OverrideRefused(DomainError):
    """Ending care beyond the rule is for the district and above."""

    slug: ClassVar[str] = "override-refused"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    title: ClassVar[str] = "Không được kết thúc trước hạn"


def closed(
    patient: Patient, command: ClosePatient, course: Course, now: datetime
) -> tuple[Patient, PatientClosed]:
    """
    Close *patient*.

    Refuses `Invalid` outcomes, illegal transitions, `EndTooEarly` recoveries, and answers `OverrideRefused`
    to whoever may not go beyond the rule.
    """
    require_staff(command.by, patient)
    if command.outcome not in CLOSED:
        raise Invalid("Kết thúc hồ sơ bằng: khỏi bệnh, tử vong hoặc khai báo nhầm.", field="outcome")
    care.require_legal(patient.care, command.outcome)
    reason = command.reason
    if command.outcome is CareState.RECOVERED:
        reason = _recovery(patient, command, local_day(now))
    step = Step(command.outcome, now, command.on_behalf_of or command.by.subject, reason, command.note)
    fact = PatientClosed(
        person_id=patient.person_id,
        area=patient.area,
        outcome=command.outcome,
        care=patient.care,
        level=patient.risk.level,
        closed_on=local_day(now),
    )
    return care.moved(patient, command.outcome, step, course, now), fact


def may_override(actor: Actor, area: Area) -> bool:
    """Tell whether *actor* may end care beyond the rule: district or province, not the station, no doctor."""
    return bool(actor.roles & OVERRIDING and actor.area_codes & {area.district_code, area.province_code})


def _recovery(patient: Patient, command: ClosePatient, today: date) -> str:
    """Return the reason that the step keeps: by which rule, or that it went beyond one."""
    if command.is_override:
        if not may_override(command.by, patient.area):
            raise OverrideRefused(
                "Chỉ trung tâm y tế huyện hoặc cấp trên được kết thúc trước hạn. "
                "Hãy đề nghị huyện, hoặc chờ đủ ngày theo quy định."
            )
        if not command.note:
            raise Invalid("Hãy ghi rõ vì sao kết thúc trước hạn.", field="reason")
        return OVERRIDDEN
    if command.rule is None:
        raise EndTooEarly("Không rõ quy định kết thúc theo dõi. Hãy tải lại trang rồi thử lại.")
    if patient.care in DECLARING:
        return end_of_care.reason_of(patient, command.rule, None, today)
    seen = end_of_care.outlook(patient, command.rule, today)
    if today < seen.without_test_on:
        raise EndTooEarly(
            f"Hôm nay là ngày thứ {seen.day} ({command.rule.document}). Người đang nằm viện kết thúc được từ "
            f"{seen.without_test_on:%d/%m/%Y}. Về sớm hơn thì chuyển về nhà theo dõi tiếp, hoặc nhờ huyện."
        )
    return command.reason
