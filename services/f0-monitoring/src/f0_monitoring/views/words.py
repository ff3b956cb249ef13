"""The words for what is measured, in both languages, and the sentence that says why a criterion counts."""

from dataclasses import dataclass

from common.kernel.clock import VIETNAM
from f0_monitoring.domain.model import Level, Reason
from f0_monitoring.domain.signs import Measure

VI, EN = 0, 1
LEVELS = {
    Level.LOW: ("thấp", "low"),
    Level.MEDIUM: ("trung bình", "medium"),
    Level.HIGH: ("cao", "high"),
    Level.VERY_HIGH: ("rất cao", "very high"),
}
MEASURES = {
    Measure.SPO2: ("SpO2, %", "SpO2, %"),
    Measure.SPO2_FALL: (
        "SpO2 giảm so với lần đo đầu của người đó, điểm %",
        "fall of SpO2 from the person's own first reading, points",
    ),
    Measure.TEMPERATURE: ("Thân nhiệt, °C", "Temperature, °C"),
    Measure.PULSE: ("Mạch, lần/phút", "Pulse, per minute"),
    Measure.BREATHS: ("Nhịp thở, lần/phút", "Breaths, per minute"),
    Measure.SYSTOLIC: ("Huyết áp tối đa, mmHg", "Systolic pressure, mmHg"),
    Measure.DIASTOLIC: ("Huyết áp tối thiểu, mmHg", "Diastolic pressure, mmHg"),
    Measure.CONSCIOUSNESS: ("Ý thức (ACVPU)", "Consciousness (ACVPU)"),
    Measure.SYMPTOM: ("Triệu chứng", "Symptom"),
    Measure.NEWS2_TOTAL: ("Tổng điểm NEWS2", "NEWS2 score"),
    Measure.NEWS2_HIGHEST: ("Điểm cao nhất của một chỉ số NEWS2", "Highest NEWS2 parameter"),
    Measure.NEWS2_RISE: (
        "NEWS2 tăng so với điểm thấp nhất gần đây, điểm",
        "rise of NEWS2 above the lowest of late, points",
    ),
    Measure.MISSED: ("Số tờ khai lỡ liên tiếp", "Declarations missed in a row"),
}
STATES = {
    "confused": ("lú lẫn", "confused"),
    "voice": ("chỉ đáp ứng lời gọi", "responds to voice"),
    "pain": ("chỉ đáp ứng khi đau", "responds to pain"),
    "unresponsive": ("không đáp ứng", "unresponsive"),
}
PRESENT = ("có", "present")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A criterion that fired, as it is read in one language."""

    label: str
    value: str
    threshold: str
    document: str
    level: Level


def number(value: float, language: int) -> str:
    """Write a number with the decimal comma of Vietnamese, or the point of English."""
    text = f"{value:g}"
    return text.replace(".", ",") if language == VI else text


def sentence(reason: Reason, spoken: Spoken, language: int) -> str:
    """Say which value crossed which threshold of which document, and what it counts for."""
    at = f"{reason.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if reason.at else ""
    level = LEVELS[spoken.level][language]
    if language == VI:
        when = f", đo lúc {at}" if at else ""
        sure = "" if reason.is_confirmed else " Mới đo một lần, đang chờ đo lại."
        return (
            f"{spoken.label}: {spoken.value}{when}; ngưỡng {spoken.threshold} theo {spoken.document}; "
            f"tính là nguy cơ {level}.{sure}"
        )
    when = f", measured {at}" if at else ""
    sure = "" if reason.is_confirmed else " Measured once, a second measurement is awaited."
    return (
        f"{spoken.label}: {spoken.value}{when}; threshold {spoken.threshold} of {spoken.document}; "
        f"counts as {level} risk.{sure}"
    )
