"""The import rules hold, and each of them really refuses what it is there to refuse."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.shape import ROOT

PACKAGES = [
    "libs/common/src/common",
    *(str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("services/*/src/*"))),
]
LAYERS = ["app", "settings", "routes", "consumers", "views", "translate", "store", "ports"]
VIOLATIONS = [
    ("shape", "permit/domain/model.py", "from permit import store"),
    ("shape", "alerting/store.py", "import alerting.routes"),
    ("shape", "alerting/routes.py", "import alerting.consumers"),
    ("shape", "quarantine/routes.py", "import quarantine.settings"),
    ("shape", "f0_monitoring/consumers.py", "import f0_monitoring.app"),
    ("shape", "ioc_aggregation/helpers.py", "HELP = 1"),
    ("independence", "permit/store.py", "import quarantine"),
    ("independence", "common/work/model.py", "import alerting"),
    ("pure-domain", "quarantine/domain/model.py", "import pydantic"),
    ("pure-domain", "permit/domain/model.py", "import common.work.model"),
    ("kernel", "common/kernel/ids.py", "import pydantic"),
    ("kernel", "common/kernel/ids.py", "import common.work.model"),
    ("contracts", "common/contracts/base.py", "import yaml"),
    ("contracts", "common/contracts/base.py", "import common.work.model"),
    ("mongo", "permit/routes.py", "import motor.motor_asyncio"),
    ("mongo", "alerting/views.py", "import bson"),
    ("mongo", "common/kernel/clock.py", "from pymongo import MongoClient"),
    ("kafka", "permit/consumers.py", "from faststream.kafka import KafkaBroker"),
    ("kafka", "permit/store.py", "import aiokafka"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped packages beside each other, with the rules."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "pages")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / Path(package).name, ignore=ignored)
        for layer in LAYERS if "services" in package else []:
            if not (tmp_path / Path(package).name / layer).is_dir():
                (tmp_path / Path(package).name / f"{layer}.py").touch()
    shutil.copytree(ROOT / "tests/architecture", tmp_path / "tests/architecture", ignore=ignored)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        text=True,
        capture_output=True,
        check=False,
    )


def append(path: Path, line: str) -> None:
    """Add *line* to a module, which may not exist yet."""
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")


def test_the_repository_keeps_its_import_rules(copy: Path):
    result = lint(copy)

    assert result.returncode == 0, result.stdout[-4000:]


@pytest.mark.parametrize(("contract", "path", "line"), VIOLATIONS)
def test_a_purpose_made_violation_is_refused(copy: Path, contract: str, path: str, line: str):
    append(copy / path, line)

    result = lint(copy, "--contract", contract)

    assert result.returncode == 1
    assert "BROKEN" in result.stdout, result.stdout + result.stderr
