"""
The file of `common.messaging.archive`: gzip, one JSON line per record, their number as the last line.

FILE.sha256 stands beside it, in the form that `sha256sum -c` reads.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class NotUsable(Exception):
    """The archive is damaged, or the topics are not empty; nothing was written."""


class Writer:
    """Writes an archive; it gets its name when it is whole."""

    def __init__(self, file: Path) -> None:
        self._file, self._draft = file, file.with_name(file.name + ".part")
        self._count = 0

    def __enter__(self) -> Self:
        """Begin."""
        self._lines = gzip.open(self._draft, "wt", encoding="utf-8", compresslevel=6)
        return self

    def add(self, record: Any) -> None:
        """Add one consumed record."""
        row = {
            "t": record.topic,
            "p": record.partition,
            "o": record.offset,
            "ts": record.timestamp,
            "k": _text(record.key),
            "v": _text(record.value),
            "h": [(name, _text(value)) for name, value in record.headers],
        }
        self._lines.write(json.dumps(row, separators=(",", ":")) + "\n")
        self._count += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End: only a whole archive gets its name."""
        if kind is None:
            self._lines.write(json.dumps({"records": self._count}) + "\n")
        self._lines.close()
        if kind is None:
            self._draft.replace(self._file)
            write_sum(self._file)


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """Yield per record its old offset `o`, its time `ts` and the `record` as a producer takes it."""
    seen = 0
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "records" in row:
                if row["records"] != seen:
                    raise NotUsable(f"{file.name}: {seen} records of {row['records']}")
                return
            seen += 1
            yield {"o": row["o"], "ts": row["ts"], "record": _record(row)}
    raise NotUsable(f"{file.name} ends before its end")


def verify(file: Path) -> None:
    """Read the whole file once before anything is written: its sum, its lines, its count."""
    verify_sum(file)
    try:
        for _ in rows(file):
            pass
    except (OSError, EOFError, ValueError) as fault:
        raise NotUsable(f"{file.name} cannot be read: {fault}") from fault


def verify_sum(file: Path) -> None:
    """Raise `NotUsable` unless *file* is what its checksum says."""
    if not sum_of(file).exists():
        raise NotUsable(f"{sum_of(file).name} is missing")
    if sum_of(file).read_text("ascii").split()[0] != _digest(file):
        raise NotUsable(f"{file.name} is not what was saved: its sha256 differs")


def write_sum(file: Path) -> None:
    """Write the checksum of *file* beside it, as `sha256sum -c` reads it."""
    sum_of(file).write_text(f"{_digest(file)}  {file.name}\n", "ascii")


def sum_of(file: Path) -> Path:
    """Return where the checksum of *file* is."""
    return file.with_name(file.name + ".sha256")


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "topic": row["t"],
        "partition": row["p"],
        "key": _bytes(row["k"]),
        "value": _bytes(row["v"]),
        "headers": [(name, _bytes(value)) for name, value in row["h"]],
    }


def _text(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode("ascii")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
