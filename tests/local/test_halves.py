"""`make test` runs two halves side by side and fails when either does."""

from pathlib import Path

import pytest

from tests.halves import NOTHING_RAN, run

FILE = """
import pytest

@pytest.mark.mongo
def test_with_a_server() -> None:
    assert {server}

def test_without() -> None:
    assert {other}
"""


@pytest.mark.parametrize(("server", "other", "ending"), [(False, True, 1), (True, False, 1)])
def test_either_half_fails_the_whole(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], server: bool, other: bool, ending: int
) -> None:
    file = tmp_path / "test_halves_of_a_sample.py"
    file.write_text(FILE.format(server=server, other=other))
    assert run([str(file), "-q", "-p", "no:cacheprovider"]) == ending
    told = capfdbinary.readouterr().out.decode()
    assert told.count("1 passed") == [server, other].count(True), told
    assert told.count("1 failed") == [server, other].count(False), told


def test_no_test_at_all_is_no_success(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "test_empty.py").write_text("")
    assert run([str(tmp_path), "-q"]) == NOTHING_RAN
    capfdbinary.readouterr()
