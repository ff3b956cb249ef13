"""
What a reminder says: when, whom to call, the link. No name and no disease: phones are shared and looked at.

Without accents a message is cheaper and every phone shows it (160 characters a part, 70 with accents).
"""

from dataclasses import dataclass
from datetime import datetime

from common.kernel.clock import VIETNAM
from common.sms import bare
from f0_monitoring.domain.consultation import Way

_TALKS = {
    Way.VIDEO: "Bác sĩ hẹn gặp bạn qua video",
    Way.AUDIO: "Bác sĩ hẹn nói chuyện với bạn qua mạng",
    Way.PHONE: "Bác sĩ sẽ gọi điện cho bạn",
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is to be told; *link* is empty where the doctor rings up."""

    starts_at: datetime
    way: Way
    doctor_phone: str
    link: str


def words_of(reminder: Reminder, *, has_accents: bool) -> str:
    """Return the text of a reminder, in Vietnamese with or without accents."""
    at = reminder.starts_at.astimezone(VIETNAM)
    parts = [f"{_TALKS[reminder.way]} lúc {at:%H:%M} ngày {at:%d/%m}."]
    if reminder.link:
        parts.append(f"Vào phòng (mở được một lần): {reminder.link} .")
    if reminder.doctor_phone:
        parts.append(f"Cần gấp gọi {reminder.doctor_phone}.")
    text = " ".join(parts)
    return text if has_accents else bare(text)
