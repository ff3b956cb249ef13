"""Oxygen that runs out and a patient whom no hospital takes: who is called, and when it ends."""

from typing import Any

from alerting.channels.wording import headline
from alerting.consumers import subscriptions
from alerting.domain.facts import AlertRaised, AlertResolved
from alerting.domain.model import Severity
from alerting.domain.rules import AlertRules
from common.contracts.event import Event
from common.contracts.f0_monitoring import facilities, transfers
from services.alerting.tests.stories import NOON, PERSON, Story, minutes

CODES = {"commune_code": "05437", "district_code": "164"}
STOCK = {**CODES, "facility_id": "tram-1", "item": "oxygen"}
TRANSFER = {**CODES, "person_id": PERSON, "transfer_id": "t-1", "by": "machine", "is_emergency": True}


def heard(data: Any, sequence: int) -> Any:
    event = Event(f"e-{sequence}", data.type, "", data.subject, NOON, sequence, data)
    subscription, *_ = subscriptions(None, None, None)  # type: ignore[arg-type]
    return subscription.translations()[data.type](event)


def low(level: str, sequence: int) -> Any:
    times = {"at": NOON, "empty_at": NOON + minutes(60), "reported_at": NOON}
    return heard(facilities.StockLow(**STOCK, level=level, **times), sequence)


def test_oxygen_rings_the_station_then_the_district_and_heals_with_a_delivery(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(low("warn", 2))
    assert (story.alert.severity, story.alert.ladder[0].reach.value) == (Severity.WARNING, "commune")
    assert story.condition is not None
    assert headline(story.condition) == "Oxy sắp hết"
    story.tell(low("critical", 3))
    assert (story.alert.severity, story.alert.ladder[0].reach.value) == (Severity.CRITICAL, "district")

    story.tell(heard(facilities.StockRestored(**STOCK, at=NOON + minutes(5)), 5))

    assert not story.is_open
    assert [f.severity for f in story.facts if isinstance(f, AlertRaised)] == [
        Severity.WARNING,
        Severity.CRITICAL,
    ]


def test_an_emergency_that_nobody_takes_rings_the_district_until_a_bed_is_kept(rules: AlertRules) -> None:
    story = Story(rules)
    late = {"stage": "unanswered", "bed_kind": "icu", "since_at": NOON, "at": NOON + minutes(15)}
    story.tell(heard(transfers.TransferOverdue(**TRANSFER, **late), 2))
    assert (story.alert.severity, story.alert.ladder[0].role) == (Severity.CRITICAL, "health_officer")

    kept = {"facility_id": "bv-1", "hold_id": "h-1", "bed_kind": "icu", "reserved_until_at": NOON}
    story.tell(heard(transfers.TransferAccepted(**TRANSFER, **kept, at=NOON + minutes(20)), 3))

    assert not story.is_open
    assert [f.resolution.value for f in story.facts if isinstance(f, AlertResolved)] == ["healed"]
