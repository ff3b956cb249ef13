"""Runs the JavaScript verifier on the shared vectors, where node is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

VECTORS = Path(__file__).parent / "vectors"
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None and not os.environ.get("CI"), reason="node is not installed")
def test_the_javascript_verifier_agrees_on_every_vector() -> None:
    assert NODE is not None
    run = subprocess.run(
        [NODE, "--test", str(VECTORS)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout[-4_000:]
