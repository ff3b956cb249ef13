"""
`python -m permit.audit verify`: verifies the record of decisions and names the first broken entry.

Reads only. Ends with 0 while everything holds, with 1 when something was altered, added, removed or cut off.
"""

import argparse
import asyncio
import sys

from common.clocks import clock_for
from common.mongo import client as mongo
from common.mongo.trails import Audit, audit
from common.settings import load
from permit.settings import PermitSettings
from permit.store.changes import heads_of, record_of
from permit.works import trail_key

MOST_SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """Verify, and print what was found."""
    parser = argparse.ArgumentParser(prog="permit.audit", description=__doc__)
    parser.add_argument("act", choices=["verify"], nargs="?", default="verify")
    parser.parse_args(arguments)
    report = asyncio.run(verify(load(PermitSettings)))
    sys.stdout.write(told(report))
    return 1 if report.breaks else 0


async def verify(settings: PermitSettings) -> Audit:
    """Verify the record in the database of *settings*."""
    client = mongo.open_client(settings.mongo_uri.get_secret_value(), app_name="permit-audit")
    try:
        database = mongo.open_database(client, settings.database_name)
        now = clock_for(settings.rehearsal).now()
        return await audit(record_of(database), heads_of(database), trail_key(settings), now)
    finally:
        client.close()


def told(report: Audit) -> str:
    """Return what a person reads."""
    looked = f"{report.entries} entries in {report.chains} chains, {report.seals} seals"
    if not report.breaks:
        return f"ok: {looked}\n"
    lines = [f"BROKEN: {len(report.breaks)} of {looked}"]
    lines += [f"  {each.chain_id} entry {each.position}: {each.why}" for each in report.breaks[:MOST_SHOWN]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
