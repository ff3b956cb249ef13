"""The import rules hold, and each of them really refuses what it is there to refuse."""

import os
import shutil
import subprocess
import sys
from itertools import pairwise
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
    ("independence", "common/messaging/groups.py", "import alerting"),
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


NAMES = {
    "shape": "Every service has the same layers",
    "independence": "Services never import each other, and common imports no service",
    "pure-domain": "A domain sees the standard library and common.kernel only",
    "kernel": "The kernel is made of the standard library",
    "contracts": "Event contracts need pydantic and the kernel, nothing else",
    "mongo": "Only store.py, common.mongo and common.work speak to MongoDB",
    "kafka": "Only the messaging parts of common speak to Kafka",
}


def copy_of_the_repository(folder: Path) -> Path:
    """Copy the shipped packages beside each other, with the rules; every layer exists in the copy."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "pages")
    for package in PACKAGES:
        target = folder / Path(package).name
        shutil.copytree(ROOT / package, target, ignore=ignored)
        for layer in LAYERS if "services" in package else []:
            if not (target / layer).is_dir():
                (target / f"{layer}.py").touch()
    shutil.copytree(ROOT / "tests/architecture", folder / "tests/architecture", ignore=ignored)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def lint(folder: Path) -> str:
    """Return what lint-imports says about *folder*."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "500"},
        text=True,
        capture_output=True,
        check=False,
    )
    return done.stdout + done.stderr


def append(folder: Path, path: str, line: str) -> None:
    """Add *line* to a module, or to the package that stands in its place; it may not exist yet."""
    module = folder / path
    package = module.with_suffix("") / "__init__.py"
    target = package if package.exists() else module
    target.parent.mkdir(exist_ok=True)
    (target.parent / "__init__.py").touch()
    with target.open("a", encoding="utf-8") as text:
        text.write(f"\n{line}\n")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each broken contract when all violations are there at once, by name."""
    folder = copy_of_the_repository(tmp_path_factory.mktemp("broken"))
    for _, path, line in VIOLATIONS:
        append(folder, path, line)
    _, _, text = lint(folder).partition("Broken contracts")
    starts = {text.find(f"\n{name}\n"): name for name in NAMES.values() if f"\n{name}\n" in text}
    edges = [*sorted(starts), len(text)]
    return {starts[start]: text[start:end] for start, end in pairwise(edges)}


def test_the_repository_keeps_its_import_rules(tmp_path: Path):
    said = lint(copy_of_the_repository(tmp_path))

    assert "0 broken" in said, said[-4000:]


@pytest.mark.parametrize(("contract", "path", "line"), VIOLATIONS)
def test_a_purpose_made_violation_is_refused(broken: dict[str, str], contract: str, path: str, line: str):
    importer = path.removesuffix(".py").replace("/", ".")
    words = line.replace("from permit import store", "import permit.store").split()
    imported = words[1] if words[0] in ("import", "from") else importer

    said = broken[NAMES[contract]]

    named = (
        imported
        if imported.split(".")[0] in {Path(package).name for package in PACKAGES}
        else imported.split(".")[0]
    )
    assert any(importer in part and named in part for part in said.splitlines()), said[:6000]
