"""The rules in force and the time at which the stories begin."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerting.domain.rules import AlertRules
from alerting.rulebook import load_rulebook

RULES_FOLDER = Path(__file__).parents[3] / "rules" / "alerting"
NOON = datetime(2021, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def rules() -> AlertRules:
    return load_rulebook(RULES_FOLDER).at(NOON).rules
