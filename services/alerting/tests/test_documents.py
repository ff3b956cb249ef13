"""What is stored comes back as it was, and only what is needed is searched for."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.domain.model import Kind
from alerting.domain.rules import AlertRules
from alerting.store import from_document, in_sight, to_document
from common.kernel.areas import Actor
from services.alerting.tests.stories import DOCTOR, NOON, Story, forged, lowered, minutes, missed, over, risk

STEPS: list[Any] = [
    risk("high", 1, carer_id="doctor-1"),
    risk("very_high", 2),
    lowered("low", 3),
    risk("very_high", 4),
    over(Kind.RISK_RISING, 5),
]


def words_in(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [word for item in value.values() for word in words_in(item)]
    if isinstance(value, list):
        return [word for item in value for word in words_in(item)]
    return [value]


@given(steps=st.lists(st.sampled_from(STEPS), max_size=6), taken=st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_state_survives_the_round_trip(rules: AlertRules, steps: list[Any], taken: bool) -> None:
    story = Story(rules)
    for number, step in enumerate(steps):
        story.tell(step, NOON + minutes(number))
    if taken and story.is_open:
        story.take(DOCTOR, NOON + minutes(9))
    if story.condition is not None:
        document = to_document(story.condition)
        assert from_document(document) == story.condition
        assert not [word for word in words_in(document) if isinstance(word, Enum | tuple)]


def test_a_quiet_person_costs_a_small_document(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(missed(1, 1, level="low"))
    assert story.condition is not None
    document = to_document(story.condition)
    assert "alert" not in document
    assert document["area"] == {"commune_code": "05437", "district_code": "164", "province_code": "19"}
    assert not {"open", "rank", "send_at"} & set(document)
    assert len(repr(document)) < 600


def test_only_open_alerts_and_waiting_messages_are_indexed(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    assert story.condition is not None
    document = to_document(story.condition)
    assert (document["open"], document["rank"], document["send_at"]) == (True, -2, NOON)
    story.tell(lowered("low", 2))
    document = to_document(story.condition)
    assert not {"open", "send_at", "sent_at"} & set(document)


def test_a_checkpoint_has_no_person(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(forged())
    assert story.condition is not None
    assert "person_id" not in to_document(story.condition)


def test_the_filter_asks_for_role_and_place_or_the_own_patient() -> None:
    doctor = in_sight(Actor("d", frozenset({"doctor"}), frozenset({"164"})))
    assert {"state.carer_id": "d", "state.alert.audience": "doctor"} in doctor["$or"]
    operator = in_sight(Actor("i", frozenset({"ioc_operator"}), frozenset({"19"})))
    assert len(operator["$or"]) == 3
    assert operator["state.alert.audience"] == {"$in": ["ioc_operator"]}


def test_instants_come_back_aware(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1), datetime(2021, 11, 23, 5, tzinfo=UTC))
    assert story.condition is not None
    back = from_document(to_document(story.condition))
    assert back.alert is not None
    assert back.alert.raised_at.tzinfo is not None
