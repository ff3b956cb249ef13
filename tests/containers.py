"""The servers of the tests as containers, for machines that have Docker rather than Java."""

import time

from testcontainers.core.container import DockerContainer

from deploy.local.checkout import HOST
from deploy.local.kafka import answers
from deploy.local.mongod import REPLICA_SET, initiate_and_ask, uri
from deploy.local.other_brokers import IMAGE, broker_settings
from deploy.local.process import NotStarted

MONGO_IMAGE = "mongo:6.0"


class Container:
    """A container on a fixed port of this machine, so that it has the same address after a restart."""

    def __init__(self, container: DockerContainer) -> None:
        self._container = container
        self._is_made = False

    def is_ready(self) -> bool:
        """Tell whether clients are served."""
        raise NotImplementedError

    def start(self) -> None:
        """Create the container, or start the stopped one with its data."""
        if self._is_made:
            self._container.get_wrapped_container().start()
        else:
            self._container.start()
            self._is_made = True

    def start_and_wait(self, seconds: float = 180) -> None:
        """Start and wait until clients are served; the first time the image is pulled."""
        self.start()
        self.wait_ready(seconds)

    def wait_ready(self, seconds: float) -> None:
        """Wait until clients are served."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise NotStarted(f"a container was not ready in {seconds:.0f} s: {self._container.image}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop and remove the container."""
        self._container.stop()
        self._is_made = False

    def kill(self) -> None:
        """End the server at once; `start` brings it back with its data."""
        self._container.get_wrapped_container().kill()


class MongoContainer(Container):
    """MongoDB as a one-member replica set."""

    def __init__(self, port: int) -> None:
        self.port = port
        command = ["--replSet", REPLICA_SET, "--port", str(port), "--bind_ip_all"]
        super().__init__(DockerContainer(MONGO_IMAGE).with_command(command).with_bind_ports(port, port))

    @property
    def uri(self) -> str:
        """Address for clients."""
        return uri(self.port)

    def is_ready(self) -> bool:
        """Tell whether it takes writes; makes it a replica set the first time."""
        return initiate_and_ask(self.port)


class KafkaContainer(Container):
    """Apache Kafka as one KRaft node."""

    def __init__(self, port: int, controller_port: int) -> None:
        self.port = port
        container = DockerContainer(IMAGE).with_bind_ports(port, port)
        for name, value in broker_settings(port, controller_port).items():
            container = container.with_env(name, value)
        super().__init__(container)

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    def is_ready(self) -> bool:
        """Tell whether clients are served."""
        return answers(self.port)
