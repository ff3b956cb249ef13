"""
Write or check `schemas/openapi/`: what each service says of its own HTTP interface (OpenAPI 3.1).

    python deploy/openapi.py write      after a change of routes or bodies
    python deploy/openapi.py check      what the build runs: fails if a document differs from the code
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "schemas" / "openapi"
PACKAGES = ("quarantine", "f0_monitoring", "permit", "alerting", "ioc_aggregation")


def document_of(package: str) -> str:
    """Ask the service itself; it needs no settings and no servers for that."""
    command = (sys.executable, "-m", package, "openapi")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.dumps(json.loads(done.stdout), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(words: list[str]) -> int:
    """Write or check the five documents; the exit code is 1 when one is out of date."""
    with ThreadPoolExecutor(2) as pool:
        documents = dict(zip(PACKAGES, pool.map(document_of, PACKAGES), strict=True))
    stale = []
    for package, text in documents.items():
        path = FOLDER / f"{package.replace('_', '-')}.json"
        if words == ["write"]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(path)
    for path in stale:
        print(f"out of date, run `make schemas`: {path.relative_to(ROOT)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
