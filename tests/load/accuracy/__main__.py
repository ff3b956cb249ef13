"""
Measure sensitivity and false calls of every risk rule on simulated people, and keep them beside the rules.

`python -m tests.load.accuracy` writes rules/risk/accuracy/simulated.json and prints it; `--check` only tells
whether the file is that of the rules as they are.
"""

import argparse
import sys
import time

from rich.console import Console
from rich.table import Table

from f0_monitoring.rulebook.accuracy import FILE, Accuracy, read_accuracy
from tests.load.accuracy.measure import ROOT, digest, measure, quick

KEPT = ROOT / "rules" / FILE


def main() -> int:
    """Write the file, or check it; the exit code is 1 when it is out of date."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.accuracy", description=__doc__)
    parser.add_argument("--check", action="store_true", help="do not write")
    if parser.parse_args().check:
        kept = read_accuracy(ROOT / "rules")
        is_current = kept is not None and kept.inputs == digest() and kept.quick == quick()
        print("current" if is_current else "out of date: run python -m tests.load.accuracy")
        return 0 if is_current else 1
    began = time.monotonic()
    found = measure()
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
    _show(found, time.monotonic() - began)
    return 0


def _show(found: Accuracy, seconds: float) -> None:
    heads = ("rules", "way", "sens. all", "declaring", "before <92", "false/100", "ever", "child/100", "ever")
    table = Table(*heads, title=f"{found.severe} severe, {found.well} well adults, {found.children} children")
    for row in found.rows:
        figures = list(row.model_dump().values())[2:]
        table.add_row(row.rules, row.way, *("-" if f is None else f"{f:g}" for f in figures))
    console = Console(width=140)
    console.print(table)
    console.print(f"{found.declarations:,} declarations, {seconds:.0f} s, inputs {found.inputs}")


if __name__ == "__main__":
    sys.exit(main())
