"""The jars of Apache Kafka, fetched once per machine by Maven, and the Java that runs them."""

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.local.checkout import cache

_FOLDER = Path(__file__).parent / "kafka"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
JAVA_AT_LEAST = 17


class NoJava(RuntimeError):
    """Apache Kafka cannot run from its jars here; the text says what is missing."""


def java() -> str:
    """Return the path of a Java that is new enough; raises `NoJava`."""
    path = shutil.which("java")
    if path is None:
        raise NoJava(f"there is no Java; {JAVA_AT_LEAST} or newer is needed")
    said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < JAVA_AT_LEAST:
        raise NoJava(
            f"Java {JAVA_AT_LEAST} or newer is needed, this machine has {found[1] if found else 'none'}"
        )
    return path


def jars() -> Path:
    """Return the folder of Kafka's jars, fetching them with Maven the first time; raises `NoJava`."""
    wanted = hashlib.sha256((_FOLDER / "pom.xml").read_bytes()).hexdigest()[:12]
    folder = cache() / f"kafka-{wanted}"
    if not folder.exists():
        _fetch(folder)
    return folder


def log_settings() -> Path:
    """What the broker writes to its log."""
    return _FOLDER / "log4j2.yaml"


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoJava("the jars of Apache Kafka are not here yet and there is no Maven (mvn) to fetch them")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        target = Path(scratch) / "jars"
        command = [maven, "-q", "-B", "-f", str(_FOLDER / "pom.xml"), _COPY, f"-DoutputDirectory={target}"]
        done = subprocess.run(
            [*command, "-DincludeScope=runtime"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NoJava(f"Maven could not fetch Apache Kafka:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        if not folder.exists():
            target.rename(folder)
