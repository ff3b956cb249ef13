"""Messages reach their channel: once when all goes well, again after a crash, never not at all."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from alerting.channels.courier import Courier
from alerting.domain.decide import decide
from alerting.domain.model import Alert, Condition, Delivery, DeliveryState
from alerting.domain.rules import AlertRules
from alerting.ports import Undelivered
from alerting.translate import to_event
from common.clocks import FrozenClock
from common.work.engine import Work
from common.work.model import Cause, Heart
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import DOCTOR, NOON, lowered, minutes, risk


class Killed(BaseException):
    """The process ends here."""


@dataclass
class FakeChannel:
    name: str = "email"
    sent: list[str] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    dies_after_sending: bool = False
    rests: int = 0

    def rest(self) -> None:
        self.rests += 1

    async def call(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        await asyncio.sleep(0)
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(delivery.delivery_id)
        if self.dies_after_sending:
            self.dies_after_sending = False
            raise Killed


class Post:
    def __init__(self, rules: AlertRules) -> None:
        self.clock = FrozenClock(NOON)
        self.store = MemoryConditions()
        self.channel = FakeChannel()
        self.work = Work(Heart("condition", decide, to_event, lambda: rules), self.store, self.clock)
        self.heard = 0

    def courier(self, name: str = "a") -> Courier:
        return Courier(self.store, self.work, {"email": self.channel}, self.clock, name=name)

    async def hear(self, command: object) -> None:
        self.heard += 1
        await self.work.run(command, Cause(f"fact-{self.heard}"))

    @property
    def message(self) -> Delivery:
        [stored] = self.store.aggregates.values()
        assert stored.state.alert is not None
        return stored.state.alert.deliveries[0]


@pytest.fixture
async def post(rules: AlertRules) -> Post:
    made = Post(rules)
    await made.hear(risk("very_high", 1))
    return made


async def test_a_message_is_sent_once_and_seen_as_sent(post: Post) -> None:
    courier = post.courier()
    assert [await courier.round() for _ in range(3)] == [1, 0, 0]
    assert post.channel.sent == [post.message.delivery_id]
    assert post.message.state is DeliveryState.SENT
    assert post.channel.rests == 2


async def test_two_workers_share_the_work_without_sending_twice(post: Post) -> None:
    await asyncio.gather(*(post.courier(name).round() for name in "abcd"))
    assert len(post.channel.sent) == 1


async def test_a_crash_after_sending_sends_it_again_with_the_same_id_and_is_seen_once(post: Post) -> None:
    post.channel.dies_after_sending = True
    with pytest.raises(Killed):
        await post.courier("a").round()
    assert await post.courier("b").round() == 0
    post.clock.move(timedelta(seconds=61))
    assert await post.courier("b").round() == 1
    assert len(set(post.channel.sent)) == 1
    assert post.message.state is DeliveryState.SENT


async def test_a_crash_before_sending_loses_nothing(post: Post) -> None:
    post.channel.faults = [Killed()]
    with pytest.raises(Killed):
        await post.courier("a").round()
    post.clock.move(timedelta(seconds=61))
    await post.courier("b").round()
    assert len(post.channel.sent) == 1


async def test_a_fault_is_retried_after_its_pause(post: Post, rules: AlertRules) -> None:
    post.channel.faults = [Undelivered("refused 451"), Undelivered("OSError")]
    courier = post.courier()
    await courier.round()
    assert (post.message.state, post.message.fault) == (DeliveryState.PENDING, "refused 451")
    assert await courier.round() == 0
    post.clock.move(rules.sending.backoff[0])
    await courier.round()
    post.clock.move(rules.sending.backoff[1])
    await courier.round()
    assert post.message.state is DeliveryState.SENT
    assert post.message.attempts == 3


async def test_a_dead_channel_is_seen(post: Post, rules: AlertRules) -> None:
    post.channel.faults = [Undelivered("refused 550", is_final=True)]
    await post.courier().round()
    assert post.message.state is DeliveryState.FAILED
    health = await post.store.health("email", post.clock.now())
    assert health.is_dead


async def test_one_that_cannot_be_written_does_not_hold_up_its_neighbours(post: Post) -> None:
    await post.hear(replace(risk("very_high", 1), subject_id="person-2", person_id="person-2"))
    post.channel.faults = [KeyError("recipient")]
    assert await post.courier().round() == 2
    states = {
        (delivery.state, delivery.fault)
        for stored in post.store.aggregates.values()
        if stored.state.alert
        for delivery in stored.state.alert.deliveries
    }
    assert states == {(DeliveryState.PENDING, "KeyError"), (DeliveryState.SENT, "")}


async def test_nothing_is_sent_about_what_was_taken_or_healed(post: Post) -> None:
    await post.hear(lowered("low", 2))
    assert await post.courier().round() == 0
    assert post.channel.sent == []


async def test_an_alert_replaced_while_its_message_was_on_the_way_harms_nothing(post: Post) -> None:
    """The report of the old message finds another alert: it is refused and the round goes on."""
    courier = post.courier()

    async def worse(condition: Condition, alert: Alert, delivery: Delivery) -> None:
        await post.hear(lowered("low", 2))
        post.clock.move(minutes(60))
        await post.hear(risk("very_high", 3))

    post.channel.call = worse  # type: ignore[method-assign]
    assert await courier.round() == 1
    assert post.message.state is DeliveryState.PENDING


async def test_the_loop_goes_on_after_a_fault_of_the_store(post: Post) -> None:
    courier, calls = post.courier(), 0
    waiting = post.store.waiting

    async def flaky(*args: object) -> list[Condition]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ConnectionError
        return await waiting(*args)  # type: ignore[arg-type]

    post.store.waiting = flaky  # type: ignore[method-assign]
    await courier.start()
    async with asyncio.timeout(5):
        while not post.channel.sent:
            await asyncio.sleep(0.05)
    await courier.stop()
    assert DOCTOR.subject not in post.channel.sent
