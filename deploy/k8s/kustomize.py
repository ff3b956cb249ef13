"""Renders the overlays: kustomize, or kubectl's, or one built from its Go module."""

import functools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.k8s.files import FOLDER
from deploy.local.checkout import STATE

OVERLAYS: Final = ("dev", "prod")
MODULE: Final = "sigs.k8s.io/kustomize/kustomize/v5@v5.5.0"


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as quick, where it is built


class NoKustomize(Exception):
    """Nothing on this machine renders kustomizations."""


class NotRendered(Exception):
    """Kustomize refused."""


@functools.cache
def command() -> tuple[str, ...]:
    """Return how to render a folder; builds kustomize once if only Go is here. Raises `NoKustomize`."""
    if found := shutil.which("kustomize"):
        return (found, "build")
    if found := shutil.which("kubectl"):
        return (found, "kustomize")
    tools = STATE / "tools"
    built = tools / "kustomize"
    if not built.exists() and shutil.which("go"):
        environment = {**os.environ, "GOBIN": str(tools), "GOFLAGS": "-mod=mod"}
        subprocess.run(("go", "install", MODULE), check=True, env=environment, cwd=Path.home())
    if not built.exists():
        raise NoKustomize("kustomize, kubectl or Go is needed to render deploy/k8s/overlays")
    return (str(built), "build")


def text_of(folder: Path) -> str:
    """Return the rendered YAML of *folder*; raises `NotRendered` with kustomize's words."""
    made = subprocess.run((*command(), str(folder)), check=False, capture_output=True, text=True)
    if made.returncode:
        raise NotRendered(f"{folder}: {made.stderr.strip()}")
    return made.stdout


def rendered(overlay: str) -> list[dict[str, Any]]:
    """Return the manifests of *overlay*."""
    text = text_of(FOLDER / "overlays" / overlay)
    return [document for document in yaml.load_all(text, Loader=_LOADER) if document]


def render(overlay: str, into: Path | None = None) -> Path:
    """Write the manifests of *overlay* to one file; return it."""
    folder = into or STATE / "k8s"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{overlay}.yaml"
    path.write_text(text_of(FOLDER / "overlays" / overlay), "utf-8")
    return path
