"""
Documents that an earlier version wrote are read by this one: a rollout has both, and nobody migrates at night.

`documents/` holds what was written once (`python -m tests.stored.write`). A test that fails here says that a
change would make files of people unreadable: give the new field a default, or read the old form, too. Files
are replaced only when no system that wrote them is left (docs/operations/upgrade.md).
"""

from pathlib import Path
from typing import Any

import pytest
from bson import json_util

from tests.stored.aggregates import paths, stores

FOLDER = Path(__file__).parent / "documents"
KEPT = sorted(FOLDER.glob("*.json"))


def documents_of(file: Path) -> list[dict[str, Any]]:
    options = json_util.JSONOptions(tz_aware=True)
    return json_util.loads(file.read_text("utf-8"), json_options=options)


def test_of_every_kind_of_aggregate_a_document_is_kept() -> None:
    missing = stores().keys() - {file.stem for file in KEPT}
    assert not missing, f"run `python -m tests.stored.write` once: {sorted(missing)}"


def test_no_kind_of_aggregate_has_disappeared() -> None:
    assert not {file.stem for file in KEPT} - stores().keys(), "its documents would be read by nobody"


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_what_was_written_is_read_and_written_again(file: Path) -> None:
    store = stores()[file.stem]
    for document in documents_of(file):
        stored = store._stored(document)
        written = store.to_document(stored.state)
        again = store.from_document(written)
        assert again == stored.state
        lost = paths(document["state"]) - paths(written)
        assert not lost, f"read, but not written any more: {sorted(lost)}"


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_a_field_of_a_newer_version_does_not_disturb_this_one(file: Path) -> None:
    store = stores()[file.stem]
    for document in documents_of(file):
        newer = {**document["state"], "added_by_a_newer_version": {"n": 1}}
        assert store.from_document(newer) == store.from_document(document["state"])
