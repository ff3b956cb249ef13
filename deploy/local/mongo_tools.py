"""mongodump and mongorestore: those on PATH, or built once from their Go module."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from deploy.local.checkout import cache

MODULE: Final = "github.com/mongodb/mongo-tools"
VERSION: Final = "v0.0.0-20260702221138-e4f25276abe9"


class NoMongoTools(RuntimeError):
    """Neither the tools nor Go are on this machine."""


def find(name: str) -> str:
    """Return the path of *name* (mongodump, mongorestore); builds it once if only Go is here."""
    if found := shutil.which(name):
        return found
    folder = cache() / f"mongo-tools-{VERSION}"
    if not (folder / name).exists():
        _build(name, folder)
    return str(folder / name)


def _build(name: str, folder: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise NoMongoTools(f"{name} is not on PATH (MongoDB Database Tools), and there is no Go to build it")
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    (source / "go.mod").write_text(f"module tools\n\ngo 1.25\n\nrequire {MODULE} {VERSION}\n", "utf-8")
    environment = {**os.environ, "GOFLAGS": "-mod=mod"}
    command = (go, "build", "-o", str(folder / name), f"{MODULE}/{name}/main")
    subprocess.run(command, check=True, cwd=source, env=environment)
