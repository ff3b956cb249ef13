"""
Backup and restore of everything a stack holds: databases, topics, keys.

The same commands that docs/operations/backup.md gives an operator, so that the drill rehearses that page.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from common import envelope
from common.backup.__main__ import load as load_topics
from common.messaging import archive
from common.messaging.archive_file import verify_sum, write_sum
from deploy.local import mongo_tools
from deploy.local.kafka import run_apart

DATABASES: Final = "databases.archive.gz"
TOPICS: Final = "topics.jsonl.gz"
MOMENT: Final = "moment.json"
KEYS: Final = "keys.envelope"
_CAPTURED: Final = "writing captured oplog to"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step took: seconds and bytes."""

    step: str
    seconds: float
    size_bytes: int = 0


def save(mongo_uri: str, bootstrap: str, folder: Path) -> list[Taken]:
    """Write databases and topics of a running stack to *folder*, and the moment that both stand for."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    moment = _dump(mongo_uri, folder / DATABASES)
    write_sum(folder / DATABASES)
    dumped = time.monotonic()
    # After the databases: whatever they had sent by then is in the topics by now.
    counts = run_apart(archive.save(bootstrap, folder / TOPICS))
    told = {"moment": moment.isoformat(), "records": counts.total()}
    (folder / MOMENT).write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return [
        Taken("databases saved", dumped - began, (folder / DATABASES).stat().st_size),
        Taken("topics saved", time.monotonic() - dumped, (folder / TOPICS).stat().st_size),
    ]


def restore(mongo_uri: str, bootstrap: str, folder: Path) -> list[Taken]:
    """Fill an empty MongoDB and empty topics from *folder*; the services must not run yet."""
    moment = datetime.fromisoformat(json.loads((folder / MOMENT).read_text("utf-8"))["moment"])
    verify_sum(folder / DATABASES)
    began = time.monotonic()
    source = f"--archive={folder / DATABASES}"
    _run("mongorestore", f"--uri={mongo_uri}", "--oplogReplay", "--gzip", source)
    restored = time.monotonic()
    run_apart(load_topics(bootstrap, mongo_uri, moment, folder / TOPICS))
    return [
        Taken("databases restored", restored - began),
        Taken("topics loaded, groups set back", time.monotonic() - restored),
    ]


def seal_keys(keys: Path, folder: Path, passphrase: str) -> None:
    """Put the key files of a local stack, also those in folders (the partners), into an envelope."""
    files = sorted(file for file in keys.rglob("*") if file.is_file())
    content = {file.relative_to(keys).as_posix(): file.read_text("utf-8") for file in files}
    (folder / KEYS).write_bytes(envelope.seal(json.dumps(content).encode(), passphrase))


def unseal_keys(folder: Path, keys: Path, passphrase: str) -> None:
    """Write the key files of an envelope; raises `envelope.NotOpened`."""
    content = json.loads(envelope.unseal((folder / KEYS).read_bytes(), passphrase))
    for name, text in content.items():
        (keys / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (keys / name).touch(mode=0o600)
        (keys / name).write_text(text, "utf-8")


def _dump(mongo_uri: str, file: Path) -> datetime:
    """Run mongodump; return the moment that the archive shows: when it had read the log to its end."""
    said = _run("mongodump", f"--uri={mongo_uri}", "--oplog", "--gzip", f"--archive={file}")
    for line in said.splitlines():
        if _CAPTURED in line:
            return datetime.fromisoformat(line.split("\t", 1)[0]).astimezone(UTC)
    raise RuntimeError(f"mongodump does not say when it read the log:\n{said}")


def _run(name: str, *arguments: str) -> str:
    done = subprocess.run((mongo_tools.find(name), *arguments), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise RuntimeError(f"{name} failed with code {done.returncode}: {done.stderr[-2000:]}")
    return done.stderr
