"""
Run the tests in two halves side by side: those that need MongoDB, Kafka or a browser, and all the others.

The first half mostly waits for servers, the second mostly computes. The words of the first are kept and printed after
those of the second. Arguments are handed to both; the worse answer is the answer.
"""

import subprocess
import sys
import tempfile
from typing import IO

SERVERS = "(mongo or kafka or browser)"
NOTHING_RAN = 5
"""What pytest answers when a half has no test: with arguments that name a file it may."""


def run(arguments: list[str]) -> int:
    """Run both halves; return how the worse one ended."""
    with tempfile.TemporaryFile() as kept:
        waiting = _half(f"not chaos and {SERVERS}", [*arguments, "-p", "no:cacheprovider"], kept)
        try:
            computing = _half(f"not chaos and not {SERVERS}", arguments, None)
            endings = [computing.wait(), waiting.wait()]
        finally:
            waiting.terminate()  # after Ctrl-C; a half that has ended does not mind
        kept.seek(0)
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    some = [ending for ending in endings if ending != NOTHING_RAN] or endings
    return max(abs(ending) for ending in some)


def _half(marks: str, arguments: list[str], output: IO[bytes] | None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "-m", marks, *arguments]
    return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT if output else None)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
