"""What can wait until morning wakes nobody, and loses nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from alerting.domain.commands import Escalate
from alerting.domain.model import DeliveryState, Kind, Severity
from alerting.domain.quiet import Quiet, rings_from
from alerting.domain.rules import AlertRules
from alerting.rulebook import ResponseRules
from services.alerting.tests.conftest import RULES_FOLDER
from services.alerting.tests.stories import (
    HERE,
    STATION,
    Story,
    breached,
    contact_missed,
    minutes,
    missed,
    risk,
)

NIGHT = Quiet("22:00", "06:00")


def local(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """An instant by the Vietnamese clock, seven hours ahead of UTC."""
    return datetime(2021, 11, day, hour, minute, tzinfo=UTC) - minutes(7 * 60)


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    text = (RULES_FOLDER / "response-2021-08-21.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.mark.parametrize(
    ("at", "rings"),
    [
        (local(21, 59), local(21, 59)),
        (local(22), local(6, day=24)),
        (local(23, 30), local(6, day=24)),
        (local(0, 5), local(6)),
        (local(5, 59), local(6)),
        (local(6), local(6)),
        (local(12), local(12)),
    ],
)
def test_the_night_goes_from_ten_to_six_by_the_clock_of_vietnam(at: datetime, rings: datetime) -> None:
    assert rings_from(NIGHT, at) == rings
    assert rings_from(None, at) == at


def test_quiet_hours_within_one_day_end_on_that_day() -> None:
    assert rings_from(Quiet("12:00", "13:30"), local(12, 10)) == local(13, 30)
    assert rings_from(Quiet("12:00", "13:30"), local(11)) == local(11)


def test_a_contact_who_forgot_is_listed_at_night_and_called_in_the_morning(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(contact_missed(3, 1, local(23)), local(23))
    assert story.is_open
    assert story.told() == ["AlertRaised"]
    [letter] = story.alert.deliveries
    assert letter.try_at == story.alert.step_at == local(6, day=24)
    story.wait_until(local(6, day=24) + minutes(239))
    assert story.alert.step == 0
    story.wait_until(local(6, day=24) + minutes(240))
    assert story.alert.step == 1


def test_a_life_in_danger_rings_at_any_hour(rules: AlertRules) -> None:
    for note in (risk("very_high", 1, local(2)), missed(1, 1, local(2)), breached("scanned", 1, local(2))):
        story = Story(rules)
        story.tell(note, local(2))
        assert story.alert.step_at == local(2)


def test_the_answer_is_timed_from_the_ring_and_not_from_the_night(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(contact_missed(3, 1, local(1)), local(1))
    story.take(STATION, local(6, 20))
    assert story.facts[-1].seconds_to_acknowledge == 20 * 60  # type: ignore[attr-defined]


def test_the_clock_lets_the_next_rung_sleep_but_a_person_does_not(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(contact_missed(3, 1, local(19)), local(19))
    story.wait_until(local(23))
    assert (story.alert.step, story.alert.step_at) == (1, local(6, day=24))
    by_hand = Story(rules)
    by_hand.tell(contact_missed(3, 1, local(23)), local(23))
    assert by_hand.condition is not None
    by_hand.tell(Escalate(by_hand.condition.key, by_hand.alert.alert_id, STATION), local(23, 5))
    assert (by_hand.alert.step, by_hand.alert.step_at) == (1, local(23, 5))


def test_who_is_healed_before_morning_is_never_written_to(rules: AlertRules) -> None:
    from services.alerting.tests.stories import reported

    story = Story(rules)
    story.tell(contact_missed(3, 1, local(23)), local(23))
    story.tell(reported(local(23, 40), Kind.CONTACT_SILENT), local(23, 40))
    assert [delivery.state for delivery in story.alert.deliveries] == [DeliveryState.DROPPED]
    assert story.timers == ()


def test_a_district_may_have_a_ladder_of_its_own(raw: dict[str, Any]) -> None:
    kind = raw["kinds"]["contact-silent"]
    calls = kind["calls"] | {
        "warning": {"ladder": [{"role": "health_officer", "reach": "district", "minutes": None}]}
    }
    area = {"codes": ["164"], "reason": "Huyện tự gọi", "kinds": {"contact-silent": kind | {"calls": calls}}}
    rules = ResponseRules.model_validate(raw | {"areas": [area]}).rules
    here = rules.kind(Kind.CONTACT_SILENT, HERE).calls[Severity.WARNING]
    elsewhere = rules.kind(Kind.CONTACT_SILENT, replace(HERE, district_code="165")).calls[Severity.WARNING]
    assert (len(here.ladder), len(elsewhere.ladder)) == (1, 2)
    story = Story(rules)
    story.tell(contact_missed(3, 1))
    assert [rung.reach for rung in story.alert.ladder] == ["district"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"quiet_hours": None}, "rests_at_night needs quiet_hours"),
        ({"quiet_hours": {"begins": "25:00", "ends": "06:00"}}, "quiet_hours.begins"),
        ({"quiet_hours": {"begins": "06:00", "ends": "06:00"}}, "would never end"),
        ({"areas": [{"codes": ["Huyện"], "reason": "abc", "kinds": {}}]}, "areas.0"),
    ],
)
def test_rules_that_would_let_somebody_down_are_refused(
    raw: dict[str, Any], change: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        ResponseRules.model_validate(raw | change)


def test_an_area_that_forgets_a_severity_or_lets_the_urgent_rest_is_refused(raw: dict[str, Any]) -> None:
    kind = raw["kinds"]["risk-rising"]
    without = kind | {"calls": {"warning": kind["calls"]["warning"]}}
    with pytest.raises(ValidationError, match="has no ladder for"):
        ResponseRules.model_validate(
            raw | {"areas": [{"codes": ["164"], "reason": "thử", "kinds": {"risk-rising": without}}]}
        )
    resting = kind | {
        "calls": kind["calls"] | {"critical": kind["calls"]["critical"] | {"rests_at_night": True}}
    }
    with pytest.raises(ValidationError, match="may not wait"):
        ResponseRules.model_validate(raw | {"kinds": raw["kinds"] | {"risk-rising": resting}})
