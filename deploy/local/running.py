"""Which stack runs from this checkout: a file that says so, and stopping it from another terminal."""

import json
import signal
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from deploy.local.checkout import STATE, Ports
from deploy.local.process import Child

FILE = STATE / "running.json"
STOP_SECONDS = 90.0


class AlreadyRunning(RuntimeError):
    """A stack of this checkout is running."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that cannot be mistaken for a later one with the same number."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> "Process":
        """Describe the process *pid*, which must be running."""
        return cls(pid, psutil.Process(pid).create_time())

    def find(self) -> psutil.Process | None:
        """Return the process if it still runs."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.created) < 1
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True, slots=True)
class Running:
    """A stack that was started: its supervisor, its state folder, its ports, its clock, its children."""

    supervisor: Process
    folder: Path
    ports: Ports
    kafka_bootstrap: str
    children: tuple[Process, ...] = ()
    rehearsal: str = ""
    """The demonstration's clock (`common.clocks.RehearsalClock`); empty for the real one."""


def read() -> Running | None:
    """Return the stack that runs, or that left processes behind; None when nothing is left of it."""
    if not FILE.exists():
        return None
    document = json.loads(FILE.read_text("utf-8"))
    running = Running(
        Process(**document["supervisor"]),
        Path(document["folder"]),
        Ports(**document["ports"]),
        document["kafka_bootstrap"],
        tuple(Process(**child) for child in document["children"]),
        document.get("rehearsal", ""),
    )
    if running.supervisor.find() or any(child.find() for child in running.children):
        return running
    FILE.unlink()
    return None


def write(running: Running, children: Iterable[Child] = ()) -> None:
    """Say that *running* runs, with these children."""
    alive = [Process.of(child.pid) for child in children if child.pid is not None]
    document = {
        "supervisor": asdict(running.supervisor),
        "folder": str(running.folder),
        "ports": asdict(running.ports),
        "kafka_bootstrap": running.kafka_bootstrap,
        "children": [asdict(process) for process in alive],
        "rehearsal": running.rehearsal,
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    draft = FILE.with_suffix(".draft")
    draft.write_text(json.dumps(document, indent=1), "utf-8")
    draft.replace(FILE)


def forget() -> None:
    """Say that nothing runs any more."""
    FILE.unlink(missing_ok=True)


def stop(running: Running) -> None:
    """Stop the supervisor, which stops its children; then whatever it left behind."""
    supervisor = running.supervisor.find()
    if supervisor:
        supervisor.send_signal(signal.SIGTERM)
        psutil.wait_procs([supervisor], timeout=STOP_SECONDS)
    left = [process for child in running.children if (process := child.find())]
    for process in left:
        process.terminate()
    _, stubborn = psutil.wait_procs(left, timeout=30)
    for process in stubborn:
        process.kill()
    forget()
