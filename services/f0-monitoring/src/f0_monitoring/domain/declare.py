"""
Keeping a declaration: what is refused, what is late, and when a second measurement is asked for.

Nothing here judges the risk; that happens when the fact comes back as a command.
"""

from datetime import datetime

from common.kernel.clock import local_day
from common.kernel.decision import Decision
from f0_monitoring.domain import criteria, plausible, remeasure, slots
from f0_monitoring.domain.access import require_declarer
from f0_monitoring.domain.commands import FileReport
from f0_monitoring.domain.errors import NoSuchPatient, RecordClosed
from f0_monitoring.domain.facts import HealthReported
from f0_monitoring.domain.model import Report, Vitals
from f0_monitoring.domain.rules import Course, RiskRules, RuleSet
from f0_monitoring.domain.watched import Known

RECEIPT_LETTERS = 8
_SWAPPED_SPO2_MAX = 85
_SWAPPED_PULSE = range(90, 101)


def file_report(
    patient: Known | None, command: FileReport, rules: RiskRules, now: datetime
) -> Decision[Report]:
    """Ghi nhận tờ khai: keep it, answer with a receipt, and ask to measure again where one reading is bad."""
    if patient is None:
        raise NoSuchPatient("Không có hồ sơ F0 này. Hãy liên hệ trạm y tế xã để được khai báo.")
    require_declarer(command.by, patient)
    if patient.is_closed:
        raise RecordClosed("Hồ sơ đã kết thúc theo dõi. Nếu lại thấy không khỏe, hãy gọi trạm y tế hoặc 115.")
    plausible.require_plausible_time(command.reported_at, now, rules.on(local_day(now)).course)
    ruleset = rules.on(local_day(command.reported_at))
    plausible.check_vitals(command.vitals, ruleset.course)
    symptoms = plausible.known_symptoms(command.symptoms, ruleset.course)
    report = _report(patient, command, symptoms, ruleset, now)
    return Decision(
        state=report,
        facts=(HealthReported(patient.person_id, patient.area, report),),
        answer=_answer(patient, report, ruleset),
    )


def _report(
    patient: Known, command: FileReport, symptoms: tuple[str, ...], ruleset: RuleSet, now: datetime
) -> Report:
    return Report(
        report_id=command.report_id,
        person_id=patient.person_id,
        area=patient.area,
        reported_at=command.reported_at,
        received_at=now,
        is_late=_is_late(patient, min(command.reported_at, now), ruleset.course, now),
        declared_by=command.declared_by,
        by=command.by.subject,
        vitals=command.vitals,
        symptoms=symptoms,
    )


def _is_late(patient: Known, measured_at: datetime, course: Course, now: datetime) -> bool:
    """Tell whether it came after the deadline that it answers and that was owed, or after a newer one."""
    if patient.last_report_at is not None and measured_at < patient.last_report_at:
        return True
    due_at = slots.slot_due(course, measured_at)
    if patient.next_due_at is None or now <= due_at:
        return False
    return due_at >= patient.next_due_at or patient.missed_in_a_row > 0


def _answer(patient: Known, report: Report, ruleset: RuleSet) -> dict[str, object]:
    course = ruleset.course
    findings = criteria.find(ruleset, seen_by(patient, report, course))
    has_danger_sign = any(f.criterion.is_danger_sign and f.is_confirmed for f in findings)
    again = remeasure.asked(findings, report.vitals)
    believed_at = remeasure.believed_at(findings, report.received_at) if again else None
    is_too_early = bool(again) and remeasure.is_too_early(patient.doubt, report.measured_at, course)
    return {
        "receipt": receipt_of(report.report_id),
        "report_id": report.report_id,
        "is_late": report.is_late,
        "ask_remeasure": bool(again),
        "remeasure": list(again),
        "remeasure_after_seconds": course.remeasure_after_seconds,
        "remeasure_within_seconds": course.remeasure_within_seconds,
        "remeasure_by": believed_at.isoformat() if believed_at else None,
        "has_danger_sign": has_danger_sign,
        "advice": _advice(report.vitals, again, course, has_danger_sign, is_too_early=is_too_early),
    }


def receipt_of(report_id: str) -> str:
    """Return the number that people read out: the beginning of the report's id."""
    return report_id.replace("-", "")[:RECEIPT_LETTERS].upper()


def _advice(
    vitals: Vitals, again: tuple[str, ...], course: Course, has_danger_sign: bool, *, is_too_early: bool
) -> str:
    """Say in Vietnamese what to do next; empty when there is nothing to do."""
    parts = []
    if has_danger_sign:
        parts.append("Có dấu hiệu nguy hiểm. Nhân viên y tế sẽ liên hệ ngay; nếu nặng hơn, hãy gọi 115.")
    if again and _looks_swapped(vitals):
        parts.append(
            f"SpO2 {vitals.spo2_percent} và mạch {vitals.pulse_per_minute}: hai số có thể bị ghi đổi chỗ. "
            "Hãy nhìn lại máy đo và khai lại; nếu đúng như vậy, hãy gọi 115."
        )
    if is_too_early:
        parts.append(
            f"Hai lần đo cách nhau chưa đủ {course.remeasure_after_seconds} giây nên chưa tính là đo lại."
        )
    return " ".join((*parts, remeasure.advice(again, course))).strip()


def _looks_swapped(vitals: Vitals) -> bool:
    """Tell whether SpO2 and pulse look exchanged: a question to ask, never a silent correction."""
    spo2, pulse = vitals.spo2_percent, vitals.pulse_per_minute
    return spo2 is not None and spo2 <= _SWAPPED_SPO2_MAX and pulse in _SWAPPED_PULSE


def seen_by(patient: Known, report: Report, course: Course) -> criteria.Seen:
    """Put a declaration beside what is known of the patient; one sent twice confirms nothing."""
    doubt = patient.doubt
    is_second = doubt is not None and remeasure.is_second(doubt, report.measured_at, course)
    doubted = doubt.codes if doubt is not None and is_second else ()
    scores = [r.news2 for r in patient.readings if r.news2 is not None]
    return criteria.Seen(
        profile=patient.profile,
        vitals=report.vitals,
        symptoms=report.symptoms,
        first_spo2_percent=patient.first_spo2_percent,
        doubted=doubted,
        lowest_news2=min(scores, default=None),
    )
