"""The YAML is checked at start: a ladder that leads nowhere must not be found out at night."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from alerting.domain.model import Kind, Severity
from alerting.rulebook import ResponseRules, load_rulebook
from common.rules import RuleFileInvalid
from services.alerting.tests.conftest import RULES_FOLDER
from services.alerting.tests.stories import NOON


@pytest.fixture
def raw() -> dict[str, Any]:
    text = next(RULES_FOLDER.glob("*.yaml")).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def refused(raw: dict[str, Any], folder: Path) -> str:
    (folder / "changed.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(RuleFileInvalid) as caught:
        load_rulebook(folder)
    return str(caught.value)


def test_the_rules_in_the_repository_are_valid_and_say_where_they_come_from() -> None:
    book = load_rulebook(RULES_FOLDER)
    version = book.at(NOON)
    assert version.document
    assert version.to_be_confirmed
    assert set(version.rules.kinds) == set(Kind)


def test_very_high_risk_reaches_the_province_within_twenty_minutes(raw: dict[str, Any]) -> None:
    call = ResponseRules.model_validate(raw).rules.kinds[Kind.RISK_RISING].calls[Severity.CRITICAL]
    assert sum(rung.minutes or 0 for rung in call.ladder) <= 20
    assert call.ladder[-1].role == "ioc_operator"


def test_a_rung_that_holds_for_ever_below_others_is_refused(raw: dict[str, Any], tmp_path: Path) -> None:
    raw["kinds"]["risk-rising"]["calls"]["critical"]["ladder"][1]["minutes"] = None
    assert "only the last rung" in refused(raw, tmp_path)


def test_a_last_rung_with_a_clock_is_refused(raw: dict[str, Any], tmp_path: Path) -> None:
    raw["kinds"]["risk-rising"]["calls"]["critical"]["ladder"][-1]["minutes"] = 5
    assert "last rung" in refused(raw, tmp_path)


def test_calling_somebody_who_may_not_look_is_refused(raw: dict[str, Any], tmp_path: Path) -> None:
    raw["kinds"]["permit-forged"]["audience"] = ["administrator"]
    assert "not in the audience" in refused(raw, tmp_path)


@pytest.mark.parametrize("kind", [str(kind) for kind in Kind])
def test_a_severity_without_a_ladder_is_refused(raw: dict[str, Any], tmp_path: Path, kind: str) -> None:
    del raw["kinds"][kind]
    assert "has no ladder" in refused(raw, tmp_path)


@pytest.mark.parametrize("junk", [{"surprise": 1}, {"risk": {"high": "loud"}}, {"sending": {}}])
def test_unknown_and_broken_values_are_refused(
    raw: dict[str, Any], tmp_path: Path, junk: dict[str, Any]
) -> None:
    assert "changed.yaml" in refused(raw | junk, tmp_path)


def test_substitutes_who_would_come_after_the_next_unit_are_refused(
    raw: dict[str, Any], tmp_path: Path
) -> None:
    raw["sending"]["substitutes_after_minutes"] = {"critical": 5}
    assert "the next unit after 5" in refused(raw, tmp_path)
