"""One child process: started in a session of its own, logged to a file, stopped gently or killed."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1
_LOG_BYTES = 20_000_000


class NotStarted(RuntimeError):
    """A program ended, or did not become ready in time; the text holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to see that it is ready. *stop_seconds* is how long it may take to stop."""

    name: str
    command: tuple[str, ...]
    log: Path
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    stop_seconds: float = 20.0


class Child:
    """A running program. Not thread-safe: one owner starts, watches and stops it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self._log_begin = 0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self.process.pid if self.process and self.process.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """Exit code if it was started and has ended."""
        return self.process.poll() if self.process else None

    def start(self) -> None:
        """Start the program; its output is appended to its log file, a long log is put aside first."""
        self.program.log.parent.mkdir(parents=True, exist_ok=True)
        if self.program.log.exists() and self.program.log.stat().st_size > _LOG_BYTES:
            self.program.log.replace(self.program.log.with_suffix(".1.log"))
        with self.program.log.open("ab") as log:
            self._log_begin = log.tell()
            self.process = subprocess.Popen(
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.program.folder,
                env={**os.environ, **self.program.environment},
                start_new_session=True,
                preexec_fn=_end_with_parent if _parent_can_watch() else None,  # noqa: PLW1509
            )

    def wait_ready(self, seconds: float) -> None:
        """Wait until the program is ready; raises `NotStarted` when it ends first or takes longer."""
        deadline = time.monotonic() + seconds
        while not self.program.is_ready():
            if self.pid is None:
                raise NotStarted(
                    f"{self.program.name} ended with code {self.exit_code}:\n{self.last_lines()}"
                )
            if time.monotonic() > deadline:
                raise NotStarted(
                    f"{self.program.name} was not ready in {seconds:.0f} s:\n{self.last_lines()}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask the program to end, kill it if it does not. Does nothing when it has ended."""
        self.ask_to_stop()
        self.wait_stopped()

    def ask_to_stop(self) -> None:
        """Send SIGTERM and return at once, so that several programs can stop side by side."""
        self._signal(signal.SIGTERM)

    def wait_stopped(self) -> None:
        """Wait for the end after `ask_to_stop`; kill the program when its time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(self.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the program at once (SIGKILL), as a power cut would."""
        self._signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def pause(self) -> None:
        """Freeze the program (SIGSTOP) until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen program go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def last_lines(self, count: int = 30) -> str:
        """Return the end of what it has written since it was started."""
        if not self.program.log.exists():
            return ""
        with self.program.log.open("rb") as log:
            log.seek(max(self._log_begin, self.program.log.stat().st_size - 20_000))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-count:])

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            os.killpg(self.pid, number)


def _parent_can_watch() -> bool:
    # Linux sends the death signal when the *thread* that forked ends, so only the main thread may ask for it.
    return sys.platform == "linux" and threading.current_thread() is threading.main_thread()


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
