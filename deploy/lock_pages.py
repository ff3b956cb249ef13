"""Resolves package-lock.json again, without addresses: the registry is the machine's business."""

import json
import subprocess
from pathlib import Path

LOCK = Path("package-lock.json")


def main() -> None:
    """Let npm resolve, then drop every address from what it wrote."""
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], check=True
    )
    lock = json.loads(LOCK.read_text("utf-8"))
    for entry in lock["packages"].values():
        entry.pop("resolved", None)
        entry.pop("funding", None)
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
