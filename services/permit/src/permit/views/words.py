"""
What officers and applicants read.

The words of the verdicts are shared with the scanner page (pages/verifier/words.json). None of them
names a disease or a quarantine; that a paper is a recovery certificate is only said to whoever was shown one.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.credential.refusals import Reason
from permit.domain.model import Window

_FILE: Final = Path(__file__).parents[1] / "pages" / "verifier" / "words.json"
NOT_NOW: Final = (
    "Hiện chưa cấp được giấy cho người này. Hãy liên hệ xã, phường nơi ở để được hướng dẫn; khi đủ điều "
    "kiện, giấy tự có hiệu lực, không cần nộp lại. Cấp cứu, sinh nở: đi ngay, không cần giấy."
)
ASKED: Final = (
    "Cơ quan cấp giấy cần hỏi thêm trước khi quyết định. Hãy trả lời câu hỏi ở giấy này; "
    "thời hạn giải quyết dừng cho đến khi có câu trả lời."
)
SUSPENDED: Final = (
    "Giấy tạm dừng. Hãy liên hệ xã, phường nơi ở; khi đủ điều kiện, giấy tự mở lại và giữ nguyên thời hạn."
)
TERMS_CHANGED: Final = "terms-changed"
"""No reason, but what the officer reads in place of one that an older code comes from."""
CERTIFICATE: Final = "recovery-certificate"
"""Like it: the scan itself is kept as `foreign`, so that no record tells who carries such a paper."""
_CERTIFICATE_PREFIX: Final = "RC1:"
_DAYS: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_EVERY_DAY: Final = 0b1111111


@dataclass(frozen=True, slots=True)
class Words:
    """A reason in words, and what to do next."""

    message: str
    next_step: str


def _read() -> dict[str, Words]:
    entries = json.loads(_FILE.read_text("utf-8"))
    return {code: Words(entry["vi"], entry["next"]) for code, entry in entries.items()}


_WORDS: Final = _read()
_UNKNOWN: Final = Words("Không rõ kết quả", "Giữ giấy, gọi trưởng chốt.")


def words_of(reason: str) -> Words:
    """Return the words of a reason code; an offline scanner of another version may send an unknown one."""
    return _WORDS.get(reason, _UNKNOWN)


def words_for(reason: str, qr: str | None) -> Words:
    """Return the words for a code that was shown: a recovery certificate is named as what it is."""
    is_certificate = reason == Reason.FOREIGN and (qr or "").startswith(_CERTIFICATE_PREFIX)
    return words_of(CERTIFICATE if is_certificate else reason)


def hours_of(windows: Iterable[Window]) -> list[str]:
    """Return the hours of travel as people write them: `05:00-20:00 mỗi ngày`."""
    return [f"{_clock(w.from_minute)}-{_clock(w.to_minute)} {_days(w.weekdays)}" for w in windows] or [
        "mọi giờ trong ngày"
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _days(mask: int) -> str:
    if mask == _EVERY_DAY:
        return "mỗi ngày"
    return ", ".join(name for bit, name in enumerate(_DAYS) if mask >> bit & 1)
