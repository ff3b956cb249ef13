"""What a device keeps of a page is whole: no kept script imports one that is not kept."""

import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from common.web import declaration, kept
from common.web.pages import STATIC
from permit.views import offline, pocket

MAPPED = json.loads((STATIC.parent / "importmap.json").read_text("utf-8"))["imports"]
IMPORTED = re.compile(r"^(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'", re.MULTILINE)
LIBRARIES = "/static/vendor/"
"""Fetched by `make web`: without it they are not on the disk, and nothing says what they import."""


def address_of(specifier: str, importer: str) -> str:
    """Return the address of what *importer* asks for by *specifier*, as a browser finds it."""
    if specifier in MAPPED:
        return str(MAPPED[specifier])
    folders = [name for name in MAPPED if name.endswith("/") and specifier.startswith(name)]
    if folders:
        return str(MAPPED[folders[0]]) + specifier.removeprefix(folders[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), specifier))


def missing(files: Mapping[str, Path]) -> list[str]:
    """Return what kept scripts import that is not kept."""
    return [
        f"{address} imports {wanted}"
        for address, file in files.items()
        if file.suffix == ".js" and not address.startswith(LIBRARIES)
        for found in IMPORTED.findall(file.read_text("utf-8"))
        for wanted in [address_of(found[0] or found[1], address)]
        if wanted not in files and not wanted.startswith(LIBRARIES)
    ]


def kept_by(build: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Return the files that a service worker is written with."""
    taken: dict[str, Path] = {}

    def note(_name: str, _script: Path, _page: Path, files: Iterable[tuple[str, Path]], _more: object) -> str:
        taken.update(files)
        return ""

    monkeypatch.setattr(kept, "service_worker", note)
    build.__wrapped__()  # type: ignore[attr-defined]  # not the text that is remembered
    return taken


@pytest.mark.parametrize(
    "worker", [offline.service_worker, pocket.service_worker], ids=["scan", "my-permits"]
)
def test_a_kept_page_starts_without_a_network(worker: object, monkeypatch: pytest.MonkeyPatch) -> None:
    files = kept_by(worker, monkeypatch)
    assert len(files) > 10
    assert missing(files) == []


def test_the_declaration_starts_without_a_network() -> None:
    assert missing(dict(declaration.shell_files())) == []


def test_a_script_that_was_forgotten_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.js"
    page.write_text(
        "import { call,\n  token } from 'shell/auth.js';\nimport './beside.js';\nimport htm from 'htm';\n"
    )
    assert missing({"/pages/a/page.js": page}) == [
        "/pages/a/page.js imports /static/auth.js",
        "/pages/a/page.js imports /pages/a/beside.js",
    ]
