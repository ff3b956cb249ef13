"""The wall has words for every kind of alert that it is told of."""

import json
from pathlib import Path

import pytest
import yaml

import ioc_aggregation
from common.geo import data_folder

LOCALES = Path(ioc_aggregation.__file__).parent / "pages" / "locales"
UNTOLD = {"channel-dead", "system-trouble", "source-silent"}
"""Trouble of the system itself is shown by alerting alone."""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_of_alert_has_words(language: str) -> None:
    texts = json.loads((LOCALES / f"{language}.json").read_text("utf-8"))
    for file in sorted((data_folder() / "rules" / "alerting").glob("*.yaml")):
        kinds = set(yaml.safe_load(file.read_text("utf-8"))["kinds"]) - UNTOLD
        assert kinds
        assert {kind for kind in kinds if f"wall.condition.{kind}" not in texts} == set()
