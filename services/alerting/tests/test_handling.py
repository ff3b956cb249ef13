"""Who may take, end and pass up an alert, and what they are told when they may not."""

import pytest

from alerting.domain.commands import Acknowledge, Escalate, Resolve
from alerting.domain.errors import (
    AlertOver,
    AlertTaken,
    AlertUnknown,
    LadderEnds,
    NotAResolution,
    NotForYou,
)
from alerting.domain.facts import AlertAcknowledged, AlertResolved
from alerting.domain.model import DeliveryState, Resolution
from alerting.domain.rules import AlertRules
from common.kernel.areas import Actor
from services.alerting.tests.stories import (
    DOCTOR,
    NOON,
    PROVINCE,
    STATION,
    Story,
    breached,
    forged,
    lowered,
    minutes,
    risk,
)

ROLES = ("doctor", "health_officer", "ioc_operator", "administrator", "citizen", "leader", "permit_officer")
AREAS = {"05437": True, "164": True, "19": True, "05440": False, "165": False, "01": False, "": False}
MAY_TAKE_RISK = {"doctor", "health_officer", "ioc_operator", "administrator"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("area", list(AREAS))
def test_role_and_area_decide_together(rules: AlertRules, role: str, area: str) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    actor = Actor("someone", frozenset({role}), frozenset({area} - {""}))
    if role in MAY_TAKE_RISK and AREAS[area]:
        story.take(actor)
        assert story.alert.taken is not None
    else:
        with pytest.raises(NotForYou):
            story.take(actor)
        assert story.alert.taken is None


def test_the_patients_own_doctor_needs_no_area(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1, carer_id="doctor-9"))
    story.take(Actor("doctor-9", frozenset({"doctor"})))
    assert story.alert.taken is not None


def test_a_carer_without_the_role_of_a_doctor_is_nobody(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1, carer_id="doctor-9"))
    with pytest.raises(NotForYou):
        story.take(Actor("doctor-9", frozenset({"ioc_operator"})))


def test_doctors_do_not_handle_breaches_or_forgeries(rules: AlertRules) -> None:
    for note in (breached("scanned", 1), forged()):
        story = Story(rules)
        story.tell(note)
        with pytest.raises(NotForYou):
            story.take(DOCTOR)


def test_taking_tells_who_and_after_how_long(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR, NOON + minutes(3))
    told = story.facts[-1]
    assert isinstance(told, AlertAcknowledged)
    assert (told.by, told.by_role, told.seconds_to_acknowledge) == ("doctor-1", "doctor", 180)


def test_somebody_with_several_roles_takes_it_in_the_one_that_is_called(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(breached("scanned", 1))
    story.take(Actor("both", frozenset({"ioc_operator", "health_officer"}), frozenset({"19"})))
    assert story.alert.taken is not None
    assert story.alert.taken.role == "health_officer"


def test_taking_it_twice_answers_the_same_and_tells_nothing_new(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    first = story.take(DOCTOR, NOON + minutes(1))
    again = story.take(DOCTOR, NOON + minutes(2))
    assert again.answer == first.answer
    assert not again.facts


def test_the_second_to_take_it_is_told_that_somebody_has_it(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR)
    with pytest.raises(AlertTaken):
        story.take(STATION)


def test_messages_that_have_not_left_are_dropped_when_it_is_taken(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR)
    assert [d.state for d in story.alert.deliveries] == [DeliveryState.DROPPED]


@pytest.mark.parametrize("resolution", [Resolution.HANDLED, Resolution.FALSE_ALARM])
def test_a_person_ends_it(rules: AlertRules, resolution: Resolution) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.close(STATION, NOON + minutes(10), resolution)
    told = story.facts[-1]
    assert isinstance(told, AlertResolved)
    assert (told.resolution, told.seconds_open) == (resolution, 600)
    assert story.alert.ended is not None
    assert story.alert.ended.by == "station-1"


@pytest.mark.parametrize("resolution", [Resolution.HEALED, Resolution.SUPERSEDED, Resolution.EXPIRED])
def test_people_do_not_say_what_the_machine_finds_out(rules: AlertRules, resolution: Resolution) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    with pytest.raises(NotAResolution):
        story.close(STATION, resolution=resolution)


def test_what_is_over_cannot_be_taken_ended_or_passed_up(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.tell(lowered("low", 2))
    assert story.condition is not None
    on = (story.condition.key, story.alert.alert_id)
    for wish in (Acknowledge(*on, DOCTOR), Resolve(*on, DOCTOR, Resolution.HANDLED), Escalate(*on, DOCTOR)):
        with pytest.raises(AlertOver):
            story.tell(wish)


def test_an_alert_of_yesterday_is_not_mistaken_for_the_one_of_today(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    old = story.alert.alert_id
    story.tell(lowered("low", 2))
    story.tell(risk("very_high", 3), NOON + minutes(24 * 60))
    assert story.condition is not None
    with pytest.raises(AlertUnknown):
        story.tell(Acknowledge(story.condition.key, old, DOCTOR))


def test_an_alert_that_never_was_is_unknown(rules: AlertRules) -> None:
    with pytest.raises(AlertUnknown):
        Story(rules).tell(Acknowledge("nowhere", "nothing", DOCTOR))


def test_above_the_province_there_is_nobody(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    assert story.condition is not None
    up = Escalate(story.condition.key, story.alert.alert_id, PROVINCE)
    for _ in range(3):
        story.tell(up)
    with pytest.raises(LadderEnds):
        story.tell(up)
