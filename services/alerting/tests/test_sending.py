"""Messages live with the alert: claimed once, tried again with pauses, given up visibly."""

from datetime import datetime

from alerting.domain.commands import ClaimDelivery, DeliveryDone, DeliveryFailed
from alerting.domain.model import Delivery, DeliveryState
from alerting.domain.rules import AlertRules
from alerting.domain.sending import next_try
from services.alerting.tests.stories import DOCTOR, NOON, Story, lowered, minutes, risk


class Post(Story):
    """A story with one message waiting."""

    def begin(self) -> "Post":
        self.tell(risk("very_high", 1))
        return self

    @property
    def message(self) -> Delivery:
        return self.alert.deliveries[0]

    def claim(self, at: datetime) -> bool:
        assert self.condition is not None
        command = ClaimDelivery(self.condition.key, self.alert.alert_id, self.message.delivery_id)
        return bool(self.tell(command, at).answer["claimed"])

    def fail(self, at: datetime, *, is_final: bool = False) -> None:
        assert self.condition is not None
        message = self.message
        on = (self.condition.key, self.alert.alert_id, message.delivery_id)
        self.tell(DeliveryFailed(*on, message.attempts, "refused", is_final), at)

    def done(self, at: datetime) -> None:
        assert self.condition is not None
        self.tell(DeliveryDone(self.condition.key, self.alert.alert_id, self.message.delivery_id), at)


def test_only_one_sender_gets_the_message(rules: AlertRules) -> None:
    post = Post(rules).begin()
    assert post.claim(NOON)
    assert not post.claim(NOON)


def test_a_sender_that_dies_leaves_the_message_to_another_after_the_lease(rules: AlertRules) -> None:
    post = Post(rules).begin()
    post.claim(NOON)
    assert not post.claim(NOON + rules.sending.lease / 2)
    assert post.claim(NOON + rules.sending.lease)
    assert post.message.attempts == 2


def test_a_sent_message_is_never_sent_again(rules: AlertRules) -> None:
    post = Post(rules).begin()
    post.claim(NOON)
    post.done(NOON)
    post.done(NOON + minutes(1))
    assert post.message.state is DeliveryState.SENT
    assert next_try(post.alert) is None
    assert not post.claim(NOON + minutes(60))


def test_failures_are_retried_with_growing_pauses_and_then_shown_as_dead(rules: AlertRules) -> None:
    post, now = Post(rules).begin(), NOON
    pauses = []
    for _ in rules.sending.backoff:
        assert post.claim(now)
        post.fail(now)
        assert post.message.try_at is not None
        pauses.append(post.message.try_at - now)
        now = post.message.try_at
    assert tuple(pauses) == rules.sending.backoff
    assert post.claim(now)
    post.fail(now)
    assert (post.message.state, post.message.fault) == (DeliveryState.FAILED, "refused")
    assert next_try(post.alert) is None


def test_a_refusal_for_good_is_not_retried(rules: AlertRules) -> None:
    post = Post(rules).begin()
    post.claim(NOON)
    post.fail(NOON, is_final=True)
    assert post.message.state is DeliveryState.FAILED


def test_the_late_failure_of_an_older_try_changes_nothing(rules: AlertRules) -> None:
    post = Post(rules).begin()
    post.claim(NOON)
    post.claim(NOON + rules.sending.lease)
    assert post.condition is not None
    before = post.condition
    on = (before.key, post.alert.alert_id, post.message.delivery_id)
    post.tell(DeliveryFailed(*on, 1, "refused"), NOON + minutes(2))
    assert post.condition is before


def test_a_message_on_its_way_while_the_alert_heals_still_counts_as_sent(rules: AlertRules) -> None:
    post = Post(rules).begin()
    post.claim(NOON)
    post.tell(lowered("low", 2), NOON)
    assert post.message.state is DeliveryState.DROPPED
    post.done(NOON)
    assert post.message.state is DeliveryState.SENT


def test_nobody_is_written_to_about_what_is_taken(rules: AlertRules) -> None:
    post = Post(rules).begin()
    post.take(DOCTOR)
    assert not post.claim(NOON)
