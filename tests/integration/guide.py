"""The commands and programs of a page of the documentation, taken from the page itself."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^(?:#|//) (?P<name>[\w.]+)\n")


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended (None: it was still running and was stopped), and what it said."""

    code: int | None
    said: str


class Guide:
    """One page: programs that it tells the reader to save are saved in *folder*, commands run there."""

    def __init__(self, page: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = {**os.environ, **environment}
        _, *parts = _HEADING.split(page.read_text("utf-8"))
        self._sections = dict(zip(parts[::2], parts[1::2], strict=True))

    def commands(self, heading: str) -> list[str]:
        """Save the programs under *heading* and return the commands there, in their order."""
        commands = []
        for block in _BLOCK.finditer(self._sections[heading]):
            named = _FILE.match(block["text"])
            if block["language"] == "sh":
                commands.append(block["text"])
            elif named:
                (self._folder / named["name"]).write_text(block["text"], "utf-8")
        return commands

    def run(self, command: str, *, until: str = "", seconds: float = 120) -> Done:
        """Run *command* to its end, or until its output has *until*; it is stopped after *seconds* anyway."""
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        clock = threading.Timer(seconds, lambda: _end(process))
        clock.start()
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line.decode("utf-8", "replace"))
                if until and until in said[-1]:
                    return Done(None, "".join(said))
            return Done(process.wait(), "".join(said))
        finally:
            clock.cancel()
            _end(process)
            process.stdout.close()
            process.wait()


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
