"""
Identity papers and what their digits must agree with.

CCCD: Circular 07/2016/TT-BCA Art. 7 and Annex 1 (Decree 137/2015/NĐ-CP Art. 13): three digits of
province or country, one of century and sex, the last two of the birth year, six random; no check
digit. The old CMND has nine digits without meaning that can be checked.
"""

import re
from typing import ClassVar, Final

from common.kernel.errors import Invalid

MALE: Final = "male"
FEMALE: Final = "female"
_CCCD: Final = re.compile(r"\d{12}", re.ASCII)
_CMND: Final = re.compile(r"\d{9}", re.ASCII)
_PASSPORT: Final = re.compile(r"[A-Z0-9]{6,12}", re.ASCII)
_MARKS: Final = re.compile(r"[ .\-]")
_FIRST_COUNTRY_CODE: Final = 100
# The 63 province codes in use in 2021; the gaps below 100 were never given out.
_PROVINCE_CODES: Final = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 "
    "036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 "
    "074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"
)
PROVINCES: Final = frozenset(_PROVINCE_CODES.split())
_SEX_WORDS: Final = {MALE: "nam", FEMALE: "nữ"}


class NotACccd(Invalid):
    """The number is not a citizen identity number, or contradicts the person it is given for."""

    slug: ClassVar[str] = "not-a-cccd"
    title: ClassVar[str] = "Số CCCD không đúng"


class NotACmnd(Invalid):
    """The number is not an old identity card number."""

    slug: ClassVar[str] = "not-a-cmnd"
    title: ClassVar[str] = "Số CMND không đúng"


class NotAPassport(Invalid):
    """The text is not a passport number."""

    slug: ClassVar[str] = "not-a-passport"
    title: ClassVar[str] = "Số hộ chiếu không đúng"


def cccd(text: str, *, field: str = "cccd") -> str:
    """Return the twelve digits; `NotACccd` if their number or the place code cannot be."""
    number = _MARKS.sub("", text)
    if not _CCCD.fullmatch(number):
        raise NotACccd("Số CCCD phải gồm đúng 12 chữ số, xem mặt trước của thẻ.", field=field)
    place = number[:3]
    if place not in PROVINCES and int(place) < _FIRST_COUNTRY_CODE:
        raise NotACccd(
            f"Ba chữ số đầu của CCCD ({place}) không phải mã tỉnh, thành phố nào. Hãy xem lại thẻ.",
            field=field,
        )
    return number


def check_against(number: str, *, sex: str, birth_year: int | None, field: str = "cccd") -> None:
    """
    Refuse a CCCD whose digits contradict *sex* (`male`, `female`; others are not compared) or year.

    The fourth digit is even for men and odd for women, and its half counts centuries from 1900.
    """
    century_and_sex = int(number[3])
    said_sex = MALE if century_and_sex % 2 == 0 else FEMALE
    if sex in _SEX_WORDS and sex != said_sex:
        raise NotACccd(
            f"Chữ số thứ tư của CCCD ghi giới tính {_SEX_WORDS[said_sex]}, tờ khai ghi "
            f"{_SEX_WORDS[sex]}. Hãy xem lại số CCCD hoặc giới tính.",
            field=field,
        )
    said_year = 1900 + 100 * (century_and_sex // 2) + int(number[4:6])
    if birth_year is not None and birth_year != said_year:
        raise NotACccd(
            f"Số CCCD ghi năm sinh {said_year}, tờ khai ghi {birth_year}. Hãy xem lại số CCCD hoặc năm sinh.",
            field=field,
        )


def cmnd(text: str, *, field: str = "cmnd") -> str:
    """Return the nine digits of an old identity card; `NotACmnd` otherwise."""
    number = _MARKS.sub("", text)
    if not _CMND.fullmatch(number):
        raise NotACmnd("Số CMND cũ phải gồm đúng 9 chữ số; nếu là CCCD, hãy điền vào ô CCCD.", field=field)
    return number


def passport(text: str, *, field: str = "passport") -> str:
    """Return a passport number in capitals (6 to 12 letters and digits); `NotAPassport` otherwise."""
    number = _MARKS.sub("", text).upper()
    if not _PASSPORT.fullmatch(number):
        raise NotAPassport("Số hộ chiếu gồm 6 đến 12 chữ cái không dấu và chữ số.", field=field)
    return number
