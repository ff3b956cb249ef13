"""`python -m deploy.k8s write|render|check`; see deploy/k8s/README.md."""

import argparse
import sys
from pathlib import Path

from deploy.k8s import files, promtool
from deploy.k8s.checks import policy, schema
from deploy.k8s.kustomize import OVERLAYS, render, rendered


def main(words: list[str] | None = None) -> int:
    """Run one command; 1 when a check found something."""
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s", description=__doc__)
    parser.add_argument("command", choices=("write", "render", "check"))
    parser.add_argument("--into", type=Path, default=None, help="folder for the rendered overlays")
    given = parser.parse_args(words)
    if given.command == "check":
        return _check()
    for name in files.write():
        print(f"written: {name}")
    if given.command == "render":
        for overlay in OVERLAYS:
            path = render(overlay, given.into)
            print(f"rendered: {overlay} -> {path}")
    return 0


def _check() -> int:
    faults = [f"{name}: not what the generator writes (make k8s-render)" for name in files.differing()]
    for overlay in OVERLAYS:
        manifests = rendered(overlay)
        found = [*schema.faults(manifests), *policy.faults(manifests)]
        print(f"{overlay}: {len(manifests)} manifests, {len(found)} faults")
        faults += [f"{overlay}: {fault}" for fault in found]
    faults += promtool.faults()
    print("\n".join(faults) or "all is well")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
