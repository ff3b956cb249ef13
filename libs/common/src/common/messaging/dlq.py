"""
Dead letters: list, show, replay, settle.

    python -m common.messaging.dlq list   --bootstrap 127.0.0.1:9092
    python -m common.messaging.dlq show   --bootstrap 127.0.0.1:9092 --group f0-monitoring.assess
    python -m common.messaging.dlq replay --bootstrap 127.0.0.1:9092 --group f0-monitoring.assess
    python -m common.messaging.dlq settle --bootstrap ... --group ... --reason broken-json

Mend the reason first: a replay sends the records to `<group>.retry`, and what fails again comes back
as a new dead letter. `settle` says that nothing shall be done; the letters stay until retention ends.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from typing import Any

from aiokafka.errors import KafkaError

from common.messaging.catalogue import load
from common.messaging.dead_letters import notes, without_notes
from common.messaging.letter_box import Chooses, LetterBox
from common.messaging.records import ConsumedRecord


def described(letter: ConsumedRecord) -> dict[str, Any]:
    """Return what an operator wants to know about *letter*, JSON-able."""
    headers = {name: text.decode("utf-8", "replace") for name, text in without_notes(letter.headers)}
    return {
        "at": f"{letter.partition}:{letter.offset}",
        **notes(letter.headers),
        "key": _text(letter.key),
        "type": headers.get("ce_type"),
        "id": headers.get("ce_id"),
        "time": headers.get("ce_time"),
        "correlation": headers.get("ce_correlationid"),
        "value": _text(letter.value),
    }


def chooser(reason: str | None, at: str | None) -> Chooses:
    """Return the choice of letters by reason and by place (`partition:offset`); None means any."""

    def chosen(letter: ConsumedRecord) -> bool:
        place = f"{letter.partition}:{letter.offset}"
        return reason in (None, notes(letter.headers).get("reason")) and at in (None, place)

    return chosen


async def run(given: argparse.Namespace) -> int:
    """Do what the command line says; return the exit code."""
    if given.command == "list":
        for group in [given.group] if given.group else load().groups:
            await _list(given.bootstrap, group)
        return 0
    async with LetterBox(given.bootstrap, given.group) as box:
        chosen = chooser(given.reason, given.at)
        match given.command:
            case "show":
                for letter in await box.waiting():
                    if chosen(letter):
                        _say(json.dumps(described(letter), ensure_ascii=False, indent=2))
            case "replay":
                _say(f"{await box.replay(chosen)} records sent to {given.group}.retry")
            case _:
                _say(f"{await box.settle(chosen)} dead letters settled")
    return 0


async def _list(bootstrap: str, group: str) -> None:
    async with LetterBox(bootstrap, group) as box:
        reasons = Counter(notes(letter.headers).get("reason", "?") for letter in await box.waiting())
    what = ", ".join(f"{reason}: {count}" for reason, count in sorted(reasons.items())) or "none"
    _say(f"{group:32} {reasons.total():6}  {what}")


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("utf-8", "replace")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m common.messaging.dlq",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["list", "show", "replay", "settle"])
    parser.add_argument("--bootstrap", required=True, help="host:port of a Kafka broker")
    parser.add_argument("--group", help="consumer group; all of the catalogue for `list` if left out")
    parser.add_argument("--reason", help="only letters with this reason")
    parser.add_argument("--at", metavar="PARTITION:OFFSET", help="only this one letter")
    return parser


def main(words: list[str] | None = None) -> int:
    """Run the command; 2 for a wrong call, 1 when the broker or the topic cannot be reached."""
    parser = _parser()
    given = parser.parse_args(words)
    if given.command != "list" and not given.group:
        parser.error(f"{given.command} needs --group")
    if given.command == "settle" and not (given.reason or given.at):
        parser.error("settle needs --reason or --at: nothing is settled by accident")
    try:
        return asyncio.run(run(given))
    except (KafkaError, KeyError) as error:
        sys.stderr.write(f"cannot read the dead letters: {error!r}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
