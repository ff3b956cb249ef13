"""
Cells as people fill them in, made into what a form would hold.

Excel turns numbers of papers into numbers (and drops their zeros), dates into days since 1900 and hours into
fractions; people write 5h30, 15.1.84, NGUYỄN VĂN A and 0912.345.678. What stays unclear is refused in a
sentence that says how to write it.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from common.mongo.folding import folded
from common.people.phones import normal_phone

_SPACES: Final = re.compile(r"\s+")
_DATE: Final = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})")
_ISO: Final = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ].*)?")
_CLOCK: Final = re.compile(r"(\d{1,2})\s*(?:[:hg.]|gio)\s*(\d{1,2})?\s*(?:p|phut)?(?:\s*:\s*\d{2})?")
_ROUNDED: Final = re.compile(r"\d+(\.\d+)?e\+?\d+", re.IGNORECASE)
_FIRST_DAY: Final = date(1899, 12, 30)
"""Day 0 of Excel's count, as far as it matters after February 1900."""
_SERIALS: Final = range(10_000, 80_000)
"""Days of 1927 to 2119; smaller numbers are years."""
_DAY_MINUTES: Final = 24 * 60
_CCCD, _CMND = 12, 9
_MALE: Final = frozenset(("nam", "male", "m", "trai"))
_FEMALE: Final = frozenset(("nu", "female", "f", "gai"))


class Unclear(ValueError):
    """What a cell says cannot be taken; the text tells how to write it."""


def text_of(value: Any) -> str:
    """Return what a cell shows: one line without blanks around it, dates and numbers as people write them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M" if value.time() != time() else "%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _SPACES.sub(" ", str(value).replace("\u00a0", " ").replace("\ufeff", "")).strip().lstrip("'")


def name_of(value: Any) -> str:
    """Return a name; one that is all capitals or all small gets its capitals back."""
    name = text_of(value)
    is_shouted = name == name.upper() or name == name.lower()
    return " ".join(word.capitalize() for word in name.split(" ")) if is_shouted else name


def paper_of(value: Any) -> dict[str, str]:
    """Return a paper number by its kind, with the zeros that Excel took."""
    text = text_of(value)
    bare = re.sub(r"[\s.\-]", "", text)
    if _ROUNDED.fullmatch(text):
        raise Unclear("Excel đã làm tròn số giấy tờ. Hãy đặt cột này là Văn bản (Text) rồi gõ lại đủ số.")
    if not (bare.isascii() and bare.isdigit()):
        return {"passport": bare} if bare else {}
    if len(bare) in (_CCCD - 2, _CCCD - 1):
        return {"cccd": bare.zfill(_CCCD)}
    if len(bare) in (_CMND - 1, _CMND):
        return {"cmnd": bare.zfill(_CMND)}
    if len(bare) != _CCCD:
        raise Unclear(f"Số giấy tờ có {len(bare)} chữ số: CCCD có 12, CMND có 9. Hãy xem lại thẻ.")
    return {"cccd": bare}


def day_of(value: Any) -> date | None:
    """Return the day of a cell, or None when it is empty."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) in _SERIALS:
        return _FIRST_DAY + timedelta(days=int(text))
    parts = _parts(text)
    try:
        return date(*parts) if parts else _no_day()
    except ValueError:
        raise Unclear("Không có ngày này trong lịch. Hãy ghi ngày/tháng/năm, ví dụ 15/01/2022.") from None


def birth_of(value: Any, today: date, youngest: int = 0) -> dict[str, Any]:
    """
    Return a birth date, or the birth year alone when that is all that is given.

    A year of two digits that would make somebody younger than *youngest* is one of the last century.
    """
    text = text_of(value)
    if not text:
        return {}
    if re.fullmatch(r"(19|20)\d{2}", text):
        return {"birth_year": int(text)}
    born = day_of(value)
    if born is None:
        return {}
    if born.year > today.year - youngest and re.search(r"\D\d{2}$", text):
        born = born.replace(year=born.year - 100)
    return {"birth_date": born.isoformat(), "birth_year": born.year}


def sex_of(value: Any) -> str | None:
    """Return `male` or `female`, or None when it is not said."""
    word = folded(text_of(value)).strip(" .")
    if not word:
        return None
    if word in _MALE or word in _FEMALE:
        return "male" if word in _MALE else "female"
    raise Unclear("Giới tính ghi Nam hoặc Nữ.")


def phone_of(value: Any) -> str | None:
    """Return a telephone as typed, the first one of several, with the zero that Excel took."""
    first = re.split(r"[/;,]| - ", text_of(value))[0].strip()
    if not first:
        return None
    bare = re.sub(r"[ .\-()]", "", first)
    return f"0{bare}" if normal_phone(bare) is None and normal_phone(f"0{bare}") else first


def clock_of(value: Any) -> str | None:
    """Return an hour of the day as `05:30`, or None when it is empty; 24:00 is midnight."""
    if isinstance(value, datetime | time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _clock(round(value * _DAY_MINUTES) if 0 < value < 1 else round(value * 60))
    text = folded(text_of(value))
    if not text:
        return None
    if re.fullmatch(r"\d{1,2}", text):
        return _clock(int(text) * 60)
    found = _CLOCK.fullmatch(text)
    if not found:
        raise Unclear("Giờ ghi như 05:00 hoặc 5h30.")
    return _clock(int(found[1]) * 60 + int(found[2] or 0), int(found[2] or 0))


def _clock(minutes: int, past_hour: int = 0) -> str:
    if not 0 <= minutes <= _DAY_MINUTES or past_hour > 59:
        raise Unclear("Giờ ghi từ 00:00 đến 24:00, ví dụ 05:00 hoặc 5h30.")
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _parts(text: str) -> tuple[int, int, int] | None:
    words = re.sub(r"\b(ngay|thang|nam)\b", " ", folded(text))
    iso, local = _ISO.fullmatch(words.strip()), _DATE.match(_SPACES.sub(" ", words).strip())
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    if not local:
        return None
    year = int(local[3])
    return year + 2000 if year < 100 else year, int(local[2]), int(local[1])


def _no_day() -> date:
    raise Unclear("Ngày ghi theo thứ tự ngày/tháng/năm, ví dụ 15/01/2022.")
