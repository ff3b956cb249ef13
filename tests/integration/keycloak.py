"""
A real Keycloak with the realm that deploy/compose.yaml imports, run from its distribution.

Maven fetches the distribution of the version that compose.yaml names, once per machine; it is prepared
(`kc.sh build`) once, too.
"""

import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from deploy.local import compose, kafka_jars
from deploy.local.checkout import HOST, ROOT, cache
from deploy.local.process import Child, Program

PASSWORD = "quan-tri-thu"
START_SECONDS = 900.0
"""Seven minutes were seen on two cores with sixty others waiting for them."""
BUILD_SECONDS = 900.0
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
_SETTINGS = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))["services"]["keycloak"]
_MEMORY = {"JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m", "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"}


class Keycloak(Child):
    """One Keycloak in *folder*, as compose.yaml runs it behind its door; the administrator is `admin`."""

    def __init__(self, folder: Path, port: int, management_port: int) -> None:
        self.folder = folder
        self.address = f"http://{HOST}:{port}"
        given = {name: value for name, value in _SETTINGS["environment"].items() if "BOOTSTRAP" not in name}
        given["KC_HOSTNAME"] = re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", given["KC_HOSTNAME"])
        self.issuer = f"{given['KC_HOSTNAME']}/realms/{compose.REALM}"
        environment = {
            **given,
            **_MEMORY,
            "KC_HTTP_HOST": HOST,
            "KC_HTTP_PORT": str(port),
            "KC_HTTP_MANAGEMENT_PORT": str(management_port),
            "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
            "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD,
        }
        super().__init__(
            Program(
                name="keycloak",
                command=("bash", str(folder / "bin/kc.sh"), *_SETTINGS["command"], "--optimized"),
                log=folder / "keycloak.log",
                is_ready=lambda: _is_up(management_port),
                environment=environment,
            )
        )

    @property
    def jwks_uri(self) -> str:
        """Where the services fetch the keys: inside, as LACHAN_OIDC_JWKS_URI says."""
        return f"{self.address}/realms/{compose.REALM}/protocol/openid-connect/certs"


@contextmanager
def running(port: int, management_port: int) -> Iterator[Keycloak]:
    """Run one with a fresh copy of the realm; raises `NoJava` where it cannot run."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "keycloak"
        shutil.copytree(distribution(), home, copy_function=_link)
        compose.write(Path(scratch) / "compose")
        (home / "data/import").mkdir(parents=True)
        realm = f"realm-{compose.REALM}.json"
        shutil.copy(Path(scratch) / "compose" / realm, home / "data/import" / realm)
        keycloak = Keycloak(home, port, management_port)
        try:
            keycloak.start()
            keycloak.wait_ready(START_SECONDS)
            yield keycloak
        finally:
            keycloak.stop()


def distribution() -> Path:
    """Return the prepared distribution, fetching it the first time."""
    version = _SETTINGS["image"].rpartition(":")[2]
    folder = cache() / f"keycloak-{version}"
    if not folder.exists():
        kafka_jars.java()
        _fetch(version, folder)
    return folder


def _fetch(version: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise kafka_jars.NoJava("Keycloak is not here yet and there is no Maven (mvn) to fetch it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        artifact = f"org.keycloak:keycloak-quarkus-dist:{version}:zip"
        _run([maven, "-q", "-B", _COPY, f"-Dartifact={artifact}", f"-DoutputDirectory={scratch}"])
        [archive] = Path(scratch).glob("*.zip")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(scratch)
        home = Path(scratch) / f"keycloak-{version}"
        options = ("--db=dev-file", "--health-enabled=true")
        _run(["bash", str(home / "bin/kc.sh"), "build", *options], _MEMORY)
        if not folder.exists():
            home.rename(folder)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    given = {**os.environ, **(environment or {})}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=given, timeout=BUILD_SECONDS
    )
    if done.returncode:
        raise kafka_jars.NoJava(f"Keycloak cannot be prepared:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _link(source: str, target: str) -> None:
    """Copy by a hard link where that is possible: what is prepared is only read."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://{HOST}:{port}/health/ready", timeout=3).is_success
    except httpx.HTTPError:
        return False
