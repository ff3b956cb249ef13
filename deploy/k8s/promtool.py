"""The alert rules under Prometheus' own tool: they parse, and they ring when they should and not before."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from deploy.k8s.files import COMPOSE, FOLDER

RULES: Final = COMPOSE / "prometheus" / "rules.yaml"
TESTS: Final = FOLDER / "checks" / "alerts.test.yaml"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run promtool; raises FileNotFoundError where there is none (Debian: the package prometheus)."""
    return subprocess.run(("promtool", *map(str, arguments)), capture_output=True, text=True, check=False)


def faults() -> list[str]:
    """Return what promtool says against the rules; a missing tool is a fault, not a pass."""
    if not shutil.which("promtool"):
        return ["promtool is missing (Debian: apt install prometheus): the alert rules are not tested"]
    answers = [run("check", "rules", RULES), run("test", "rules", TESTS)]
    return [answer.stdout + answer.stderr for answer in answers if answer.returncode]
