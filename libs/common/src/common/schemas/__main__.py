"""
Write or check the folder `schemas/`.

    python -m common.schemas write      after a change of contracts or topics.yaml
    python -m common.schemas check      what the build runs; --against REF also compares with a git revision
    python -m common.schemas release    make what is there the promise that later changes are held to
"""

import argparse
import sys

from common.messaging.catalogue import schemas_folder
from common.schemas.folder import Folder


def main(words: list[str] | None = None) -> int:
    """Run one of the three commands; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m common.schemas", description=__doc__)
    parser.add_argument("command", choices=["write", "check", "release"])
    parser.add_argument("--against", metavar="REF", help="git revision that must stay readable")
    given = parser.parse_args(words)
    folder = Folder(schemas_folder())
    faults = folder.faults(given.against)
    for fault in faults:
        print(f"refused: {fault}", file=sys.stderr)
    if given.command == "check":
        stale = folder.differing()
        for path in stale:
            print(f"out of date, run `make schemas`: {path.relative_to(folder.root.parent)}", file=sys.stderr)
        return 1 if faults or stale else 0
    if given.command == "release" and not faults:
        folder.release()
    for path in folder.write():
        print(path.relative_to(folder.root.parent))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
