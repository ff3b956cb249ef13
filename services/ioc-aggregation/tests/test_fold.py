"""What each fact adds, and that stocks come back to nothing when everything has ended."""

from datetime import UTC, date, datetime

import pytest

from ioc_aggregation.domain import fold
from ioc_aggregation.domain.metrics import METRICS, STOCKS


def summed(*parts: dict[str, int]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, 0) + amount
    return {name: amount for name, amount in total.items() if amount}


def stocks(total: dict[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in total.items() if name in STOCKS}


@pytest.mark.parametrize("category", ["f1", "f2", "entrant", "suspect"])
@pytest.mark.parametrize("place", ["home", "facility"])
def test_a_quarantine_that_began_and_ended_leaves_nobody_in_quarantine(category: str, place: str) -> None:
    total = summed(fold.quarantine_ordered(category, place), fold.quarantine_ended(category, place))
    assert stocks(total) == {"quarantine_ordered_total": 1}
    assert total == {"quarantine_ordered": 1, "quarantine_ended": 1, "quarantine_ordered_total": 1}


def test_a_patients_course_moves_one_person_through_risks_and_places() -> None:
    at_home = summed(fold.patient_declared("low", "declared"), fold.patient_moved("declared", "at_home"))
    assert stocks(at_home) == {"f0_total": 1, "f0_active": 1, "f0_low": 1, "f0_at_home": 1}
    worse = summed(at_home, fold.risk_changed("low", "very_high", is_rise=True))
    assert worse["f0_very_high"] == worse["risk_to_very_high"] == worse["risk_rises"] == 1
    hospital = summed(worse, fold.patient_moved("at_home", "in_hospital"))
    over = summed(hospital, fold.patient_closed("recovered", "in_hospital", "very_high"))
    assert stocks(over) == {"f0_total": 1, "f0_recovered_total": 1}
    assert over["f0_recovered"] == 1


def test_a_wrongly_declared_patient_leaves_the_cumulative_total() -> None:
    total = summed(
        fold.patient_declared("low", "at_home"), fold.patient_closed("wrongly_declared", "at_home", "low")
    )
    assert stocks(total) == {}
    assert total == {"f0_new": 1, "f0_withdrawn": 1}


def test_a_move_out_of_care_is_counted_by_the_closing_only() -> None:
    assert fold.patient_moved("at_home", "recovered") == {}
    assert "f0_recovered" not in stocks(fold.patient_closed("recovered", "recovered", "low"))


def test_a_permit_suspended_and_reinstated_counts_once() -> None:
    total = summed(
        fold.permit_issued("active"),
        fold.permit_changed("active", "suspended"),
        fold.permit_changed("suspended", "active"),
        fold.permit_changed("active", "expired"),
    )
    assert total == {"permits_issued": 1, "permits_issued_total": 1}


def test_a_permit_issued_to_somebody_in_quarantine_begins_suspended() -> None:
    assert fold.permit_issued("suspended")["permits_suspended"] == 1
    assert fold.permit_changed("suspended", "revoked") == {"permits_suspended": -1, "permits_revoked": 1}


def test_an_alert_raised_and_resolved_is_not_open() -> None:
    assert stocks(summed(fold.alert_raised("critical"), fold.alert_resolved("critical"))) == {}
    assert fold.alert_taken(12.6) == {"alerts_taken": 1, "alert_seconds": 13}


def test_scans_count_the_verdict_and_the_lack_of_network() -> None:
    assert fold.permit_scanned("allowed", is_offline=False) == {"scans": 1}
    assert fold.permit_scanned("refused", is_offline=True) == {
        "scans": 1,
        "scans_refused": 1,
        "scans_offline": 1,
    }


def test_a_fact_counts_for_its_own_day_but_never_for_a_later_one_than_it_was_recorded() -> None:
    recorded = datetime(2022, 1, 10, 16, 30, tzinfo=UTC)  # 23:30 in Vietnam
    assert fold.day_of(date(2022, 1, 7), recorded) == (date(2022, 1, 7), True)
    assert fold.day_of(date(2022, 1, 12), recorded) == (date(2022, 1, 10), False)
    assert fold.day_of(datetime(2022, 1, 9, 18, tzinfo=UTC), recorded) == (date(2022, 1, 10), False)


def every_delta() -> dict[str, int]:
    parts = [fold.permit_issued(s) for s in ("active", "suspended")]
    parts += [
        fold.quarantine_ordered(c, p)
        for c in ("f1", "f2", "entrant", "suspect")
        for p in ("home", "facility")
    ]
    parts += [fold.quarantine_ended("f1", "home"), fold.reported("f0", has_symptoms=True, is_late=True)]
    parts += [fold.reported("quarantine", has_symptoms=False, is_late=False)]
    levels, states = (
        ("low", "medium", "high", "very_high"),
        ("declared", "at_home", "transferring", "in_hospital"),
    )
    parts += [fold.patient_declared(level, state) for level in levels for state in states]
    parts += [fold.patient_closed(o, "at_home", "low") for o in ("recovered", "died", "wrongly_declared")]
    parts += [fold.risk_changed("low", "very_high", is_rise=True), fold.permit_changed("active", "revoked")]
    parts += [fold.permit_scanned(v, is_offline=True) for v in ("allowed", "refused", "check")]
    parts += [fold.alert_raised("critical"), fold.alert_resolved("critical"), fold.alert_taken(1)]
    return {name: 1 for part in parts for name in part}


def test_every_delta_has_a_definition_and_every_figure_a_title_that_is_its_own() -> None:
    assert every_delta().keys() - METRICS.keys() == set()
    titles = [metric.title for metric in METRICS.values()]
    assert len(set(titles)) == len(titles)
    assert all(metric.definition.endswith(".") for metric in METRICS.values())
