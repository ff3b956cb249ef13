"""Texts of the pages: a key that stands twice in a file silently takes the words of the other one away."""

import json
from collections import Counter
from pathlib import Path

import pytest

from deploy.local.checkout import ROOT

FILES = sorted(
    path
    for root in ("libs/common/src", "services")
    for path in (ROOT / root).rglob("locales/*.json")
    if "node_modules" not in path.parts
)


def doubled(text: str) -> list[str]:
    """Return the keys that stand more than once in an object of *text*."""
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found.extend(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        return dict(pairs)

    json.loads(text, object_pairs_hook=look)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_stands_twice(path: Path) -> None:
    assert doubled(path.read_text("utf-8")) == []


def test_a_key_that_stands_twice_is_found() -> None:
    assert doubled('{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}') == ["c", "a"]
