"""
Run the tests in two halves side by side: those that need MongoDB or Kafka, and all the others, pages last.

The first half mostly waits for servers, the second mostly computes; together they have two cores. The words of the
first are kept and printed after those of the second. Arguments are handed to every part; the worst answer counts.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, Final

SERVERS: Final = "not chaos and (mongo or kafka)"
OTHERS: Final = (
    "not chaos and not (mongo or kafka or browser)",
    "not chaos and browser and not (mongo or kafka)",
)
NOTHING_RAN: Final = 5
"""What pytest answers when a part has no test: with arguments that name a file it may."""


class Half(threading.Thread):
    """Parts that run one after the other; *output* takes their words, None lets them be seen at once."""

    def __init__(self, parts: Sequence[str], arguments: Sequence[str], output: IO[bytes] | None) -> None:
        super().__init__()
        self.endings: list[int] = []
        self._parts, self._arguments, self._output = parts, arguments, output
        self._running: subprocess.Popen[bytes] | None = None
        self._is_over = False

    def run(self) -> None:
        """Run every part, whatever the one before it came to."""
        for marks in self._parts:
            if not self._is_over:
                words = [
                    sys.executable,
                    "-m",
                    "pytest",
                    "-p",
                    "no:cacheprovider",
                    "-m",
                    marks,
                    *self._arguments,
                ]
                both = subprocess.STDOUT if self._output else None
                self._running = subprocess.Popen(words, stdout=self._output, stderr=both)
                self.endings.append(self._running.wait())

    def end(self) -> None:
        """Stop after Ctrl-C; a part that has ended does not mind."""
        self._is_over = True
        if self._running:
            self._running.terminate()


def run(arguments: Sequence[str]) -> int:
    """Run both halves; return how the worst part ended."""
    with tempfile.TemporaryFile() as kept:
        halves = Half([SERVERS], arguments, kept), Half(OTHERS, arguments, None)
        try:
            for half in halves:
                half.start()
            for half in halves:
                half.join()
        finally:
            for half in halves:
                half.end()
        kept.seek(0)
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    endings = [ending for half in halves for ending in half.endings]
    some = [ending for ending in endings if ending != NOTHING_RAN] or endings
    return max(abs(ending) for ending in some)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
