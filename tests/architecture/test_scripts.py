"""Every script of the pages parses, and imports only what another script exports."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "libs/common/src/common/web/static"
IMPORT_MAP = STATIC.parent / "importmap.json"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None and not os.environ.get("CI"), reason="node is not installed")


def linked(root: Path, static: Path, *pages: Path) -> subprocess.CompletedProcess[str]:
    assert NODE is not None
    command = [NODE, "--no-warnings", "--experimental-vm-modules", str(Path(__file__).with_name("link.mjs"))]
    folders = [str(each) for each in (root, IMPORT_MAP, static, *pages)]
    return subprocess.run([*command, *folders], capture_output=True, text=True, timeout=120, check=False)


def test_every_script_parses_and_every_import_is_exported() -> None:
    pages = sorted(ROOT.glob("services/*/src/*/pages"))
    assert len(pages) == 5
    run = linked(ROOT, STATIC, *pages)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("import { gone } from 'shell/kit.js';", "gone"),
        ("import { open } from './nowhere.js';", "nowhere.js"),
        ("const broken = ;", "Unexpected token"),
    ],
)
def test_what_a_browser_would_stumble_over_is_found(tmp_path: Path, script: str, said: str) -> None:
    static, pages = tmp_path / "static", tmp_path / "pages"
    static.mkdir()
    pages.mkdir()
    (static / "kit.js").write_text("export const kept = 1;")
    (pages / "page.js").write_text(script)
    run = linked(tmp_path, static, pages)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "page.js" in run.stdout
    assert said in run.stdout
