"""
Looking people up without keeping their names in clear: keyed tokens beside the sealed data.

A token is a truncated HMAC of a folded word, a phone or a paper number. Without the key it says
nothing; with it, equality (and only equality) can be searched. 64 bits keep false hits negligible
for a province of 1.3 million.
"""

import hmac
import re
from typing import Final

from common.mongo.folding import folded
from common.people.phones import normal_phone

_TOKEN_HEX: Final = 16
_NUMBER: Final = re.compile(r"[0-9+ .\-()]+")
_MARKS: Final = re.compile(r"[^0-9A-Za-z]")


class BlindIndex:
    """Makes the tokens of names, phones and papers; one key per service."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, value: str) -> str:
        """Token of a phone, CCCD, CMND or passport, however it is spaced or prefixed."""
        phone = normal_phone(value)
        if phone is not None:
            return self._token("phone", phone)
        return self.token_of_text(value)

    def token_of_text(self, text: str) -> str:
        """Token of what is known to be no phone number."""
        return self._token("paper", _MARKS.sub("", text).upper())

    def tokens_of_name(self, name: str) -> tuple[str, ...]:
        """Tokens of the full name and of each of its words, without accents, no order among them."""
        full = folded(name)
        if not full:
            return ()
        words = {self._token("word", word) for word in full.split(" ")}
        return tuple(sorted(words | {self._token("name", full)}))

    def token_of_name(self, name: str) -> str:
        """Token of the full name alone: whoever carries it carries those of its words, too."""
        return self._token("name", folded(name))

    def tokens_of(self, *, name: str, numbers: tuple[str | None, ...] = ()) -> tuple[str, ...]:
        """All tokens to keep for one person: name plus whichever *numbers* are known."""
        found = {self.token(number) for number in numbers if number}
        return tuple(sorted(found | set(self.tokens_of_name(name))))

    def tokens_of_query(self, query: str) -> list[str]:
        """Tokens that must all be present for a record to match what somebody typed."""
        text = query.strip()
        if not text:
            return []
        has_digits = any(letter.isdigit() for letter in text)
        if _NUMBER.fullmatch(text) or (has_digits and " " not in text):
            return [self.token(text)]
        return sorted({self._token("word", word) for word in folded(text).split(" ")})

    def _token(self, kind: str, value: str) -> str:
        return hmac.digest(self._key, f"{kind}:{value}".encode(), "sha256").hex()[:_TOKEN_HEX]
