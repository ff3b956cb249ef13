"""What `schemas/` shall hold, what it holds, and what was released."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from common.messaging.catalogue import load
from common.schemas import asyncapi, tables
from common.schemas.compatibility import breaking_changes, catalogue_changes
from common.schemas.events import Schema, schemas
from common.schemas.samples import faults, read_samples

_SUFFIX = ".schema.json"


class Folder:
    """The folder `schemas/` at *root*, in a repository whose services lie beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events = root / "events"
        self.released = root / "released"
        self.catalogue = load(root / "topics.yaml")
        self.samples = read_samples(root / "samples")

    def wanted(self) -> dict[Path, str]:
        """Return the text of every generated file, by path."""
        described = schemas()
        files = {self.events / f"{name}{_SUFFIX}": _json(body) for name, body in described.items()}
        document = asyncapi.document(self.catalogue, described, self.samples)
        files[self.root / "asyncapi" / "asyncapi.yaml"] = _yaml(document)
        self._fill(files, self.root / "README.md", tables.all_topics(self.catalogue))
        for service in tables.services():
            readme = self.root.parent / "services" / service / "README.md"
            self._fill(files, readme, tables.of_service(service, self.catalogue))
        return files

    def write(self) -> list[Path]:
        """Write what differs and remove schemas of facts that are gone; return the paths changed."""
        wanted = self.wanted()
        changed = self._differing(wanted)
        for path in changed:
            if path in wanted:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(wanted[path], encoding="utf-8")
            else:
                path.unlink()
        return changed

    def differing(self) -> list[Path]:
        """Return the generated files that are not as they would be written now."""
        return self._differing(self.wanted())

    def faults(self, against: str | None = None) -> list[str]:
        """Return everything that forbids to ship: bad samples and breaking changes."""
        found = faults(self.samples) + breaking_changes(read_schemas(self.released), schemas())
        baseline = self.released / "topics.yaml"
        if baseline.exists():
            found += catalogue_changes(load(baseline), self.catalogue)
        if against:
            found += breaking_changes(self._at(against), schemas())
        return found

    def release(self) -> None:
        """Make the present schemas and topics the promise that later changes are held to."""
        self.released.mkdir(exist_ok=True)
        for name, body in schemas().items():
            (self.released / f"{name}{_SUFFIX}").write_text(_json(body), encoding="utf-8")
        shutil.copyfile(self.root / "topics.yaml", self.released / "topics.yaml")

    def _differing(self, wanted: dict[Path, str]) -> list[Path]:
        stale = [path for path in self.events.glob("*") if path not in wanted]
        differing = [
            path
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        return sorted(stale + differing)

    def _fill(self, files: dict[Path, str], readme: Path, table: str) -> None:
        if readme.exists():
            files[readme] = tables.filled(readme.read_text(encoding="utf-8"), table)

    def _at(self, revision: str) -> dict[str, Schema]:
        """Return the schemas as committed at *revision*; raises CalledProcessError if there is none."""
        names = self._git("ls-tree", "--name-only", f"{revision}:./events").split()
        return {
            name.removesuffix(_SUFFIX): json.loads(self._git("show", f"{revision}:./events/{name}"))
            for name in names
        }

    def _git(self, *words: str) -> str:
        command = ["git", "-C", str(self.root), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def read_schemas(folder: Path) -> dict[str, Schema]:
    """Return the JSON Schemas in *folder* by type."""
    return {
        path.name.removesuffix(_SUFFIX): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob(f"*{_SUFFIX}"))
    }


def _json(body: Any) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _yaml(body: Any) -> str:
    head = "# Written by `make schemas` from the contracts and schemas/topics.yaml. Do not edit.\n"
    return head + yaml.dump(body, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110)
