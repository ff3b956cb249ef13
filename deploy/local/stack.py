"""The whole system as children of this process: used by `make run` and by the integration tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from common.messaging.topics import ensure_topics
from common.oidc_local.minting import Minter
from deploy.local import brokers, coturn, services
from deploy.local.checkout import Ports
from deploy.local.kafka import run_apart
from deploy.local.mongod import Mongod
from deploy.local.process import Child, Program
from deploy.local.services import Place

SERVICE_SECONDS = 180.0
"""Long, because a busy machine with two cores starts five services; seconds are usual."""
BROKER_SECONDS = 180.0
"""A broker in a container is pulled the first time."""


class Server(Protocol):
    """A server that can be started, stopped, killed and started again with its data."""

    def start(self) -> None:
        """Start it."""

    def start_and_wait(self, seconds: float = ...) -> None:
        """Start it and wait until it serves clients."""

    def wait_ready(self, seconds: float) -> None:
        """Wait until it serves clients."""

    def stop(self) -> None:
        """Stop it gently."""

    def kill(self) -> None:
        """End it at once."""


class Database(Server, Protocol):
    """MongoDB."""

    @property
    def uri(self) -> str:
        """Address for clients."""


class Broker(Server, Protocol):
    """Kafka."""

    @property
    def bootstrap(self) -> str:
        """Address for clients."""


class Servers:
    """MongoDB and Kafka of one stack, on *ports*, with their data in *folder*."""

    def __init__(self, folder: Path, ports: Ports, mongod: Database, kafka: Broker) -> None:
        self.folder, self.ports = folder, ports
        self.mongod, self.kafka = mongod, kafka

    @classmethod
    def local(cls, folder: Path, ports: Ports, *, kafka: str = "auto") -> "Servers":
        """Describe both as this machine can run them; *kafka* is a kind of `brokers.choose`."""
        broker = brokers.choose(kafka, folder, ports.kafka, ports.kafka_controller, ports.kafka_partners)
        return cls(folder, ports, Mongod(folder, ports.mongo), broker)

    def start(self) -> None:
        """Start both side by side, wait for both, create the topics of the catalogue."""
        self.mongod.start()
        self.kafka.start_and_wait(BROKER_SECONDS)
        self.mongod.wait_ready(SERVICE_SECONDS)
        run_apart(ensure_topics(self.kafka.bootstrap))

    def stop(self) -> None:
        """Stop both; their data stays."""
        self.kafka.stop()
        self.mongod.stop()

    def place(self, settings: Mapping[str, str] | None = None) -> Place:
        """Describe where services find them."""
        return Place(self.folder, self.ports, self.mongod.uri, self.kafka.bootstrap, settings or {})


class Stack:
    """The services of one place as processes that can be started, killed and started again by name."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.children: dict[str, Child] = {}

    def add(self, program: Program) -> Child:
        """Put a program under this stack's care; it is started by `start`."""
        self.children[program.name] = Child(program)
        return self.children[program.name]

    def add_all(self) -> list[str]:
        """Add start page, mail sink, relay (if installed) and every service; return those not written yet."""
        self.add(services.start_page(self.place))
        self.add(services.mail_sink(self.place))
        self.add(services.sms_gateway(self.place))
        if turnserver := coturn.find_turnserver():
            self.add(coturn.relay(self.place.folder, self.place.ports.turn, turnserver))
        missing = [package for package in services.PACKAGES if not services.is_written(package)]
        for package in services.PACKAGES:
            if package not in missing:
                self.add(services.service(self.place, package))
        return missing

    def start(self) -> None:
        """Start everything side by side."""
        for child in self.children.values():
            child.start()

    def wait_ready(self, seconds: float = SERVICE_SECONDS) -> None:
        """Wait until every program is ready; raises `NotStarted` for the first that is not."""
        for child in self.children.values():
            child.wait_ready(seconds)

    def restart(self, name: str, seconds: float = SERVICE_SECONDS) -> None:
        """Start a program that was stopped or killed, and wait until it is ready."""
        self.children[name].start()
        self.children[name].wait_ready(seconds)

    def stop(self) -> None:
        """Stop everything side by side."""
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            child.wait_stopped()

    def token(self, *roles: str, areas: tuple[str, ...] = ("19",), person_id: str | None = None) -> str:
        """Make an access token of this stack's issuer."""
        minter = Minter.from_file(self.place.key_file, issuer=self.place.issuer, audience=services.AUDIENCE)
        return minter.token(roles, areas, person_id=person_id)

    def address(self, package: str) -> str:
        """Address of a service, by package name."""
        return self.place.address(package)
