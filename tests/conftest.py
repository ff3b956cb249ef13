"""
Real servers for tests: MongoDB and Apache Kafka, started once per session on free ports.

A test that asks for one of these fixtures gets the markers `mongo` and `kafka` by itself, so that
`make unit` never starts a server. Where the servers cannot run, such tests are skipped for a plain
user and fail when CI=true.
"""

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase

from common.messaging.topics import ensure_topics
from deploy.local import brokers, kafka_jars, other_brokers
from deploy.local.checkout import Ports, free_ports
from deploy.local.kafka import run_apart
from deploy.local.mongod import Mongod, NoMongod
from deploy.local.process import NotStarted
from deploy.local.stack import Broker, Database, Servers, Stack
from tests.containers import KafkaContainer, MongoContainer

UNAVAILABLE = (NoMongod, other_brokers.NoBroker, kafka_jars.NoJava, NotStarted, OSError)
MARKS = {
    "mongod": ("mongo",),
    "kafka": ("kafka",),
    "stack": ("mongo", "kafka"),
    "own_stack": ("mongo", "kafka"),
}
TopicMaker = Callable[..., str]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller say where the servers run."""
    parser.addoption(
        "--stack",
        choices=["auto", "local", "containers"],
        default="auto",
        help="servers as local processes (auto: if this machine can) or as containers (testcontainers)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the servers it asks for."""
    for item in items:
        for fixture, marks in MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                for mark in marks:
                    item.add_marker(mark)


def give_up(fault: Exception) -> NoReturn:
    """Fail on CI, skip for somebody who lacks Java or runs an unusual machine."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"the servers cannot start: {fault}", pytrace=False)
    pytest.skip(f"the servers cannot start: {fault}")


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session's servers keep data and logs."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def server_ports() -> Ports:
    """Return the session's ports."""
    return free_ports()


def make_servers(
    folder: Path, ports: Ports, kind: str
) -> tuple[Callable[[], Database], Callable[[], Broker]]:
    """Return how to make the database and the broker; containers only if asked for or needed."""
    if kind == "containers" or (kind == "auto" and not _runs_locally() and other_brokers.has_docker()):
        return lambda: MongoContainer(ports.mongo), lambda: KafkaContainer(
            ports.kafka, ports.kafka_controller
        )
    return (
        lambda: Mongod(folder, ports.mongo, cache_gigabytes=0.25),
        lambda: brokers.choose("maven", folder, ports.kafka, ports.kafka_controller, ports.kafka_partners),
    )


def _runs_locally() -> bool:
    try:
        kafka_jars.java()
        kafka_jars.jars()
    except kafka_jars.NoJava:
        return False
    return True


@pytest.fixture(scope="session")
def mongod(server_folder: Path, server_ports: Ports, pytestconfig: pytest.Config) -> Iterator[Database]:
    """A real MongoDB: `uri`, `kill()`, `start_and_wait()`. Whoever kills it starts it again."""
    make, _ = make_servers(server_folder, server_ports, pytestconfig.getoption("--stack"))
    try:
        server = make()
        server.start_and_wait()
    except UNAVAILABLE as fault:
        give_up(fault)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka(server_folder: Path, server_ports: Ports, pytestconfig: pytest.Config) -> Iterator[Broker]:
    """A real Apache Kafka with the topics of the catalogue: `bootstrap`, `kill()`, `start_and_wait()`."""
    _, make = make_servers(server_folder, server_ports, pytestconfig.getoption("--stack"))
    try:
        server = make()
        server.start_and_wait()
    except UNAVAILABLE as fault:
        give_up(fault)
    run_apart(ensure_topics(server.bootstrap))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mongo_uri(mongod: Database) -> str:
    """Address of the session's MongoDB."""
    return mongod.uri


@pytest.fixture(scope="session")
def kafka_bootstrap(kafka: Broker) -> str:
    """Address of the session's Kafka."""
    return kafka.bootstrap


@pytest.fixture
async def database(mongod: Database) -> AsyncIterator[AsyncIOMotorDatabase[dict[str, Any]]]:
    """An empty database of this test's own, dropped afterwards."""
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongod.uri, tz_aware=True)
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield client[name]
    await client.drop_database(name)
    client.close()


@pytest.fixture
def make_topic(kafka: Broker) -> TopicMaker:
    """Return a function that creates a topic of this test's own and returns its name."""

    def make(stem: str = "facts", *, partitions: int = 1, **settings: str) -> str:
        name = f"{stem}.{uuid.uuid4().hex[:8]}"
        run_apart(_create(kafka.bootstrap, NewTopic(name, partitions, 1, topic_configs=settings)))
        return name

    return make


async def _create(bootstrap: str, topic: NewTopic) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([topic], timeout_ms=15_000)
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def stack(mongod: Database, kafka: Broker, server_folder: Path, server_ports: Ports) -> Iterator[Stack]:
    """
    The five services, start page and mail sink as processes, shared by the session's stories.

    `stack.token("doctor", areas=("164",))`, `stack.address("permit")`, and by process name
    `stack.children["permit"].kill()`, `stack.restart("permit")`.
    """
    servers = Servers(server_folder, server_ports, mongod, kafka)
    yield from run_stack(servers)


@contextmanager
def servers_in(folder: Path, config: pytest.Config) -> Iterator[Servers]:
    """Start servers of one story alone, stop them at the end; where none can be, `give_up`."""
    ports = free_ports()
    make_mongo, make_kafka = make_servers(folder, ports, config.getoption("--stack"))
    try:
        servers = Servers(folder, ports, make_mongo(), make_kafka())
        servers.start()
    except UNAVAILABLE as fault:
        give_up(fault)
    try:
        yield servers
    finally:
        servers.stop()


@pytest.fixture
def own_stack(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[tuple[Servers, Stack]]:
    """Servers and services of one test alone, which may do to them what it likes."""
    with servers_in(tmp_path, pytestconfig) as servers:
        for running in run_stack(servers):
            yield servers, running


def run_stack(servers: Servers) -> Iterator[Stack]:
    """Start every service that is written, stop them at the end."""
    running = Stack(servers.place())
    running.add_all()
    try:
        running.start()
        running.wait_ready()
        yield running
    finally:
        running.stop()
