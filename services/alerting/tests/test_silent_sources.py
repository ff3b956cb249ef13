"""A source or a commune that has gone silent rings who is responsible once, and ends when it speaks again."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from alerting.channels.wording import headline
from alerting.consumers import subscriptions
from alerting.domain.model import Kind, Severity
from alerting.domain.rules import AlertRules
from common.contracts import ioc
from common.contracts.event import Event
from services.alerting.tests.stories import NOON, Story, minutes

COMMUNE = {
    "source_id": "05437", "source_kind": "commune", "commune_code": "05437", "district_code": "164",
}  # fmt: skip
PARTNER = {"source_id": "app:bluezone", "source_kind": "partner"}
SERVICE = {"source_id": "permit.scans.v1", "source_kind": "service"}
DAY_BEFORE = NOON - timedelta(hours=27)


def heard(kind: type[ioc.SourceFact], about: dict[str, Any], sequence: int) -> Any:
    data = kind(**about, last_fact_at=DAY_BEFORE, at=NOON)
    event = Event(f"e-{sequence}", kind.type, "", data.subject, NOON, sequence, data)
    subscription, *_ = subscriptions(None, None, None)  # type: ignore[arg-type]
    return subscription.translations()[kind.type](event)


def test_a_silent_commune_rings_its_station_then_the_district_then_the_province(rules: AlertRules) -> None:
    story = Story(rules)
    story.tell(heard(ioc.SourceWentSilent, COMMUNE, 1))
    assert (story.alert.severity, story.alert.ladder[0].reach.value) == (Severity.WARNING, "commune")
    story.wait_until(NOON + minutes(61))
    story.wait_until(NOON + minutes(182))
    assert story.alert.ladder[story.alert.step].role == "ioc_operator"
    assert story.condition is not None
    assert story.condition.evidence.last_report_at == DAY_BEFORE
    assert "không có tin" in headline(story.condition)

    story.tell(heard(ioc.SourceWentSilent, COMMUNE, 1), NOON + minutes(183))  # told twice by the bus
    assert story.told().count("AlertRaised") == 1
    story.tell(heard(ioc.SourceCameBack, COMMUNE, 2), NOON + minutes(190))
    assert not story.is_open
    assert story.told()[-1] == "AlertResolved"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_it_is_heard_a_source_that_came_back_rings_nobody_in_the_end(
    rules: AlertRules, order: tuple[int, ...]
) -> None:
    went = heard(ioc.SourceWentSilent, COMMUNE, 1)
    told = [went, heard(ioc.SourceCameBack, COMMUNE, 2), went]
    story = Story(rules)
    for place in order:
        story.tell(told[place])
    assert not story.is_open


@pytest.mark.parametrize(("about", "severity"), [(SERVICE, Severity.WARNING), (PARTNER, Severity.INFO)])
def test_a_silent_service_or_app_is_the_operators_business_and_no_figure_of_a_commune(
    rules: AlertRules, about: dict[str, str], severity: Severity
) -> None:
    story = Story(rules)
    story.tell(heard(ioc.SourceWentSilent, about, 1))
    assert story.condition is not None
    assert (story.condition.kind, story.alert.severity) == (Kind.SOURCE_SILENT, severity)
    assert story.alert.ladder[0].role == "ioc_operator"
    assert story.facts == []
    story.tell(heard(ioc.SourceCameBack, about, 2))
    assert not story.is_open


def test_by_night_nobody_is_rung_for_it(rules: AlertRules) -> None:
    story, night = Story(rules), NOON + timedelta(hours=11)  # 23:00 in Vietnam
    story.tell(heard(ioc.SourceWentSilent, SERVICE, 1), night)
    assert story.alert.step_at == night + timedelta(hours=7)
