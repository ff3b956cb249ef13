"""Nobody on duty in a commune, and a patient who does not answer: who is called, and when it ends."""

from typing import Any

from alerting.consumers import subscriptions
from alerting.domain.commands import NoteKnock, NoteOver, NoteUncovered
from alerting.domain.facts import AlertRaised, AlertResolved
from alerting.domain.model import Kind, Severity
from alerting.domain.rules import AlertRules
from alerting.translate import care
from common.contracts.event import Event
from common.contracts.f0_monitoring import followup
from common.kernel.areas import Area
from services.alerting.tests.stories import HERE, NOON, PERSON, Story, minutes

CODES = {"commune_code": "05437", "district_code": "164"}


def heard(data: Any, sequence: int, at: Any = NOON) -> Any:
    event = Event(f"e-{sequence}", data.type, "", data.subject, at, sequence, data)
    subscription, *_ = subscriptions(None, None, None)  # type: ignore[arg-type]
    return subscription.translations()[data.type](event)


def uncovered(level: str, sequence: int, patients: int = 3) -> NoteUncovered:
    told = followup.CareUncovered(
        **CODES, since_at=NOON, patients=patients, risk_level=level, reason="nobody-on-duty"
    )
    return heard(told, sequence)


def covered(sequence: int) -> NoteOver:
    return heard(followup.CareCovered(**CODES, since_at=NOON, covered_at=NOON + minutes(1)), sequence)


def test_patients_without_a_doctor_on_duty_ring_the_district_then_the_province(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(uncovered("high", 1))

    assert story.alert.severity is Severity.CRITICAL
    assert story.condition is not None
    assert (story.condition.person_id, story.condition.evidence.patients) == (None, 3)
    assert [(rung.role, rung.reach.value) for rung in story.alert.ladder] == [
        ("health_officer", "district"),
        ("ioc_operator", "province"),
    ]
    story.wait_until(NOON + minutes(5))
    assert story.alert.step == 1


def test_it_ends_by_itself_when_somebody_is_on_duty_again(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(uncovered("medium", 1))
    story.tell(uncovered("very_high", 2))
    story.tell(covered(3))

    assert not story.is_open
    raised = [fact.severity for fact in story.facts if isinstance(fact, AlertRaised)]
    assert raised == [Severity.WARNING, Severity.CRITICAL], "worse is another alert"
    assert [f.resolution.value for f in story.facts if isinstance(f, AlertResolved)][-1] == "healed"


def test_a_late_gap_does_not_ring_after_it_was_mended(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(covered(2))
    story.tell(uncovered("high", 1))

    assert not story.is_open


def test_a_knock_calls_the_station_of_the_commune_and_ends_with_its_answer(rules: AlertRules) -> None:
    story = Story(rules)
    place = {**CODES, "person_id": PERSON, "by": "doctor-1", "at": NOON}
    asked = heard(followup.KnockAsked(**place, due_at=NOON + minutes(60), risk_level="high"), 7)
    assert isinstance(asked, NoteKnock)
    story.tell(asked)
    assert story.condition is not None
    assert (story.condition.kind, story.condition.area) == (Kind.KNOCK_ASKED, HERE)
    assert (story.alert.ladder[0].role, story.alert.ladder[0].reach.value) == ("health_officer", "commune")

    story.tell(heard(followup.KnockAnswered(**place, result="well"), 8))

    assert not story.is_open


def test_the_gap_of_one_commune_is_not_that_of_another() -> None:
    here = uncovered("high", 1)
    other = Event(
        "e",
        followup.CareUncovered.type,
        "",
        "05440",
        NOON,
        1,
        followup.CareUncovered(
            commune_code="05440",
            district_code="164",
            since_at=NOON,
            patients=1,
            risk_level="low",
            reason="slow",
        ),
    )

    assert care.uncovered_commune(other).aggregate_id != here.aggregate_id
    assert care.uncovered_commune(other).area == Area("05440", "164")
