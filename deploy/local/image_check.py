"""
Examines a built image: `python -m deploy.local.image_check permit dev`.

Starts MongoDB and Kafka of this machine, runs the image's api and worker against them the way Kubernetes does
(no root, read-only, no rights), and prints each promise with its answer. Ends with 1 if one is not kept.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from deploy.local.checkout import free_ports
from deploy.local.services import environment, is_ready, own_environment
from deploy.local.stack import Servers

LIMITS: Final = {"podman": ("--ulimit", "nofile=10000:10000", "--ulimit", "nproc=16384:16384")}
"""Some machines give rootless podman smaller limits than its own defaults ask for."""
STARTS_SECONDS: Final = 60
STOPS_SECONDS: Final = 30
_ABSENT: Final = "pip pip3 gcc cc make npm node curl wget"


def engine() -> str:
    """Return docker or podman, whichever answers; raises SystemExit."""
    for name in ("docker", "podman"):
        if (
            shutil.which(name)
            and not subprocess.run((name, "info"), capture_output=True, check=False).returncode
        ):
            return name
    raise SystemExit("Neither a Docker daemon nor podman answers here.")


class Image:
    """One image under examination."""

    def __init__(self, service: str, tag: str) -> None:
        self.service, self.name, self.engine = service, f"la-chan/{service}:{tag}", engine()
        self.options = (
            "--network=host",
            "--read-only",
            "--tmpfs=/tmp",
            "--cap-drop=ALL",
            *LIMITS.get(self.engine, ()),
        )

    def say(self, *words: str, entrypoint: str) -> str:
        """Return what a program inside answers; empty if it fails."""
        run = (self.engine, "run", "--rm", *self.options, f"--entrypoint={entrypoint}", self.name, *words)
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        return done.stdout.strip() if not done.returncode else ""

    def start(self, mode: str, variables: dict[str, str]) -> str:
        """Run *mode* in the background; return the container's id."""
        given = [f"--env={name}={value}" for name, value in variables.items()]
        run = (self.engine, "run", "--detach", *self.options, *given, self.name, mode)
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()

    def is_well(self, container: str) -> bool:
        """Run the health check of the image once, whether or not something schedules it here."""
        ask = (self.engine, "inspect", "--format={{json .Config.Healthcheck.Test}}", container)
        check = json.loads(subprocess.run(ask, capture_output=True, text=True, check=True).stdout)
        done = subprocess.run((self.engine, "exec", container, *check[1:]), capture_output=True, check=False)
        return check[0] == "CMD" and done.returncode == 0

    def stop(self, container: str) -> int:
        """Send SIGTERM; return the exit status (137: it had to be killed)."""
        stop = (self.engine, "stop", f"--time={STOPS_SECONDS}", container)
        subprocess.run(stop, capture_output=True, check=False)
        ask = (self.engine, "inspect", "--format={{.State.ExitCode}}", container)
        status = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
        logs = subprocess.run((self.engine, "logs", container), capture_output=True, text=True, check=False)
        subprocess.run((self.engine, "rm", "--force", container), capture_output=True, check=False)
        if status != "0":
            print(logs.stdout[-2_000:], logs.stderr[-2_000:], file=sys.stderr)
        return int(status)

    def labels(self) -> dict[str, str]:
        """Return the labels of the image."""
        ask = (self.engine, "image", "inspect", "--format={{json .Config.Labels}}", self.name)
        found: dict[str, str] = json.loads(
            subprocess.run(ask, capture_output=True, text=True, check=True).stdout
        )
        return found


def at_rest(image: Image) -> dict[str, bool]:
    """Return what the image promises while nothing runs."""
    inside = (
        f"for each in {_ABSENT}; do command -v $each; done; python -c 'import pip' 2>/dev/null && echo pip"
    )
    bom = image.say("-c", "cat /app/share/sbom.cdx.json", entrypoint="/bin/sh")
    return {
        "runs as 10001": image.say("-u", entrypoint="id") == "10001",
        "root is read-only": not image.say("/app/x", entrypoint="touch")
        and image.say("/app", entrypoint="ls") != "",
        "no tools for building": image.say("-c", f"{inside}; echo end", entrypoint="/bin/sh") == "end",
        "bill of materials": bool(bom) and len(json.loads(bom)["components"]) > 50,
        "licences": "fastapi" in image.say("-c", "cat /app/share/licences.txt", entrypoint="/bin/sh"),
        "labels": image.labels().get("org.opencontainers.image.title") == f"la-chan/{image.service}",
    }


def in_motion(image: Image, folder: Path) -> dict[str, bool]:
    """Return what the image promises against real servers: ready, well by its own check, gone when asked."""
    servers = Servers.local(folder, free_ports())
    found = {}
    try:
        servers.start()
        place, package = servers.place(), image.service.replace("-", "_")
        for mode in ("api", "worker"):
            port = free_ports().start
            told = {**environment(place), **own_environment(place, package, port)}
            kept = {name: value for name, value in told.items() if name != "LACHAN_DATA_FOLDER"}
            container = image.start(mode, {**kept, "LACHAN_HTTP_PORT": str(port)})
            found[f"{mode} is ready within {STARTS_SECONDS} s"] = _within(
                STARTS_SECONDS, partial(is_ready, port)
            )
            found[f"{mode} is well by its own check"] = image.is_well(container)
            since = time.monotonic()
            found[f"{mode} ends by itself on SIGTERM"] = image.stop(container) == 0
            print(f"{mode} took {time.monotonic() - since:.1f} s to end")
    finally:
        servers.stop()
    return found


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.5)
    return False


def main() -> int:
    """Examine one image; print each promise."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.image_check", description=__doc__)
    parser.add_argument("service")
    parser.add_argument("tag", nargs="?", default="dev")
    given = parser.parse_args()
    image = Image(given.service, given.tag)
    with tempfile.TemporaryDirectory() as folder:
        kept = {**at_rest(image), **in_motion(image, Path(folder))}
    for promise, holds in kept.items():
        print(f"{'yes' if holds else 'NO ':3}  {promise}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
