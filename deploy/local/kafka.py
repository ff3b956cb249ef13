"""A real Apache Kafka as one KRaft node, run from its jars."""

import asyncio
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local import kafka_jars
from deploy.local.checkout import HOST, is_open
from deploy.local.files import write_private
from deploy.local.partner_keys import Authority, authority_folder
from deploy.local.process import Child, NotStarted, Program

T = TypeVar("T")

# One node, so everything is kept once; few internal partitions, so that a start takes seconds.
# The broker session is short because after a kill -9 the node must outlive its own old session.
_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.partitions=6
offsets.topic.num.partitions=6
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=6
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=5000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=16777216
log.index.size.max.bytes=1048576
num.network.threads=2
num.io.threads=4
controlled.shutdown.enable=true
"""
# Partners come in by a door of their own, each with a key (deploy/local/partner_keys.py), and may do what
# they were granted (deploy/local/partners.py). Who comes by the open door of this machine may do everything.
# Of a setting that is given twice the last one counts.
_PARTNERS = """\
listeners=PLAINTEXT://{host}:{port},PARTNERS://{host}:{partners},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port},PARTNERS://{host}:{partners}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PARTNERS:SSL,CONTROLLER:PLAINTEXT
listener.name.partners.ssl.client.auth=required
listener.name.partners.ssl.keystore.type=PEM
listener.name.partners.ssl.keystore.location={keystore}
listener.name.partners.ssl.truststore.type=PEM
listener.name.partners.ssl.truststore.location={authority}
listener.name.partners.ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""
_MEMORY = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


class Kafka(Child):
    """One broker. Data is in *folder* and survives stop and kill; *partner_port* is the partners' door."""

    def __init__(
        self, folder: Path, port: int, controller_port: int, partner_port: int | None = None
    ) -> None:
        self.port, self.controller_port, self.partner_port = port, controller_port, partner_port
        self.data = folder / "kafka"
        self.settings = folder / "kafka.properties"
        self._classpath = f"{kafka_jars.jars()}/*"
        self._java = kafka_jars.java()
        super().__init__(
            Program(
                name="kafka",
                command=self._command("kafka.Kafka", str(self.settings)),
                log=folder / "logs" / "kafka.log",
                is_ready=lambda: answers(port),
                stop_seconds=30,
            )
        )

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    def start(self) -> None:
        """Start the broker; the first time its data folder is formatted."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(self._settings_text(), "utf-8")
        if not (self.data / "meta.properties").exists():
            self._format()
        super().start()

    def start_and_wait(self, seconds: float = 90) -> None:
        """Start and wait until clients are served."""
        self.start()
        self.wait_ready(seconds)

    def _settings_text(self) -> str:
        told = {"host": HOST, "port": self.port, "controller": self.controller_port}
        text = _SETTINGS.format(**told, data=self.data)
        if self.partner_port is None:
            return text
        folder = authority_folder(self.settings.parent)
        authority, keystore = Authority(folder), folder / "broker.pem"
        write_private(keystore, authority.broker())
        files = {"keystore": keystore, "authority": authority.certificate_file}
        return text + _PARTNERS.format(**told, partners=self.partner_port, **files)

    def _format(self) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        options = ("format", "--config", str(self.settings), f"--cluster-id={cluster}", "--ignore-formatted")
        command = self._command("kafka.tools.StorageTool", *options)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotStarted(f"Kafka's data folder cannot be formatted:\n{done.stdout}{done.stderr}")

    def _command(self, main: str, *arguments: str) -> tuple[str, ...]:
        logs = f"-Dlog4j2.configurationFile={kafka_jars.log_settings()}"
        return (self._java, *_MEMORY, logs, "-cp", self._classpath, main, *arguments)


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* in a loop and a thread of its own, so that sync code may be called from async tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def answers(port: int) -> bool:
    """Tell whether a broker on *port* serves clients."""
    return is_open(port) and run_apart(_lists_topics(port))


async def _lists_topics(port: int) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=f"{HOST}:{port}", request_timeout_ms=3_000)
    try:
        await admin.start()
        await admin.list_topics()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True
