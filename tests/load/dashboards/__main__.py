"""
Draw the dashboards with real data: `python -m tests.load.dashboards --minutes 14`.

A local stack of its own, a province on it, trouble in it, a Prometheus beside it. With `--prometheus URL` the
pictures show what a running Prometheus knows instead, for example of last night.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from common.clocks import RehearsalClock
from deploy.k8s import dashboards
from deploy.local import seed
from deploy.local.checkout import ROOT
from deploy.local.stack import Stack
from tests.load.bench import running
from tests.load.dashboards import night, pictures
from tests.load.dashboards.prometheus import Answers, reading

SETTLE_SECONDS = 20
"""What happened last must be read and recorded, too."""
MOST_MOMENTS = 500


def main() -> int:
    """Play and draw; name the panels that stayed empty."""
    given = _parser().parse_args()
    with _answers(given) as (answers, caption):
        shown = {name: pictures.read(name, answers, caption) for name in dashboards.DASHBOARDS}
        _say(f"alerts that rang: {', '.join(answers.rang()) or 'none'}")
    given.folder.mkdir(parents=True, exist_ok=True)
    for name, one in shown.items():
        file = given.folder / f"dashboard-{name}.png"
        pictures.draw(one, file)
        print(f"{file}: {file.stat().st_size / 1000:.0f} kB")
    empty = [title for one in shown.values() for title in pictures.empty_panels(one)]
    print("\n".join(f"empty: {title}" for title in empty))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load.dashboards", description=__doc__)
    parser.add_argument("--minutes", type=float, default=14, help="for how long")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--prometheus", help="address of a Prometheus that runs already")
    return parser


@contextmanager
def _answers(given: argparse.Namespace) -> Iterator[tuple[Answers, str]]:
    length = timedelta(minutes=given.minutes)
    if given.prometheus:
        now = time.time()
        step = max(15, round(length.total_seconds() / MOST_MOMENTS))
        yield Answers(given.prometheus, now - length.total_seconds(), now, step), given.prometheus
        return
    with tempfile.TemporaryDirectory() as folder, running.servers() as servers:
        clock = night.fast_clock()
        stack = Stack(servers.place({"LACHAN_REHEARSAL": clock, "LACHAN_LOG_LEVEL": "WARNING"}))
        stack.add_all()
        try:
            stack.start()
            stack.wait_ready()
            for line in seed.seed(stack):
                _say(line)
            with reading(stack, Path(folder) / "prometheus") as address:
                begin = time.time()
                played = night.Night(servers, stack, RehearsalClock(clock), _say)
                asyncio.run(played.play(length))
                time.sleep(SETTLE_SECONDS)
                yield Answers(address, begin, time.time()), _caption(played)
        finally:
            stack.stop()


def _caption(played: night.Night) -> str:
    away = ", ".join(f"{what} for {length}" for what, length in played.away.items())
    today = datetime.now().astimezone()
    return (
        f"Drawn from the panels' queries, not by Grafana. {today:%-d %B %Y}: {night.SCALE:.0%} of the province at"
        f" {night.SPEED} times the speed of life on two busy cores. Dead meanwhile: {away}."
    )


def _say(line: str) -> None:
    print(f"{datetime.now().astimezone():%H:%M:%S}  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
