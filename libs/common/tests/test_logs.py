"""Logs are JSON with a correlation id, and no personal data gets into them by any way."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from common.logs import correlated, correlation_id, logger, redacted_text, set_up_logs


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    level = logging.getLogger().level
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    set_up_logs("sample", level="INFO")
    yield out
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def _written(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "người có CCCD 019184000999 đã gọi",
        "gọi 0912345678 nhé",
        "gọi 0912 345 678, hoặc +84912345678.",
        "số 0208 3855 555",
        "CMND 091234567",
        "(019184000999)",
        "cccd=019184000999;phone=0912.345.678",
        "Authorization: Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
    ],
)
def test_numbers_that_look_like_people_are_masked(text: str) -> None:
    masked = redacted_text(text)
    assert "***" in masked
    for trace in ("019184000999", "912345678", "0912", "3855", "091234567", "c2ln"):
        assert trace not in masked


@pytest.mark.parametrize(
    "text",
    [
        "0af76519-16cd-43dd-8448-123456789012",
        "2021-10-25T08:00:00.123456789Z",
        "offset 1234567890123",
        "commune 05431, district 164",
        "12.345678901 seconds",
        "0.123456789 seconds",
        "p3kq7vn2mzc",
    ],
)
def test_ids_times_and_measures_stay_readable(text: str) -> None:
    assert redacted_text(text) == text


def test_personal_fields_are_dropped_however_deep_they_are(lines: io.StringIO) -> None:
    logger("test").info(
        "declared",
        full_name="Trần Thị Mẫu",
        request={"person": {"cccd": "019184000999"}, "items": [{"Phone": "x", "commune_code": "05431"}]},
        note="gọi 0912345678",
    )
    [row] = _written(lines)
    text = json.dumps(row, ensure_ascii=False)
    assert "Trần" not in text
    assert "019184000999" not in text
    assert "912345678" not in text
    assert row["request"]["items"][0] == {"Phone": "***", "commune_code": "05431"}
    assert (row["service"], row["level"], row["event"]) == ("sample", "info", "declared")


def test_a_line_carries_the_correlation_id_of_its_cause(lines: io.StringIO) -> None:
    with correlated("c-1"):
        assert correlation_id() == "c-1"
        logger("test").info("inside")
    logger("test").info("outside")
    inside, outside = _written(lines)
    assert inside["correlation_id"] == "c-1"
    assert "correlation_id" not in outside


def test_logs_of_libraries_and_tracebacks_go_the_same_way(lines: io.StringIO) -> None:
    try:
        raise RuntimeError("no such person 019184000999")
    except RuntimeError:
        logging.getLogger("some.library").exception("failed for %s", "0912345678")
    [row] = _written(lines)
    assert "RuntimeError" in row["exception"]
    assert "019184000999" not in json.dumps(row)
    assert "0912345678" not in json.dumps(row)


def test_objects_and_bytes_are_written_without_their_content(lines: io.StringIO) -> None:
    class Person:
        def __repr__(self) -> str:
            return "Person(phone=0912345678)"

    logger("test").warning("odd", thing=Person(), raw=b"0912345678")
    [row] = _written(lines)
    assert "912345678" not in json.dumps(row)
    assert row["raw"] == "<10 bytes>"
