"""Other rules tried on a day: they find again what happened, and show what would have been otherwise."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml

from alerting.domain.model import Severity
from alerting.domain.rehearsal import Tally, rehearse
from alerting.domain.rules import AlertRules
from alerting.rulebook import ResponseRules
from common.clocks import FrozenClock
from common.service import Mode
from common.testing.sign_in import bearer, client_of
from services.alerting.tests.conftest import RULES_FOLDER
from services.alerting.tests.memory import MemoryConditions
from services.alerting.tests.stories import (
    NOON,
    STATION,
    Story,
    breached,
    contact_missed,
    flagged,
    lowered,
    minutes,
    missed,
    reported,
    risk,
)
from services.alerting.tests.test_inbox_http import World, composed, slug

TEXT = (RULES_FOLDER / "response-2021-08-21.yaml").read_text("utf-8")
IOC = bearer("ioc_operator", ["19"], subject="ioc-1")
DAY = (NOON - timedelta(hours=12), NOON + timedelta(hours=12))


def changed(**more: Any) -> AlertRules:
    return ResponseRules.model_validate(yaml.safe_load(TEXT) | more).rules


def tally(story: Story, rules: AlertRules, since: datetime = DAY[0], until: datetime = DAY[1]) -> Tally:
    assert story.condition is not None
    return rehearse(story.condition, rules, since, until)


def test_the_rules_in_force_find_again_what_happened(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("high", 1))
    story.wait_until(NOON + minutes(40))
    story.tell(risk("very_high", 2), NOON + minutes(40))
    story.wait_until(NOON + minutes(46))
    story.take(STATION, NOON + minutes(46))
    story.tell(lowered("low", 3), NOON + minutes(90))
    told = story.told()
    assert tally(story, rules) == Tally(
        raised=told.count("AlertRaised"),
        called=told.count("AlertRaised") + told.count("AlertEscalated"),
        climbed=told.count("AlertEscalated"),
        worst=Severity.CRITICAL,
    )


def test_silence_that_ended_and_came_back_is_lived_through_with_its_damping(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(missed(1, 1))
    story.tell(reported(NOON + minutes(10)), NOON + minutes(10))
    story.tell(missed(1, 2, NOON + minutes(30)), NOON + minutes(30))
    assert tally(story, rules).raised == 2 == story.told().count("AlertRaised")


def test_a_lower_threshold_finds_those_whom_todays_rules_leave_alone(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(missed(1, 1, level="medium"))
    assert story.told() == []
    sharper = changed(patient_silence={"medium": [{"missed_in_a_row": 1, "severity": "warning"}]})
    assert tally(story, rules) == Tally()
    assert tally(story, sharper, until=NOON + minutes(1)) == Tally(1, 1, 0, 0, Severity.WARNING)


def test_signs_of_fraud_are_weighed_anew(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(flagged("plate-on-two-permits"))
    graver = changed(flags={"plate-on-two-permits": "critical"})
    assert tally(story, rules).worst is Severity.INFO
    assert tally(story, graver).worst is Severity.CRITICAL


def test_only_what_falls_on_the_day_counts(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(breached("left_home", 1), NOON - timedelta(hours=13))
    story.tell(breached("left_home", 2), NOON)
    assert tally(story, rules).raised == 0
    assert tally(story, rules, since=NOON - timedelta(days=1)).raised == 1


def test_the_night_is_counted_as_rest(rules: AlertRules) -> None:
    story, late = Story(rules), NOON + timedelta(hours=11)
    story.tell(contact_missed(3, 1, late), late)
    assert tally(story, rules).rested == 1
    assert tally(story, changed(quiet_hours={"begins": "02:00", "ends": "05:00"})).rested == 0


def test_a_condition_remembers_a_few_changes_and_repeats_are_one(rules: AlertRules) -> None:
    story = Story(rules)
    for number in range(1, 40):
        story.tell(breached("left_home", number), NOON + minutes(number))
    assert story.condition is not None
    [moment] = story.condition.course
    assert (moment.at, moment.last) == (NOON + minutes(1), NOON + minutes(39))
    for number in range(40, 60):
        story.tell(breached(("scanned", "reported")[number % 2], number), NOON + minutes(number))
    assert len(story.condition.course) == 8


@pytest.fixture
async def world() -> Any:
    clock, store = FrozenClock(NOON), MemoryConditions()
    service = composed(clock, store)
    async with client_of(service.app(Mode.API)) as http:
        yield World(service, store, clock, http)


async def tried(world: World, text: str, headers: dict[str, str] = IOC, **more: Any) -> Any:
    return await world.http.post("/v1/rule-trials", json={"file": text, **more}, headers=headers)


async def test_yesterday_is_shown_by_kind_with_what_would_differ(world: World) -> None:
    await world.hear(missed(1, 1, level="medium"))
    await world.hear(breached("left_home", 1))
    world.clock.move(timedelta(days=1))
    sharper = TEXT.replace("medium: [{missed_in_a_row: 2,", "medium: [{missed_in_a_row: 1,")
    body = (await tried(world, sharper)).json()
    assert (body["day"], body["conditions"], body["differing"], body["is_whole"]) == (
        "2021-11-23",
        2,
        1,
        True,
    )
    kinds = {row["condition"]: row for row in body["kinds"]}
    assert kinds["patient-silent"]["present"]["raised"] == 0
    assert kinds["patient-silent"]["candidate"]["raised"] == 1
    assert kinds["quarantine-breached"]["present"] == kinds["quarantine-breached"]["candidate"]
    [change] = body["changes"]
    assert (change["present_severity"], change["candidate_severity"]) == (None, "warning")
    assert "person" not in repr(body)


async def test_a_district_tries_it_on_its_own_conditions_only(world: World) -> None:
    await world.hear(breached("left_home", 1))
    world.clock.move(timedelta(days=1))
    elsewhere = bearer("ioc_operator", ["165"])
    assert (await tried(world, TEXT, elsewhere)).json()["conditions"] == 0
    assert (await tried(world, TEXT)).json()["conditions"] == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kinds: [", "Tệp quy tắc chưa dùng được"),
        ("a: &x [1]\nb: *x", "references"),
        (TEXT.replace("version: alert-response-2021-08-21", "version: Sai Tên"), "version"),
        (TEXT.replace("quiet_hours: {begins", "quiet_hour: {begins"), "quiet_hour"),
    ],
)
async def test_a_file_that_cannot_be_used_says_what_is_wrong(world: World, text: str, says: str) -> None:
    reply = await tried(world, text)
    assert slug(reply) == (422, "rule-file-invalid")
    assert says in reply.json()["detail"]


async def test_only_days_that_are_remembered_can_be_tried(world: World) -> None:
    for day in ("2021-11-01", "2021-11-24"):
        assert slug(await tried(world, TEXT, day=day)) == (422, "day-impossible")
    assert (await tried(world, TEXT, day="2021-11-23")).status_code == 200


async def test_the_rules_are_told_with_their_document_and_its_confidence(world: World) -> None:
    body = (await world.http.get("/v1/rules", headers=STATION_SIGNED_IN)).json()
    assert (body["file"]["version"], body["file"]["confidence"]) == ("alert-response-2021-08-21", "memory")
    assert body["file"]["to_be_confirmed"] is True
    assert body["quiet_hours"] == {"begins": "22:00", "ends": "06:00"}
    kinds = {row["condition"]: row for row in body["kinds"]}
    [warning] = [call for call in kinds["contact-silent"]["calls"] if call["severity"] == "warning"]
    assert warning["rests_at_night"] is True
    assert {"code": "very_high", "missed_in_a_row": 1, "severity": "critical"} in kinds["patient-silent"][
        "whens"
    ]
    reply = await world.http.get("/v1/rules", params={"day": "2019-01-01"}, headers=STATION_SIGNED_IN)
    assert slug(reply) == (404, "rules-unknown")


STATION_SIGNED_IN = bearer("health_officer", ["05437"])
