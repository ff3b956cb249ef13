"""
Work that comes as a file of many rows and is done page by page.

The record of such a file is small: how far it is and how its rows ended. A page may be done twice (somebody
pulled the plug between its rows and the note of it), so it is counted once, in order.
"""

from collections.abc import Mapping

ROWS_PER_PAGE = 200
"""Rows that go through the unit of work in one batch; about 100 kB sealed."""


def moved(tally: Mapping[str, int], changes: Mapping[str, int]) -> dict[str, int]:
    """Return *tally* (rows by outcome) after *changes*."""
    return {name: tally.get(name, 0) + changes.get(name, 0) for name in {*tally, *changes}}
