"""
Pseudonyms: one id per person, the same in every service, worthless without the key.

`person_id` is a keyed HMAC of the normalised paper number. People without papers (children, mostly)
get a provisional id from what is known about them; a later merge fact joins it to the real one.
"""

import base64
import hashlib
import hmac
import re
from typing import Final

from common.kernel.ids import PersonId
from common.mongo.folding import folded

_ID_BYTES: Final = 16
_MARKS: Final = re.compile(r"[^0-9A-Za-z]")
_CCCD_DIGITS: Final = 12
_CMND_DIGITS: Final = 9


class Pseudonyms:
    """Turns papers into person ids; the key is shared by all services of one province."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def person_id(self, paper: str, *, nationality: str = "VN") -> PersonId:
        """
        Id of the holder of *paper*: a CCCD (12 digits), an old CMND (9 digits) or a passport.

        Passport numbers repeat between countries, so the *nationality* belongs to them. ValueError
        for an empty number.
        """
        number = _MARKS.sub("", paper).upper()
        if not number:
            raise ValueError("a person id needs a paper number")
        if number.isdigit() and len(number) == _CCCD_DIGITS:
            return self._id("p", f"cccd:{number}")
        if number.isdigit() and len(number) == _CMND_DIGITS:
            return self._id("p", f"cmnd:{number}")
        return self._id("p", f"passport:{nationality.upper()}:{number}")

    def provisional(self, *, full_name: str, birth: str, commune_code: str, contact: str) -> PersonId:
        """
        Id of somebody without papers, stable for the same name, birth date or year and contact phone.

        It begins with `t`, so that a merge knows which one yields.
        """
        return self._id("t", f"none:{folded(full_name)}:{birth}:{commune_code}:{contact}")

    def _id(self, prefix: str, text: str) -> PersonId:
        digest = hmac.new(self._key, text.encode(), hashlib.sha256).digest()[:_ID_BYTES]
        return PersonId(prefix + base64.b32encode(digest).decode().rstrip("=").lower())
