from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from common.rules import DatedRules, NoRuleInForce, RuleFileInvalid, load_rules


class Limit(DatedRules):
    spo2_percent: int


def write(folder: Path, version: str, since: str, until: str = "", **more: object) -> None:
    lines = [
        f"version: {version}",
        "title: Thử",
        "document: 1/QĐ-THU",
        f"effective_from: {since}",
        f"effective_to: {until or 'null'}",
        "spo2_percent: 94",
        *(f"{name}: {value}" for name, value in more.items()),
    ]
    (folder / f"{version}.yaml").write_text("\n".join(lines), encoding="utf-8")


def test_the_version_in_force_on_a_day_decides(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31", "2021-11-30")
    write(tmp_path, "b", "2021-12-01")

    book = load_rules(tmp_path, Limit)

    assert book.in_force(date(2021, 11, 30)).version == "a"
    assert book.in_force(date(2021, 12, 1)).version == "b"
    assert book.version("a").spo2_percent == 94


def test_an_instant_is_read_as_a_vietnamese_day(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31", "2021-11-30")
    write(tmp_path, "b", "2021-12-01")

    assert load_rules(tmp_path, Limit).at(datetime(2021, 11, 30, 17, 0, tzinfo=UTC)).version == "b"


def test_rules_of_different_keys_are_in_force_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31", key="adults")
    write(tmp_path, "b", "2021-07-31", key="children")

    book = load_rules(tmp_path, Limit)

    assert [rule.version for rule in book.all_in_force(date(2022, 1, 1))] == ["a", "b"]
    assert book.in_force(date(2022, 1, 1), "children").version == "b"


def test_before_the_first_version_there_is_no_rule(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31")

    with pytest.raises(NoRuleInForce):
        load_rules(tmp_path, Limit).in_force(date(2021, 7, 30))


def test_overlapping_versions_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31", "2021-12-01")
    write(tmp_path, "b", "2021-12-01")

    with pytest.raises(RuleFileInvalid, match="same day"):
        load_rules(tmp_path, Limit)


def test_an_unknown_field_names_the_file(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31", spo2=1)

    with pytest.raises(RuleFileInvalid, match=r"a\.yaml"):
        load_rules(tmp_path, Limit)


def test_a_version_name_is_used_once(tmp_path: Path) -> None:
    write(tmp_path, "a", "2021-07-31", "2021-08-01")
    (tmp_path / "copy.yaml").write_text((tmp_path / "a.yaml").read_text(), encoding="utf-8")

    with pytest.raises(RuleFileInvalid):
        load_rules(tmp_path, Limit)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileInvalid):
        load_rules(tmp_path, Limit)
