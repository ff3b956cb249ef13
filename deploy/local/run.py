"""`make run` and `make demo`: start everything, keep it alive, stop it cleanly."""

import os
import shutil
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from types import FrameType

from deploy.local import brokers, coturn, rehearsal, running, seed, services
from deploy.local.checkout import ROOT, STATE, Ports
from deploy.local.kafka_jars import NoJava
from deploy.local.mongod import Mongod, NoMongod
from deploy.local.other_brokers import NoBroker
from deploy.local.process import Child, NotStarted
from deploy.local.stack import SERVICE_SECONDS, Servers, Stack
from deploy.local.supervisor import CrashLoop, Supervisor

PORTS = Ports()
LOOK_SECONDS = 0.3
WORD_SECONDS = 15.0


def run(*, kafka: str = "auto", demo_speed: int = 0, with_seed: bool = True) -> int:
    """Run the stack until Ctrl-C or `make stop`, a demonstration if it has a speed; return the exit code."""
    signal.signal(signal.SIGTERM, _stop_asked)
    try:
        _refuse_second_start()
        return _Run(kafka, demo_speed=demo_speed, with_seed=with_seed).until_stopped()
    except (running.AlreadyRunning, NoMongod, NoBroker, NoJava, NotStarted, CrashLoop) as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1


def say(line: str) -> None:
    """Print one line with the time: the console is the log of the supervisor."""
    print(f"{datetime.now().astimezone():%H:%M:%S}  {line}", flush=True)


class _Run:
    def __init__(self, kafka: str, *, demo_speed: int, with_seed: bool) -> None:
        self.began = time.monotonic()
        self.with_seed = with_seed
        self.folder = STATE / ("demo" if demo_speed else "run")
        if demo_speed:
            _empty(self.folder)
        self.rehearsal = rehearsal.last_week(demo_speed) if demo_speed else None
        self.mongod = Mongod(self.folder, PORTS.mongo)
        self.kafka = brokers.choose(
            kafka, self.folder, PORTS.kafka, PORTS.kafka_controller, PORTS.kafka_partners
        )
        self.servers = Servers(self.folder, PORTS, self.mongod, self.kafka)
        settings = {"LACHAN_REHEARSAL": self.rehearsal.text} if self.rehearsal else {}
        self.stack = Stack(self.servers.place(settings))
        self.demo: Child | None = None

    @property
    def children(self) -> list[Child]:
        return [self.mongod, self.kafka, *self.stack.children.values()]

    def until_stopped(self) -> int:
        try:
            self._start()
            self._watch()
        except KeyboardInterrupt:
            return 0
        finally:
            self._stop()
        return 0

    def _start(self) -> None:
        self._write()
        say(f"starting mongod and {self.kafka.program.name}; data and logs: {_short(self.folder)}")
        self.servers.start()
        missing = self.stack.add_all()
        if missing:
            say(f"not written yet, skipped: {', '.join(missing)}")
        if coturn.find_turnserver() is None:
            say("coturn is not installed: video calls connect only within one network (apt install coturn)")
        self.stack.start()
        self.supervisor = Supervisor(self.children, say)
        self._write()
        self._wait_until_ready()
        self._seed()
        self._announce()

    def _wait_until_ready(self) -> None:
        begin = time.monotonic()
        waiting, next_word = list(self.stack.children.values()), begin + WORD_SECONDS
        while waiting and time.monotonic() < begin + SERVICE_SECONDS:
            self.supervisor.look()
            waiting = [child for child in waiting if not child.program.is_ready()]
            if waiting and time.monotonic() > next_word:
                say(f"waiting for {', '.join(child.program.name for child in waiting)}")
                next_word += WORD_SECONDS
            time.sleep(0.1 if waiting else 0)
        for child in waiting:
            say(f"{child.program.name} is NOT READY after {SERVICE_SECONDS:.0f} s\n{child.last_lines(12)}")

    def _seed(self) -> None:
        if self.with_seed:
            for line in seed.seed(self.stack):
                say(line)

    def _announce(self) -> None:
        seconds = time.monotonic() - self.began
        print(f"\n  Lá Chắn is up after {seconds:.0f} s. Pages:\n")
        print(f"    {self.stack.address('start'):<24} start page, demo sign-in for every role")
        for package in services.PACKAGES:
            if services.is_written(package):
                print(f"    {self.stack.address(package):<24} {package.replace('_', '-')}")
        print("\n  Ctrl-C or `make stop` stops everything; data stays.\n", flush=True)

    def _watch(self) -> None:
        if self.rehearsal:
            self.demo = rehearsal.start(self.stack, self.rehearsal)
        written = [child.pid for child in self.children]
        while True:
            self.supervisor.look()
            if written != (now := [child.pid for child in self.children]):
                written = now
                self._write()
            if self.demo and self.demo.exit_code is not None:
                say(rehearsal.ended(self.demo))
                self.demo = None
            time.sleep(LOOK_SECONDS)

    def _write(self) -> None:
        place = self.stack.place
        me = running.Running(
            running.Process.of(os.getpid()),
            self.folder,
            place.ports,
            place.kafka_bootstrap,
            rehearsal=self.rehearsal.text if self.rehearsal else "",
        )
        running.write(me, self.children)

    def _stop(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        say("stopping ...")
        if self.demo:
            self.demo.stop()
        self.stack.stop()
        self.servers.stop()
        running.forget()
        say("stopped; data stays")


def _stop_asked(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse_second_start() -> None:
    found = running.read()
    if found and found.supervisor.find():
        raise running.AlreadyRunning(
            f"This checkout already runs (process {found.supervisor.pid}). `make stop` stops it."
        )
    if found:
        say("stopping what an earlier run left behind")
        running.stop(found)
    busy = PORTS.busy()
    if busy:
        listed = ", ".join(f"{port} ({name})" for name, port in busy.items())
        raise running.AlreadyRunning(f"Other programs listen on ports that are needed here: {listed}")


def _empty(folder: Path) -> None:
    """Begin a demonstration with an empty province; only the demonstration's own folder is touched."""
    shutil.rmtree(folder, ignore_errors=True)


def _short(folder: Path) -> Path:
    return folder.relative_to(ROOT)
