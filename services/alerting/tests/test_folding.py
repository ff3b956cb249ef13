"""One alert per condition: repeats fold, flapping is damped, worse takes over, healed ends."""

import pytest

from alerting.domain.commands import NoteOver
from alerting.domain.facts import AlertRaised, AlertResolved
from alerting.domain.model import DeliveryState, Kind, Resolution, Severity, alert_id_of, condition_key
from alerting.domain.rules import AlertRules
from services.alerting.tests.stories import (
    DOCTOR,
    NOON,
    PERSON,
    PROVINCE,
    Story,
    breached,
    contact_missed,
    flagged,
    forged,
    lowered,
    minutes,
    missed,
    over,
    reported,
    risk,
)


def test_a_very_high_risk_calls_the_doctor_at_once(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 3, carer_id="doctor-9"))
    [told] = story.facts
    assert isinstance(told, AlertRaised)
    assert (told.recipient_role, told.step, told.severity) == ("doctor", 0, Severity.CRITICAL)
    assert told.subject == alert_id_of(condition_key(Kind.RISK_RISING, PERSON), 1)
    assert story.condition is not None
    assert story.condition.carer_id == "doctor-9"


@pytest.mark.parametrize("level", ["low", "medium"])
def test_a_rise_that_stays_below_high_calls_nobody(rules: AlertRules, level: str) -> None:
    story = Story(rules)
    story.tell(risk(level, 3))
    assert not story.facts
    assert not story.is_open


