"""
Finding people while somebody types: keyed tokens of pieces of a name and of numbers.

`BlindIndex` finds equal words only. Here the beginnings of words (from two letters), words with one letter
less (so that one letter too many, too few, wrong or swapped still meets), the beginnings of numbers and their
last digits become tokens of 31 bits. Pieces of words are far less secret than whole names: whoever holds the
store sees which files share a piece, though not which piece, without the key. A hit must be looked at
again after opening the seal (`closeness`), which also removes the few false ones.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from common.mongo.blind import BlindIndex
from common.mongo.folding import folded

_BITS: Final = 0x7FFFFFFF
SHORTEST: Final = 2
LONGEST: Final = 8
TYPO_FROM: Final = 4
NUMBER_FROM: Final = 4
_MARKS: Final = re.compile(r"[ .\-()]")
_COUNTRY: Final = re.compile(r"^(?:\+84|84(?=\d{9}$))")


def grams_of(blind: BlindIndex, *, name: str, numbers: Iterable[str | None] = ()) -> tuple[int, ...]:
    """Return the tokens to keep for one person."""
    found: set[int] = set()
    for word in folded(name).split(" "):
        found |= _pieces(blind, word)
    for number in filter(None, map(digits, numbers)):
        found |= {_token(blind, "digits", number[:n]) for n in range(NUMBER_FROM, len(number) + 1)}
        found.add(_token(blind, "tail", number[-NUMBER_FROM:]))
    return tuple(sorted(found))


@lru_cache(maxsize=4_096)  # a few hundred words make most names of a province
def _pieces(blind: BlindIndex, word: str) -> frozenset[int]:
    begins = {_token(blind, "begins", word[:n]) for n in range(SHORTEST, min(len(word), LONGEST) + 1)}
    near = {_token(blind, "near", form) for form in _forms(word)} if len(word) >= TYPO_FROM else set()
    return frozenset(begins | near)


def words_of(blind: BlindIndex, typed: str) -> list[frozenset[int]]:
    """Return for each word typed the tokens of which a file must carry one; too short words are left out."""
    return [tokens for word in words(typed) if (tokens := _tokens(blind, word))]


def words(typed: str) -> list[str]:
    """Split what was typed: folded words, or one number however it is spaced."""
    bare = digits(typed)
    if bare and len(bare) >= NUMBER_FROM:
        return [bare]
    return [word for word in folded(typed).split(" ") if word]


def digits(text: str | None) -> str:
    """Return a phone or paper number as digits (and letters of a passport), phones with 0; or nothing."""
    bare = _COUNTRY.sub("0", _MARKS.sub("", text or "")).lower()
    return bare if bare.isascii() and bare.isalnum() and any(c.isdigit() for c in bare) else ""


def closeness(typed: str, *, name: str, numbers: Iterable[str | None] = ()) -> int | None:
    """
    Tell how well a person fits what was typed: 0 whole words, 1 beginnings, 2 a slip; None does not fit.

    The worst word counts.
    """
    have, known = folded(name).split(" "), [n for n in map(digits, numbers) if n]
    ranks = [_rank(word, have, known) for word in words(typed)]
    return max(ranks) if ranks and all(rank is not None for rank in ranks) else None  # type: ignore[type-var]


def _rank(word: str, have: list[str], numbers: list[str]) -> int | None:
    if any(c.isdigit() for c in word):
        if word in numbers:
            return 0
        return 1 if any(n.startswith(word) or n.endswith(word) for n in numbers) else None
    if word in have:
        return 0
    if any(one.startswith(word) for one in have):
        return 1
    return 2 if any(_is_slip(word, one) for one in have) else None


def _is_slip(typed: str, word: str) -> bool:
    is_long = min(len(typed), len(word)) >= TYPO_FROM
    return is_long and abs(len(typed) - len(word)) <= 1 and bool(_forms(typed) & _forms(word))


def _tokens(blind: BlindIndex, word: str) -> frozenset[int]:
    if any(c.isdigit() for c in word):
        if len(word) < NUMBER_FROM:
            return frozenset()
        tail = {_token(blind, "tail", word)} if len(word) == NUMBER_FROM else set()
        return frozenset(tail | {_token(blind, "digits", word)})
    if len(word) < SHORTEST:
        return frozenset()
    found = {_token(blind, "begins", word[:LONGEST])}
    if len(word) >= TYPO_FROM:
        found |= {_token(blind, "near", form) for form in _forms(word)}
    return frozenset(found)


def _forms(word: str) -> set[str]:
    """Return *word* and all that is left of it without one letter."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _token(blind: BlindIndex, kind: str, piece: str) -> int:
    return int(blind.token_of_text(f"gram {kind} {piece}")[:8], 16) & _BITS
