"""Brokers for machines without Java: Apache Kafka in Docker, and an emulator to look around with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.checkout import HOST
from deploy.local.kafka import answers
from deploy.local.process import Child, Program

IMAGE = "apache/kafka:4.3.1"
NOIDA_WARNING = """\
=====================================================================================================
 CHÚ Ý / WARNING: this machine has neither Java 17 with Maven nor Docker, so Kafka is only EMULATED.
 The emulator (noida-db) keeps everything in memory, loses acknowledged facts when it is killed, and
 stalls when consumers come and go. It is good for looking around and for nothing else: no test of
 reliability runs on it. Install Java 17 or newer and Maven, then run `make run` again.
====================================================================================================="""


class NoBroker(RuntimeError):
    """None of the ways to run a broker works on this machine."""


class DockerKafka(Child):
    """Apache Kafka in a container; the log lives in a named volume, so it survives a restart."""

    def __init__(self, folder: Path, port: int, controller_port: int) -> None:
        self.port, self.controller_port = port, controller_port
        self.container = f"lachan-kafka-{port}"
        settings = broker_settings(port, controller_port)
        pairs = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
        volume = f"{self.container}:/var/lib/kafka/data"
        options = ("--rm", "--name", self.container, "--publish", f"{HOST}:{port}:{port}", "--volume", volume)
        super().__init__(
            Program(
                name="kafka (docker)",
                command=("docker", "run", *options, *pairs, IMAGE),
                log=folder / "logs" / "kafka.log",
                is_ready=lambda: answers(port),
                stop_seconds=30,
            )
        )

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    def start_and_wait(self, seconds: float = 180) -> None:
        """Start and wait until clients are served; the first time the image is pulled."""
        self.start()
        self.wait_ready(seconds)

    def kill(self) -> None:
        """Kill the broker inside its container, then the client that watched it."""
        subprocess.run(["docker", "kill", self.container], capture_output=True, check=False)
        super().kill()


class NoidaKafka(Child):
    """The emulator. Never for a test of reliability."""

    def __init__(self, folder: Path, port: int, controller_port: int) -> None:
        self.port, self.controller_port = port, controller_port
        binary = str(Path(sys.executable).parent / "noida-db")
        options = ("--data-dir", str(folder / "noida"), "--only", "kafka", "--kafka-port", str(port))
        super().__init__(
            Program(
                name="kafka (emulated)",
                command=(binary, "start", *options),
                log=folder / "logs" / "kafka.log",
                is_ready=lambda: answers(port),
            )
        )

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    def start_and_wait(self, seconds: float = 30) -> None:
        """Warn, start, wait until clients are served."""
        print(NOIDA_WARNING, file=sys.stderr)
        self.start()
        self.wait_ready(seconds)


def broker_settings(port: int, controller_port: int) -> dict[str, str]:
    """Return the environment of the Kafka image for one node that serves *port* of this machine."""
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://0.0.0.0:{port},CONTROLLER://0.0.0.0:{controller_port}",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{HOST}:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@localhost:{controller_port}",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
        "KAFKA_HEAP_OPTS": "-Xms256m -Xmx512m",
    }


def has_docker() -> bool:
    """Tell whether a Docker daemon answers on this machine."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def has_noida() -> bool:
    """Tell whether the emulator is installed for this machine."""
    return os.access(Path(sys.executable).parent / "noida-db", os.X_OK)
