"""A child that ends is started again after growing pauses; one that keeps ending is reported."""

import sys
import time
from pathlib import Path

import pytest

from deploy.local.process import Child, NotStarted, Program
from deploy.local.supervisor import FIRST_PAUSE_SECONDS, LOOP_CRASHES, CrashLoop, Supervisor


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def python(folder: Path, code: str, *, name: str = "child", stop_seconds: float = 5) -> Child:
    command = (sys.executable, "-c", code)
    log = folder / f"{name}.log"
    return Child(
        Program(name, command, log, is_ready=lambda: "ready" in _text(log), stop_seconds=stop_seconds)
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def wait_for_end(child: Child) -> None:
    assert child.process
    child.process.wait(10)


def test_a_child_that_ended_is_started_again_after_a_pause(tmp_path: Path):
    child, clock, said = python(tmp_path, "import time; time.sleep(60)"), Clock(), []
    supervisor = Supervisor([child], said.append, clock)
    child.start()
    first = child.pid
    child.kill()

    supervisor.look()
    assert child.pid is None
    clock.now = FIRST_PAUSE_SECONDS
    supervisor.look()

    assert child.pid not in (None, first)
    assert "ENDED with code -9" in said[0]
    assert said[1] == "child runs again"
    child.stop()


def test_pauses_grow_with_every_end(tmp_path: Path):
    child, clock, said = python(tmp_path, "raise SystemExit(3)"), Clock(), []
    supervisor = Supervisor([child], said.append, clock)
    child.start()
    for _ in range(3):
        wait_for_end(child)
        supervisor.look()
        clock.now += 10
        supervisor.look()

    wait_for_end(child)
    pauses = [line.split("again in ")[1].split(" s")[0] for line in said if "ENDED" in line]
    assert pauses == ["0.5", "1.0", "2.0"]


def test_a_crash_loop_is_an_error_with_the_last_words(tmp_path: Path):
    child, clock = python(tmp_path, "print('cannot open the door'); raise SystemExit(1)"), Clock()
    supervisor = Supervisor([child], lambda _: None, clock)
    child.start()

    def crash_and_look() -> None:
        for _ in range(LOOP_CRASHES):
            wait_for_end(child)
            supervisor.look()
            clock.now += 9
            supervisor.look()

    with pytest.raises(CrashLoop, match="cannot open the door"):
        crash_and_look()


def test_a_child_that_does_not_become_ready_says_what_it_wrote(tmp_path: Path):
    child = python(tmp_path, "print('no database'); raise SystemExit(2)")
    child.start()

    with pytest.raises(NotStarted, match=r"ended with code 2:\nno database"):
        child.wait_ready(10)


def test_a_child_that_ignores_the_request_to_stop_is_killed(tmp_path: Path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    child = python(tmp_path, deaf + "print('ready', flush=True); time.sleep(60)", stop_seconds=0.5)
    child.start()
    child.wait_ready(10)

    began = time.monotonic()
    child.stop()

    assert child.exit_code == -9
    assert time.monotonic() - began < 5
