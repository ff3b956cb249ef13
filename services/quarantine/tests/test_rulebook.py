"""The rule files: complete, dated, marked; a broken one stops the start and is named."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from common.rules import RuleFileInvalid
from quarantine.domain.protocols import Mark
from quarantine.rulebook import read_rules

RULES = Path(__file__).parents[3] / "rules" / "quarantine"
FILE = "protocols/2021-07-14-5599.yaml"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(RULES, tmp_path / "quarantine")


def spoil(folder, **changes):
    path = folder / FILE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, value in changes.items():
        content["regimes"][0][name] = value
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_every_document_of_the_timeline_is_there(rules):
    assert {p.code for p in rules.protocols} >= {
        "5152-byt-mt", "5599-byt-mt", "6288-byt-mt", "6386-byt-mt", "10696-byt-mt", "762-byt-dp",
    }  # fmt: skip


def test_numbers_nobody_has_seen_in_a_text_say_so(rules):
    _, others = rules.find("10696-byt-mt.f1-others")

    assert others.mark is Mark.MEMORY
    assert all(regime.source for p in rules.protocols for regime in p.regimes)


def test_an_order_finds_the_document_it_was_decided_by(rules):
    protocol, regime = rules.find("6386-byt-mt.not-protected")

    assert (protocol.document.number, regime.isolation_days) == ("6386/BYT-MT", 14)
    assert rules.find("nothing") is None


def test_the_parameters_are_read(rules, local):
    supervision = rules.supervision(local("2021-08-03T08:00").date())

    assert supervision.notice == timedelta(hours=4)
    assert supervision.due_at(local("2021-08-03T08:00").date()) == local("2021-08-03T17:00")
    assert supervision.opens_at(local("2021-08-03T08:00").date()) == local("2021-08-03T05:00")


@pytest.mark.parametrize(
    "changes",
    [
        {"test_days": [1, 15]},
        {"test_days": [0]},
        {"isolation_days": -1},
        {"isolation_days": 61},
        {"categories": []},
        {"categories": ["f3"]},
        {"code": "entrant"},
        {"confidence": "certain"},
        {"surprise": 1},
    ],
)
def test_a_broken_rule_file_stops_the_start_and_is_named(folder, changes):
    spoil(folder, **changes)

    with pytest.raises(RuleFileInvalid, match="5599"):
        read_rules(folder)


def test_an_empty_folder_is_no_rule_set(tmp_path):
    with pytest.raises(RuleFileInvalid):
        read_rules(tmp_path)
