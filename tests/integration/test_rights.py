"""The rights that Kubernetes gives each service are enough for its work, and for nothing else: on a real broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError, TopicAuthorizationFailedError

from common.clocks import SystemClock
from common.contracts.f0_monitoring import PatientDeclared
from common.messaging.access import client_options
from common.messaging.batch_consumer import BatchConsumer
from common.messaging.broker import make_broker
from common.messaging.catalogue import load
from common.messaging.inspection import Inspector
from common.messaging.letter_box import LetterBox
from common.messaging.publisher import KafkaPublisher
from common.messaging.subscription import Subscription
from common.messaging.topics import ensure_topics
from deploy.k8s import kafka as manifests
from deploy.k8s.services import SERVICES
from deploy.local.checkout import free_ports
from deploy.local.kafka import run_apart
from tests.integration.guarded_kafka import GuardedKafka, password_of
from tests.integration.services import eventually

pytestmark = pytest.mark.kafka
CATALOGUE = load()
RIGHTS = {
    user["metadata"]["name"]: user["spec"]["authorization"]["acls"] for user in manifests.users(CATALOGUE)
}
GROUP, TOPIC = "permit.standing", "f0.patients.v1"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory):
    ports = free_ports()
    kafka = GuardedKafka(
        tmp_path_factory.mktemp("guarded"), (ports.kafka, ports.mongo, ports.kafka_controller), list(RIGHTS)
    )
    try:
        kafka.start_and_wait(180)
        run_apart(ensure_topics(kafka.bootstrap))
        for user in ("f0-monitoring", "permit", "ioc-aggregation", "operator"):
            run_apart(kafka.grant(user, RIGHTS[user]))
        yield kafka
    finally:
        kafka.stop()


@pytest.fixture
def sign_in(broker: GuardedKafka, monkeypatch: pytest.MonkeyPatch):
    def sign_in(user: str) -> None:
        monkeypatch.setenv("LACHAN_KAFKA_USERNAME", user)
        monkeypatch.setenv("LACHAN_KAFKA_PASSWORD", password_of(user))
        monkeypatch.setenv("LACHAN_KAFKA_CA_FILE", str(broker.authority))

    return sign_in


class Nothing:
    async def run_batch(self, errands):
        return []


@asynccontextmanager
async def consuming(bootstrap: str) -> AsyncIterator[BatchConsumer]:
    """The consumer of permits as its worker runs it, with what it needs to set records aside."""
    publisher = KafkaPublisher(bootstrap, client_id="permit-set-aside")
    subscription = Subscription(GROUP, {TOPIC: {PatientDeclared: lambda event: None}}, Nothing())
    broker = make_broker(bootstrap.split(","), client_id="permit")
    consumer = BatchConsumer(broker, subscription, publisher, SystemClock())
    await publisher.start()
    try:
        await broker.start()
        yield consumer
    finally:
        consumer.stop()
        await broker.stop()
        await publisher.stop()


async def publish(bootstrap: str, service: str, topic: str) -> None:
    """Publish as the relay of *service* does."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        transactional_id=f"{service}-relay",
        acks="all",
        request_timeout_ms=8_000,
        **client_options(),
    )
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait(topic, b"no event at all", key=b"somebody")
    finally:
        await producer.stop()


async def waiting(bootstrap: str) -> int:
    async with LetterBox(bootstrap, GROUP) as box:
        return len(await box.waiting())


async def test_a_fact_travels_and_what_cannot_be_read_is_set_aside_and_sent_again(
    broker: GuardedKafka, sign_in
):
    sign_in("f0-monitoring")
    await publish(broker.guarded, "f0-monitoring", TOPIC)
    sign_in("permit")
    async with consuming(broker.guarded):
        sign_in("operator")
        await eventually(lambda: waiting(broker.guarded), lambda letters: letters == 1, seconds=60)
        async with LetterBox(broker.guarded, GROUP) as box:
            assert await box.replay() == 1
        # read from its retries, set aside once more
        await eventually(lambda: waiting(broker.guarded), lambda letters: letters == 1, seconds=60)


async def test_the_wall_may_see_how_far_everybody_is(broker: GuardedKafka, sign_in):
    sign_in("ioc-aggregation")
    async with Inspector(broker.guarded, CATALOGUE) as inspector:
        found = await inspector.standings()

    assert {standing.group for standing in found} == set(CATALOGUE.groups)


async def test_nobody_states_facts_of_another(broker: GuardedKafka, sign_in):
    sign_in("permit")
    with pytest.raises(TopicAuthorizationFailedError):
        await publish(broker.guarded, "permit", TOPIC)


async def test_nobody_sees_a_topic_that_is_not_its_business(broker: GuardedKafka, sign_in):
    sign_in("permit")
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.guarded, **client_options())
    await consumer.start()
    try:
        seen = await consumer.topics()
    finally:
        await consumer.stop()

    assert TOPIC in seen
    assert not seen & {"f0.consultations.v1", "f0.reports.v1", "alerting.alerts.v1", "alerting.watch.dlq"}


async def test_nobody_joins_the_group_of_another(broker: GuardedKafka, sign_in):
    sign_in("permit")
    consumer = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=broker.guarded, group_id="alerting.watch", **client_options()
    )
    with pytest.raises(GroupAuthorizationFailedError):
        await consumer.start()
    await consumer.stop()


async def test_a_wrong_password_opens_nothing(broker: GuardedKafka, sign_in, monkeypatch: pytest.MonkeyPatch):
    sign_in("permit")
    monkeypatch.setenv("LACHAN_KAFKA_PASSWORD", "guessed")
    publisher = KafkaPublisher(broker.guarded, client_id="guess")

    with pytest.raises(KafkaConnectionError):
        await publisher.start()
    await publisher.stop()


def test_every_service_has_rights():
    assert {service.name for service in SERVICES} <= RIGHTS.keys()
