"""Chooses how Kafka runs on this machine: from its jars, in Docker, or emulated."""

from collections.abc import Callable
from pathlib import Path

from deploy.local import kafka_jars, other_brokers
from deploy.local.kafka import Kafka
from deploy.local.other_brokers import DockerKafka, NoBroker, NoidaKafka

Broker = Kafka | DockerKafka | NoidaKafka
Build = Callable[[Path, int, int], Broker]
KINDS: dict[str, Build] = {"maven": Kafka, "docker": DockerKafka, "noida": NoidaKafka}


def choose(
    kind: str, folder: Path, port: int, controller_port: int, partner_port: int | None = None
) -> Broker:
    """
    Build the broker of the given *kind*: maven, docker, noida, or auto for the first that works.

    Only Kafka from its jars serves partners, at *partner_port*. Raises `NoBroker`, or `NoJava` when maven is
    forced on a machine without it.
    """
    kind = _first_that_works() if kind == "auto" else kind
    if kind == "maven":
        return Kafka(folder, port, controller_port, partner_port)
    return KINDS[kind](folder, port, controller_port)


def _first_that_works() -> str:
    try:
        kafka_jars.java()
        kafka_jars.jars()
    except kafka_jars.NoJava as missing:
        reason = str(missing)
    else:
        return "maven"
    if other_brokers.has_docker():
        return "docker"
    if other_brokers.has_noida():
        return "noida"
    raise NoBroker(f"Kafka cannot run here: {reason}; there is no Docker daemon either.")
