"""Vietnamese phone numbers (numbering plan in force since 2018)."""

import re
from typing import ClassVar, Final

from common.kernel.errors import Invalid

_MARKS: Final = re.compile(r"[ .\-()]")
# Mobile prefixes of the plan: Viettel, Vinaphone, Mobifone, Vietnamobile, Gmobile and the MVNOs.
_MOBILE: Final = re.compile(r"(?:\+?84|0)((?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])\d{7})")
# Fixed lines: 02x or 02xx area code, eleven digits in all (Thái Nguyên is 0208 + 7 digits).
_FIXED: Final = re.compile(r"(?:\+?84|0)(2\d{9})")
MAX_LENGTH: Final = 24


class NotAPhone(Invalid):
    """The text is not a Vietnamese mobile or fixed number."""

    slug: ClassVar[str] = "not-a-phone"
    title: ClassVar[str] = "Số điện thoại không đúng"


def normal_phone(text: str) -> str | None:
    """Return *text* as +84 and digits, or None if it is no Vietnamese number."""
    bare = _MARKS.sub("", text.strip())
    found = _MOBILE.fullmatch(bare) or _FIXED.fullmatch(bare)
    return f"+84{found.group(1)}" if found and bare.isascii() else None


def phone_number(text: str, *, field: str = "phone") -> str:
    """Return *text* as +84 and digits; `NotAPhone` says how a number should look."""
    phone = normal_phone(text) if len(text) <= MAX_LENGTH else None
    if phone is None:
        raise NotAPhone(
            "Số điện thoại phải có 10 chữ số và bắt đầu bằng đầu số di động đang dùng "
            "(ví dụ 0912 345 678), hoặc số cố định 11 chữ số kèm mã vùng (Thái Nguyên: 0208).",
            field=field,
        )
    return phone
