"""The ladder of supervision rings where somebody has to go, and a logged visit keeps the silence quiet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerting.domain.commands import NoteOver, NoteReport, NoteSilence
from alerting.domain.decide import decide
from alerting.domain.model import Kind, Severity, condition_key
from alerting.domain.rules import AlertRules
from alerting.domain.signals import weigh
from alerting.translate import supervised
from common.contracts.event import Event
from common.contracts.quarantine import supervision as watched
from common.kernel.areas import Area

ABOUT: dict[str, Any] = {"person_id": "p-1", "commune_code": "05437", "district_code": "164"}
NOON = datetime(2021, 11, 23, 5, tzinfo=UTC)


def heard(data: Any) -> Any:
    return Event("e-1", data.type, "/services/quarantine", data.subject, NOON, 1, data)


def climbed(rung: watched.Rung, turn: int = 1) -> Any:
    fact = watched.SupervisionClimbed(**ABOUT, task_id="t-1", rung=rung, opened_at=NOON, missed=2, turn=turn)
    return supervised.climbed_rung(heard(fact))


def settled(turn: int, quiet_until: datetime) -> Any:
    fact = watched.SupervisionSettled(
        **ABOUT, task_id="t-1", settled_at=NOON, rings_again_at=quiet_until, turn=turn
    )
    return supervised.settled_supervision(heard(fact))


def silence(hours: int, sequence: int) -> NoteSilence:
    at, area = NOON + timedelta(hours=hours), Area("05437", "164")
    return NoteSilence(Kind.CONTACT_SILENT, "p-1", area, at, sequence, "p-1", missed_in_a_row=3)


@pytest.mark.parametrize(
    ("rung", "severity"),
    [("call", None), ("visit", Severity.WARNING), ("police", Severity.CRITICAL)],
)
def test_the_first_call_is_work_of_the_list_and_a_visit_rings(
    rung: str, severity: Severity | None, rules: AlertRules
) -> None:
    assert weigh(climbed(watched.Rung(rung)), rules).severity is severity


def test_a_task_that_is_gone_heals_its_alert_and_old_news_changes_nothing(rules: AlertRules) -> None:
    rung = climbed(watched.Rung.VISIT, turn=2)
    rang = decide(None, rung, rules, NOON).state
    assert rang is not None
    assert rang.open_alert is not None
    over = settled(3, NOON)[0]
    healed = decide(rang, over, rules, NOON).state
    assert healed is not None
    assert healed.wanted is None
    late = decide(healed, rung, rules, NOON).state
    assert late is not None
    assert late.wanted is None


def test_who_was_visited_does_not_ring_for_the_silence_of_that_day_and_does_the_next(
    rules: AlertRules,
) -> None:
    over, quiet = settled(1, NOON + timedelta(hours=12))
    assert isinstance(over, NoteOver)
    assert isinstance(quiet, NoteReport)
    assert quiet.aggregate_id == condition_key(Kind.CONTACT_SILENT, "p-1")
    visited = decide(None, quiet, rules, NOON).state
    same_day = decide(visited, silence(5, 8), rules, NOON + timedelta(hours=5)).state
    assert same_day is not None
    assert same_day.open_alert is None
    next_day = decide(same_day, silence(29, 9), rules, NOON + timedelta(hours=29)).state
    assert next_day is not None
    assert next_day.open_alert is not None
