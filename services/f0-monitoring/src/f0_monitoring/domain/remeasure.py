"""
Đo lại: what one doubtful reading asks for, and when a second one counts as a second one.

261/QĐ-BYT: repeat an abnormal SpO2 after 30 seconds to one minute, the probe held still. Two readings
within the same seconds are one reading sent twice (a double tap, the phones of two people).
"""

from datetime import datetime, timedelta

from f0_monitoring.domain import news2
from f0_monitoring.domain.criteria import Finding
from f0_monitoring.domain.model import Doubt, Vitals
from f0_monitoring.domain.rules import Course
from f0_monitoring.domain.signs import NUMBERS, SATURATION_ALONE, Measure

SPO2 = Measure.SPO2.value
_BY_PART = {
    "breaths": Measure.BREATHS.value,
    "spo2": SPO2,
    "systolic": Measure.SYSTOLIC.value,
    "pulse": Measure.PULSE.value,
    "temperature": Measure.TEMPERATURE.value,
}
"""What to measure again when a part of NEWS2 scored."""
_ADVICE = {
    SPO2: "Hãy ngồi nghỉ, làm ấm tay, lau sơn móng, đổi ngón khác và đo lại SpO2, giữ yên tay.",
    Measure.PULSE.value: "Hãy ngồi nghỉ rồi đo lại mạch.",
    Measure.BREATHS.value: "Hãy ngồi yên và đếm lại nhịp thở đủ một phút.",
    Measure.SYSTOLIC.value: "Hãy ngồi nghỉ, kê tay ngang tim và đo lại huyết áp.",
    Measure.DIASTOLIC.value: "Hãy ngồi nghỉ, kê tay ngang tim và đo lại huyết áp.",
    Measure.TEMPERATURE.value: "Hãy đo lại thân nhiệt.",
}


def is_second(doubt: Doubt, measured_at: datetime, course: Course) -> bool:
    """Tell whether a reading at *measured_at* can confirm *doubt*: neither at the same time nor too late."""
    apart = abs(measured_at - doubt.at)
    return apart >= timedelta(seconds=course.remeasure_after_seconds) and measured_at <= doubt.until


def is_too_early(doubt: Doubt | None, measured_at: datetime, course: Course) -> bool:
    """Tell whether somebody who was asked to wait and measure again did not wait."""
    if doubt is None:
        return False
    return abs(measured_at - doubt.at) < timedelta(seconds=course.remeasure_after_seconds)


def asked(findings: tuple[Finding, ...], vitals: Vitals) -> tuple[str, ...]:
    """Return the fields to measure again, in the order of the form; SpO2 not a third time."""
    wanted: set[str] = set()
    for finding in findings:
        if not finding.is_confirmed:
            wanted |= _fields(finding.criterion.measure, vitals)
    if vitals.spo2_repeat_percent is not None:
        wanted.discard(SPO2)
    return tuple(name for name in _ADVICE if name in wanted)


def _fields(measure: Measure, vitals: Vitals) -> set[str]:
    if measure in SATURATION_ALONE:
        return {SPO2}
    if measure in NUMBERS:
        return {measure.value}
    score = news2.score(vitals, vitals.spo2_percent)
    least = 3 if measure is Measure.NEWS2_HIGHEST else 1
    return {name for part, name in _BY_PART.items() if getattr(score, part) >= least}


def advice(fields: tuple[str, ...], course: Course) -> str:
    """Say in Vietnamese how to measure again; empty when nothing is asked."""
    if not fields:
        return ""
    said = dict.fromkeys(_ADVICE[name] for name in fields)
    wait = f"Chờ {course.remeasure_after_seconds} giây đến {course.remeasure_within_seconds} giây."
    return " ".join((wait, *said, "Rồi gửi lại số đo."))


def believed_at(findings: tuple[Finding, ...], now: datetime) -> datetime | None:
    """Return when the first reading counts although nobody measured again; None if it never does."""
    minutes = [
        f.criterion.unanswered_minutes
        for f in findings
        if not f.is_confirmed and f.criterion.unanswered_minutes is not None
    ]
    return now + timedelta(minutes=min(minutes)) if minutes else None
