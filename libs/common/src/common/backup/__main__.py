"""
Topics saved beside the databases, and loaded with them. Every step is in docs/operations/backup.md.

    python -m common.backup save --bootstrap HOST:PORT FILE
    python -m common.backup load --bootstrap HOST:PORT --mongo URI --moment 2021-08-14T01:31:02+07:00 FILE

`load` wants empty topics, restored databases and stopped services. It loads what was written up to *moment*,
moves what aggregates remember as offsets, and sets every consumer group back to an hour before. Not to be
done twice: a load that was interrupted begins again with empty topics and databases.
"""

import argparse
import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from common.messaging import archive
from common.messaging.archive_file import NotUsable
from common.mongo import client as mongo
from common.mongo import moved_marks

DATABASES: Final = ("quarantine", "f0_monitoring", "permit", "alerting", "ioc_aggregation")
FOLDED: Final = ("facts", "totals", "alerts", "directives")
"""Collections of ioc-aggregation that count by offsets: they are made anew from the whole log."""
HELD: Final = ("leases", "workers")
"""Who works on what: nobody who is named there lives any more."""
MARGIN: Final = timedelta(hours=1)
"""What was on its way at the moment of the backup is read again; what was applied is not applied twice."""


async def load(bootstrap: str, mongo_uri: str, moment: datetime, file: Path) -> dict[str, Any]:
    """Load *file*; return what was done. Raises `NotUsable` before anything is written."""
    loaded = await archive.load(bootstrap, file, until=moment)
    client = mongo.open_client(mongo_uri, app_name="restore")
    try:
        databases = [mongo.open_database(client, name) for name in DATABASES]
        moved = [await moved_marks.move(database, loaded.moved) for database in databases]
        for database in databases:
            for name in HELD if database.name != "ioc_aggregation" else (*HELD, *FOLDED):
                await database.drop_collection(name)
    finally:
        client.close()
    to_read = await archive.rewind(bootstrap, moment - MARGIN)
    return {"records": loaded.records.total(), "documents_with_moved_marks": sum(moved), "to_read": to_read}


async def save(bootstrap: str, file: Path) -> dict[str, Any]:
    """Save the topics; return how many records each has."""
    return dict(await archive.save(bootstrap, file))


def main(words: list[str] | None = None) -> int:
    """Run one of the two commands; 1 when nothing could be done."""
    parser = argparse.ArgumentParser(
        prog="python -m common.backup", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("act", choices=("save", "load"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--bootstrap", required=True, help="host:port of a Kafka broker")
    parser.add_argument("--mongo", help="load: address of the restored databases, as an administrator")
    parser.add_argument("--moment", type=datetime.fromisoformat, help="load: what the databases stand for")
    given = parser.parse_args(words)
    if given.act == "load" and not (given.mongo and given.moment and given.moment.tzinfo):
        parser.error("load needs --mongo, and --moment with its time zone")
    try:
        told = asyncio.run(
            save(given.bootstrap, given.file)
            if given.act == "save"
            else load(given.bootstrap, given.mongo, given.moment, given.file)
        )
    except NotUsable as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
