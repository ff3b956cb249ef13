"""
What is in an image: a CycloneDX 1.6 document and a list of licences, written by the image's own Python.

    python sbom.py permit --pages package-lock.json --into /app/share

Lists the Python distributions of this environment, the libraries of the pages and the packages of the base.
Standard library only: it runs inside the build, without a network.
"""

import argparse
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

UNKNOWN: Final = "not stated"
_CLASSIFIER: Final = "License :: OSI Approved :: "
_LONGEST_NAME: Final = 80
"""Some distributions put the whole text where the name belongs."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One component: *kind* is `pypi`, `npm` or `deb`."""

    kind: str
    name: str
    version: str
    licence: str = UNKNOWN

    @property
    def purl(self) -> str:
        """Package URL, which scanners look vulnerabilities up by."""
        name = self.name.replace("@", "%40")
        return f"pkg:{self.kind}/{'debian/' if self.kind == 'deb' else ''}{name}@{self.version}"


def distributions() -> Iterator[Part]:
    """Yield the Python distributions that can be imported here."""
    for found in metadata.distributions():
        about = found.metadata
        name = re.sub(r"[-_.]+", "-", about["Name"]).lower()
        yield Part("pypi", name, found.version, _licence(about))


def _licence(about: Any) -> str:
    if expression := about.get("License-Expression"):
        return str(expression)
    stated = str(about.get("License") or "").strip()
    if stated and stated != "UNKNOWN" and len(stated) <= _LONGEST_NAME and "\n" not in stated:
        return stated
    classified = about.get_all("Classifier", [])
    named = [each.removeprefix(_CLASSIFIER) for each in classified if _CLASSIFIER in each]
    return " AND ".join(named) or UNKNOWN


def page_libraries(lock: Path) -> Iterator[Part]:
    """Yield what the pages load, from npm's lock file; development tools are left out."""
    for path, entry in json.loads(lock.read_text("utf-8"))["packages"].items():
        if path and not entry.get("dev"):
            name = path.rpartition("node_modules/")[2]
            yield Part("npm", name, entry["version"], entry.get("license", UNKNOWN))


def system_packages() -> Iterator[Part]:
    """Yield the packages of a Debian base; nothing elsewhere. Their licences are in /usr/share/doc."""
    asked = ("dpkg-query", "-W", "-f", "${Package} ${Version}\n")
    try:
        answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return
    for line in answer.splitlines():
        name, _, version = line.partition(" ")
        yield Part("deb", name, version, "see /usr/share/doc/" + name)


def document(title: str, parts: list[Part]) -> dict[str, Any]:
    """Return the CycloneDX document; the same parts give the same document."""
    serial = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([title, *(part.purl for part in parts)]))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": f"la-chan/{title}", "bom-ref": title}},
        "components": [_component(part) for part in parts],
    }


def _component(part: Part) -> dict[str, Any]:
    licences = [] if part.licence == UNKNOWN else [{"license": {"name": part.licence}}]
    component = {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
    }
    return {**component, **({"licenses": licences} if licences else {})}


def listed(parts: list[Part]) -> str:
    """Return the list of licences as people read it."""
    return "".join(f"{part.kind:5} {part.name} {part.version}: {part.licence}\n" for part in parts)


def main(words: list[str] | None = None) -> int:
    """Write `sbom.cdx.json` and `licences.txt`."""
    shown = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shown)
    parser.add_argument("service", help="deployed name, for the title")
    parser.add_argument("--pages", type=Path, required=True, help="package-lock.json of the pages")
    parser.add_argument("--into", type=Path, required=True, help="folder for the two files")
    given = parser.parse_args(words)
    parts = sorted({*distributions(), *page_libraries(given.pages), *system_packages()})
    given.into.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document(given.service, parts), indent=1, ensure_ascii=False)
    (given.into / "sbom.cdx.json").write_text(text + "\n", "utf-8")
    (given.into / "licences.txt").write_text(listed(parts), "utf-8")
    print(f"{len(parts)} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
