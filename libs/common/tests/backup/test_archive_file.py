"""A saved topic is whole or it is not used."""

import gzip
from types import SimpleNamespace

import pytest

from common.messaging.archive import Loaded
from common.messaging.archive_file import NotUsable, Writer, rows, sum_of, verify
from common.mongo.moved_marks import moved_marks


def record(offset, **more):
    given = {"topic": "f0.reports.v1", "partition": 3, "offset": offset, "timestamp": 1_000 + offset}
    return SimpleNamespace(**{**given, "key": b"k", "value": b"{}", "headers": [("ce_id", b"1")], **more})


@pytest.fixture
def file(tmp_path):
    with Writer(tmp_path / "topics.jsonl.gz") as writer:
        for offset in (0, 1, 5):
            writer.add(record(offset))
        writer.add(record(7, key=None, value=None, headers=()))
    return tmp_path / "topics.jsonl.gz"


def test_what_was_saved_is_read_again(file):
    verify(file)
    read = list(rows(file))
    assert [row["o"] for row in read] == [0, 1, 5, 7]
    assert read[0]["record"] == {
        "topic": "f0.reports.v1",
        "partition": 3,
        "key": b"k",
        "value": b"{}",
        "headers": [("ce_id", b"1")],
    }
    assert (read[3]["record"]["key"], read[3]["record"]["value"]) == (None, None)


def test_a_changed_file_is_refused(file):
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(NotUsable, match="sha256"):
        verify(file)


def test_a_file_without_its_sum_is_refused(file):
    sum_of(file).unlink()
    with pytest.raises(NotUsable, match="missing"):
        verify(file)


@pytest.mark.parametrize("lines", [["{}"], ['{"records":2}'], []])
def test_a_file_that_ends_before_its_end_is_refused(tmp_path, lines):
    file = tmp_path / "cut.jsonl.gz"
    whole = ['{"t":"a","p":0,"o":0,"ts":1,"k":null,"v":null,"h":[]}', *lines]
    with gzip.open(file, "wt") as out:
        out.write("\n".join(whole[:1] if lines == ["{}"] else whole))
    with pytest.raises(NotUsable):
        list(rows(file))


def test_an_interrupted_save_leaves_no_file_under_the_name(tmp_path):
    with pytest.raises(AttributeError), Writer(tmp_path / "topics.jsonl.gz") as writer:
        writer.add(SimpleNamespace())
    assert not (tmp_path / "topics.jsonl.gz").exists()


def test_what_is_remembered_as_an_offset_moves_to_where_its_record_went():
    loaded = Loaded()
    for old in (0, 1, 5, 7):
        loaded.note("f0.reports.v1", 3, old)
    marks = [
        {"s": "f0-monitoring:person", "h": 12, "m": [3]},
        {"s": "f0.reports.v1-3", "h": 6, "m": []},
        {"s": "f0.reports.v1-3#1", "h": 9, "m": []},
        {"s": "quarantine.reports.v1-0", "h": 4, "m": []},
    ]
    assert moved_marks(marks, loaded.moved) == [
        {"s": "f0-monitoring:person", "h": 12, "m": [3]},
        {"s": "f0.reports.v1-3", "h": 2, "m": []},
        {"s": "f0.reports.v1-3#1", "h": 3, "m": []},
    ]
