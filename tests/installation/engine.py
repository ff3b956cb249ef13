"""deploy/compose.yaml run by podman: started in its own order, asked whether it is well, killed, taken down."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.local.checkout import ROOT

PROJECT: Final = "la-chan-check"
"""Its own containers, networks and volumes: a system that runs from this checkout is not touched."""
PATIENCE_SECONDS: Final = 600.0
"""Keycloak alone may take some minutes where everything starts at once on two cores."""
LIMITS: Final = '[containers]\ndefault_ulimits = ["nofile=10000:10000", "nproc=16384:16384"]\n'
"""Some machines give podman smaller limits than its own defaults ask for."""


class Fault(AssertionError):
    """The system is not as deploy/compose.yaml promises."""


class Engine:
    """The system of the compose file under podman; *without* names services that have no image here."""

    def __init__(self, environment: Path, scratch: Path, *, without: frozenset[str] = frozenset()) -> None:
        document = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
        self.services = {name: it for name, it in document["services"].items() if name not in without}
        self._profiles = sorted({profile for it in self.services.values() for profile in it["profiles"]})
        self._environment = environment
        (scratch / "containers.conf").write_text(LIMITS, "utf-8")
        self._variables = {"CONTAINERS_CONF": str(scratch / "containers.conf"), **os.environ}
        if not shutil.which("podman-compose"):
            raise SystemExit(
                "podman-compose is not on PATH: install it from PyPI into an environment of its own."
            )

    def run(self, *words: str, check: bool = True) -> str:
        """Run podman; return what it says."""
        done = subprocess.run(
            ("podman", *words), capture_output=True, text=True, check=False, env=self._variables
        )
        if check and done.returncode:
            raise Fault(f"podman {' '.join(words)}: {done.stderr[-2_000:]}")
        return done.stdout

    def succeeds(self, *words: str) -> bool:
        """Run podman; tell whether it ended well."""
        return not subprocess.run(
            ("podman", *words), capture_output=True, check=False, env=self._variables
        ).returncode

    def compose(self, *words: str) -> None:
        """Run podman-compose on this project with every profile."""
        profiles = [word for profile in self._profiles for word in ("--profile", profile)]
        given = ("--env-file", str(self._environment), "--file", str(ROOT / "deploy/compose.yaml"))
        done = subprocess.run(
            ("podman-compose", "--in-pod=false", "-p", PROJECT, *given, *profiles, *words),
            capture_output=True, text=True, check=False, env=self._variables,
        )  # fmt: skip
        if done.returncode:
            raise Fault(f"podman-compose {' '.join(words)}: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")

    def up(self) -> Iterator[tuple[str, float]]:
        """
        Start everything in the order of `depends_on`; yield each service and the second it was well.

        podman before 4.4 does not wait for health, and without systemd it asks nobody: both is done here.
        """
        since, started, well = time.monotonic(), set[str](), set[str]()
        while len(well) < len(self.services):
            if time.monotonic() - since > PATIENCE_SECONDS:
                raise Fault(f"not well in time: {sorted(self.services.keys() - well)}")
            ready = [n for n in self.services if n not in started and self._may_start(n, started, well)]
            if ready:
                self.compose("up", "--detach", "--no-build", "--no-deps", *ready)
                started |= set(ready)
            for name in sorted(started - well):
                if self.is_well(name):
                    well.add(name)
                    yield name, time.monotonic() - since
            time.sleep(0.5)

    def _may_start(self, name: str, started: set[str], well: set[str]) -> bool:
        needs = self.services[name].get("depends_on", {})
        return all(
            needed in (started if condition["condition"] == "service_started" else well)
            for needed, condition in needs.items()
        )

    def container(self, service: str) -> str:
        """Return the id of the container of *service*; empty if there is none."""
        labels = (
            f"label=com.docker.compose.project={PROJECT}",
            f"label=com.docker.compose.service={service}",
        )
        said = self.run("ps", "--all", "--quiet", "--filter", labels[0], "--filter", labels[1])
        return said.split()[0] if said.split() else ""

    def state(self, service: str) -> dict[str, Any]:
        """Return what podman knows of the state of *service*."""
        found: dict[str, Any] = json.loads(self.run("inspect", self.container(service)))[0]
        return found

    def is_well(self, service: str) -> bool:
        """Ask the service's own health check; one that ends is well when it ended with 0."""
        container = self.container(service)
        if not container:
            return False
        if self.services[service].get("restart") == "on-failure":
            state = self.state(service)["State"]
            return bool(state["Status"] == "exited" and state["ExitCode"] == 0)
        if service == "coturn":  # a relay of datagrams has no check; the story asks it for an address
            return bool(self.state(service)["State"]["Running"])
        return self.succeeds("healthcheck", "run", container)

    def wait_well(self, service: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until *service* is well; return how long that took."""
        return within(seconds, lambda: self.is_well(service), f"{service} is not well")

    def kill(self, service: str) -> None:
        """Kill the main process from outside, as a machine short of memory does; podman is not told."""
        pid = str(self.state(service)["State"]["Pid"])
        subprocess.run(("kill", "-KILL", pid), check=True)

    def inside(self, service: str, *words: str, check: bool = True) -> str:
        """Run something in the container of *service*."""
        return self.run("exec", self.container(service), *words, check=check)

    def logs(self, service: str, lines: int = 40) -> str:
        """Return the last words of *service*."""
        container = self.container(service)
        said = subprocess.run(
            ("podman", "logs", "--tail", str(lines), container),
            capture_output=True, text=True, check=False, env=self._variables,
        )  # fmt: skip
        return said.stdout + said.stderr

    def down(self, *, volumes: bool = False) -> None:
        """Take everything down; the data stays unless *volumes*."""
        nameless = self._nameless_volumes()
        self.compose("down", *(("--volumes",) if volumes else ()))
        if nameless:
            self.run("volume", "rm", *nameless)

    def _nameless_volumes(self) -> list[str]:
        """Name the volumes that an image asks for and the compose file does not: podman-compose leaves them behind."""
        label = f"label=com.docker.compose.project={PROJECT}"
        containers = self.run("ps", "--all", "--quiet", "--filter", label).split()
        if not containers:
            return []
        mounts = [mount for it in json.loads(self.run("inspect", *containers)) for mount in it["Mounts"]]
        names = {mount["Name"] for mount in mounts if mount["Type"] == "volume"}
        return sorted(name for name in names if not name.startswith(f"{PROJECT}_"))


def within(seconds: float, holds: Callable[[], bool], otherwise: str) -> float:
    """Wait until it *holds*; return the seconds it took, raise `Fault` with *otherwise*."""
    since = time.monotonic()
    while not holds():
        if time.monotonic() - since > seconds:
            raise Fault(f"{otherwise} after {seconds:.0f} s")
        time.sleep(0.5)
    return time.monotonic() - since


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Print the last words of every service when something fails."""
    try:
        yield
    except BaseException:
        for name in engine.services:
            print(f"\n--- {name}\n{engine.logs(name)}", flush=True)
        raise
