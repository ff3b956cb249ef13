"""
CBOR as our issuer writes it, and nothing else.

General decoders accept several spellings of one value, and two decoders may then read two different
documents from the same signed bytes. Before any decoding this scan refuses what deterministic
encoding (RFC 8949, 4.2) never produces: duplicate or unsorted keys, indefinite and non-shortest
lengths, trailing bytes, and what we never use: tags, floats, true/false/null, keys that are not
integers or text, integers beyond 2**53 - 1 (JavaScript could not tell them apart).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cbor2

from common.credential.refusals import Reason, Unverifiable

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = range(6)
_SAFE_INTEGER: Final = 2**53 - 1
_DIRECT: Final = 24
_SMALL_INTEGERS: Final = frozenset((*range(24), *range(32, 56)))
_KEY_KINDS: Final = frozenset((_UNSIGNED, _NEGATIVE, _TEXT))
_SHORTEST: Final = {1: 24, 2: 2**8, 4: 2**16, 8: 2**32}
"""Smallest number that needs this many bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on hostile input: nesting, number of items, bytes in one string."""

    depth: int = 6
    items: int = 256
    string_bytes: int = 512


DOCUMENT: Final = Limits()
LIST: Final = Limits(items=4_096, string_bytes=65_535)


def loads(data: bytes, limits: Limits = DOCUMENT) -> Any:
    """Scan and decode one item; `Unverifiable` (damaged) unless *data* is strict and has no rest."""
    _Scan(data, limits).whole()
    try:
        return cbor2.loads(data)
    except cbor2.CBORDecodeError as error:
        raise Unverifiable(Reason.DAMAGED, "not CBOR") from error


def dumps(value: Any) -> bytes:
    """Encode deterministically: shortest lengths, keys sorted by their encoded bytes."""
    return cbor2.dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda pair: _encoded_key(pair[0]))
        return {key: _sorted(member) for key, member in ordered}
    if isinstance(value, list | tuple):
        return [_sorted(member) for member in value]
    return value


@lru_cache(maxsize=1024)
def _encoded_key(key: int | str) -> bytes:
    """Return how a key of a map is written; documents share their few keys."""
    return cbor2.dumps(key)


def _damaged(detail: str) -> Unverifiable:
    return Unverifiable(Reason.DAMAGED, detail)


class _Scan:
    """Walks over the items of one encoding without building values."""

    __slots__ = ("_data", "_end", "_left", "_limits")

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._end = len(data)
        self._limits = limits
        self._left = limits.items

    def whole(self) -> None:
        self._take(1, 1)
        if self._item(0, 1) != self._end:
            raise _damaged("bytes after the end")

    def _take(self, items: int, depth: int) -> None:
        self._left -= items
        if self._left < 0 or depth > self._limits.depth:
            raise _damaged("too many items or levels")

    def _item(self, at: int, depth: int) -> int:
        """Check the item at *at* and return where the next one starts."""
        if at >= self._end:
            raise _damaged("cut short")
        first = self._data[at]
        at += 1
        if first in _SMALL_INTEGERS:  # most items are: one byte, nothing to check
            return at
        kind, number = first >> 5, first & 31
        if number >= _DIRECT:
            number, at = self._long_number(number, at)
        if kind in (_BYTES, _TEXT):
            return self._string(at, number, is_text=kind == _TEXT)
        if kind <= _NEGATIVE:
            if number > _SAFE_INTEGER - kind:
                raise _damaged("an integer beyond 2**53 - 1")
            return at
        if kind == _ARRAY:
            return self._array(at, number, depth + 1)
        if kind == _MAP:
            return self._map(at, number, depth + 1)
        raise _damaged("a tag, float or simple value")

    def _long_number(self, code: int, at: int) -> tuple[int, int]:
        if code > 27:  # 28-30 are reserved, 31 is the indefinite length
            raise _damaged("an indefinite or reserved length")
        size = 1 << (code - _DIRECT)
        if at + size > self._end:
            raise _damaged("cut short")
        number = int.from_bytes(self._data[at : at + size], "big")
        if number < _SHORTEST[size]:
            raise _damaged("a number in more bytes than it needs")
        return number, at + size

    def _string(self, at: int, size: int, *, is_text: bool) -> int:
        end = at + size
        if size > self._limits.string_bytes or end > self._end:
            raise _damaged("a string too long or cut short")
        if is_text:
            try:
                self._data[at:end].decode()
            except UnicodeDecodeError:
                raise _damaged("text that is not UTF-8") from None
        return end

    def _array(self, at: int, count: int, depth: int) -> int:
        self._take(count, depth if count else 0)
        for _ in range(count):
            at = self._item(at, depth)
        return at

    def _map(self, at: int, count: int, depth: int) -> int:
        self._take(2 * count, depth if count else 0)
        data, previous = self._data, b""
        for _ in range(count):
            value_at = self._item(at, depth)
            key = data[at:value_at]
            if key[0] >> 5 not in _KEY_KINDS:
                raise _damaged("a key that is neither integer nor text")
            if key <= previous:
                raise _damaged("keys repeated or out of order")
            previous = key
            at = self._item(value_at, depth)
        return at