def test_a_repeat_folds_into_the_open_alert(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(breached("left_home", 1))
    story.tell(breached("left_home", 2), NOON + minutes(3))
    story.tell(breached("reported", 3), NOON + minutes(9))
    assert story.told() == ["AlertRaised"]
    assert story.alert.fold_count == 2
    assert story.alert.seen_at == NOON + minutes(9)


def test_a_repeat_leaves_the_holder_in_peace(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(missed(1, 1))
    story.take(DOCTOR)
    story.tell(missed(1, 2), NOON + minutes(20))
    assert story.alert.taken is not None
    assert not story.timers


def test_getting_worse_replaces_the_alert_by_a_more_severe_one(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("high", 1))
    first = story.alert.alert_id
    story.take(DOCTOR)
    story.tell(risk("very_high", 2), NOON + minutes(5))
    assert story.told() == ["AlertRaised", "AlertAcknowledged", "AlertResolved", "AlertRaised"]
    ended, raised = story.facts[2:]
    assert isinstance(ended, AlertResolved)
    assert (ended.alert_id, ended.resolution, ended.severity) == (
        first,
        Resolution.SUPERSEDED,
        Severity.WARNING,
    )
    assert raised.subject != first
    assert story.alert.severity is Severity.CRITICAL
    assert story.alert.taken is None


def test_getting_better_but_still_high_keeps_the_alert_with_its_holder(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR)
    story.tell(lowered("high", 2), NOON + minutes(30))
    assert story.is_open
    assert story.alert.taken is not None
    assert story.told() == ["AlertRaised", "AlertAcknowledged"]


def test_a_lowered_risk_heals_the_alert(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("high", 1))
    story.tell(lowered("medium", 2), NOON + minutes(90))
    ended = story.facts[-1]
    assert isinstance(ended, AlertResolved)
    assert ended.resolution is Resolution.HEALED
    assert ended.seconds_open == 90 * 60
    assert not story.timers


@pytest.mark.parametrize("kind", [Kind.RISK_RISING, Kind.PATIENT_SILENT])
def test_a_closed_patient_leaves_no_open_alert(rules: AlertRules, kind: Kind) -> None:
    story = Story(rules)
    story.tell(risk("high", 1) if kind is Kind.RISK_RISING else missed(1, 1))
    story.tell(over(kind, 2), NOON + minutes(1))
    assert not story.is_open


def test_a_report_breaks_the_silence(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(missed(1, 4))
    story.tell(reported(NOON + minutes(7)), NOON + minutes(7))
    assert not story.is_open
    assert story.alert.ended is not None
    assert story.alert.ended.resolution is Resolution.HEALED


def test_a_report_older_than_the_deadline_does_not_break_the_silence(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(missed(1, 4, NOON))
    story.tell(reported(NOON - minutes(1)), NOON + minutes(1))
    assert story.is_open


def test_flapping_reopens_the_same_alert_without_a_second_message(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    first = story.alert
    sent = first.deliveries[0]
    from alerting.domain.commands import DeliveryDone

    assert story.condition is not None
    story.tell(DeliveryDone(story.condition.key, first.alert_id, sent.delivery_id))
    story.tell(lowered("medium", 2), NOON + minutes(1))
    story.tell(risk("very_high", 3), NOON + minutes(10))
    assert story.alert.alert_id == first.alert_id
    assert story.alert.reopened == 1
    assert story.alert.is_open
    assert [d.state for d in story.alert.deliveries] == [DeliveryState.SENT]
    assert story.told() == ["AlertRaised", "AlertResolved", "AlertRaised"]


def test_a_reopened_alert_whose_message_never_left_sends_one(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.tell(lowered("medium", 2), NOON + minutes(1))
    story.tell(risk("very_high", 3), NOON + minutes(2))
    states = [d.state for d in story.alert.deliveries]
    assert states == [DeliveryState.DROPPED, DeliveryState.PENDING]
    assert len({d.delivery_id for d in story.alert.deliveries}) == 2


def test_a_reopened_alert_asks_again_who_has_it(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.take(DOCTOR, NOON + minutes(1))
    story.tell(lowered("medium", 2), NOON + minutes(2))
    story.tell(risk("very_high", 3), NOON + minutes(4))
    assert story.alert.taken is None
    assert story.timers


def test_after_the_damp_period_it_is_another_alert(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    first = story.alert.alert_id
    story.tell(lowered("medium", 2), NOON + minutes(1))
    story.tell(risk("very_high", 3), NOON + minutes(32))
    assert story.alert.alert_id != first
    assert story.alert.fold_count == 0


def test_worse_than_the_damped_alert_is_another_alert(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("high", 1))
    first = story.alert.alert_id
    story.tell(lowered("medium", 2), NOON + minutes(1))
    story.tell(risk("very_high", 3), NOON + minutes(2))
    assert story.alert.alert_id != first


@pytest.mark.parametrize(
    ("level", "in_a_row", "severity"),
    [
        ("very_high", 1, Severity.CRITICAL),
        ("high", 1, Severity.WARNING),
        ("high", 2, Severity.CRITICAL),
        ("medium", 1, None),
        ("medium", 2, Severity.WARNING),
        ("medium", 9, Severity.CRITICAL),
        ("low", 1, None),
        ("low", 2, Severity.INFO),
        ("low", 4, Severity.WARNING),
    ],
)
def test_silence_weighs_by_risk_and_length(
    rules: AlertRules, level: str, in_a_row: int, severity: Severity | None
) -> None:
    story = Story(rules)
    story.tell(missed(in_a_row, 1, level=level))
    assert (story.alert.severity if story.is_open else None) == severity


@pytest.mark.parametrize(("in_a_row", "severity"), [(1, None), (2, Severity.INFO), (3, Severity.WARNING)])
def test_a_silent_contact_calls_after_several_misses(
    rules: AlertRules, in_a_row: int, severity: Severity | None
) -> None:
    story = Story(rules)
    story.tell(contact_missed(in_a_row, 1))
    assert (story.alert.severity if story.is_open else None) == severity


def test_a_quarantined_person_scanned_elsewhere_is_critical(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(breached("scanned", 1))
    assert story.alert.severity is Severity.CRITICAL
    assert story.alert.rung.role == "health_officer"


def test_a_way_of_breach_that_the_rules_do_not_know_is_a_warning(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(breached("drone", 1))
    assert story.alert.severity is Severity.WARNING


def test_forged_permits_at_one_checkpoint_fold_into_one_alert(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(forged())
    story.tell(forged(NOON + minutes(1)), NOON + minutes(1))
    story.tell(forged(NOON + minutes(2), reason="expired"), NOON + minutes(2))
    assert story.alert.fold_count == 1
    assert story.told() == ["AlertRaised"]


def test_the_gravest_sign_calls_and_the_officer_who_cleared_it_ends_the_alert(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(flagged("plate-on-two-permits"))
    assert story.alert.severity is Severity.INFO
    assert story.alert.rung.role == "permit_officer"
    story.tell(flagged("plate-on-two-permits", "impossible-travel", sequence=2))
    assert story.alert.severity is Severity.WARNING
    cleared = NoteOver(Kind.PERMIT_FLAGGED, "permit-7", flagged().area, NOON + minutes(5), 3)
    story.tell(cleared, NOON + minutes(5))
    assert story.alert.ended
    assert story.alert.ended.resolution is Resolution.HEALED


def test_tampering_again_and_again_calls_the_checkpoint_first(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(flagged("repeated-tampering"))
    assert (story.alert.severity, story.alert.rung.role) == (Severity.CRITICAL, "checkpoint_officer")


def test_a_sign_that_the_rules_do_not_know_calls_nobody(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(flagged("moon-phase"))
    assert story.condition is None or story.condition.alert is None


def test_an_alert_that_nothing_heals_expires_after_its_last_repeat(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(forged())
    story.tell(forged(), NOON + minutes(600))
    story.wait_until(NOON + minutes(60 * 25))
    assert story.is_open
    story.wait_until(NOON + minutes(60 * 35))
    assert story.alert.ended is not None
    assert story.alert.ended.resolution is Resolution.EXPIRED


def test_nothing_is_raised_for_a_resolved_alert_that_only_gets_better(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(risk("very_high", 1))
    story.close(PROVINCE, NOON + minutes(1))
    story.tell(lowered("high", 2), NOON + minutes(2))
    assert not story.is_open
