"""What is shown: sums, silence, restated days, the past, the levels of spread."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.geo import Units
from ioc_aggregation.app import tree_of
from ioc_aggregation.domain.metrics import COMPARED, METRICS
from ioc_aggregation.domain.model import Level, PublishSummary
from ioc_aggregation.domain.province import Document, Province
from ioc_aggregation.domain.rules import IocRules
from ioc_aggregation.domain.summary import Surroundings, Tree, series, summaries
from ioc_aggregation.domain.totals import DocumentId
from ioc_aggregation.rulebook import load_rulebook

NOW = datetime(2022, 1, 10, 7, tzinfo=UTC)  # 14:00 in Vietnam
TODAY = date(2022, 1, 10)
RULES = IocRules("test", "4800/QĐ-BYT", timedelta(hours=26), (20, 50, 150))
AROUND = Surroundings(RULES)
TREE = tree_of(Units.load())


@pytest.fixture(scope="module")
def tree() -> Tree:
    return TREE


def stocks(
    commune: str = "05431", *, heard: datetime | None = NOW, upto: int = 1, **counters: int
) -> Document:
    told = {commune: heard or NOW}
    return Document(
        DocumentId("topic:0", None),
        upto,
        {commune: counters},
        {},
        {commune: heard} if heard else {},
        told,
        NOW,
    )


def flows(day: date, commune: str = "05431", late: bool = False, **counters: int) -> Document:
    return Document(DocumentId("topic:0", day), 1, {commune: counters}, {commune: counters} if late else {})


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_communes_add_up_to_districts_and_these_to_the_province(seed: int) -> None:
    chance, tree = random.Random(seed), TREE
    communes = [unit.code for unit in tree.communes([])]
    counters = {code: {name: chance.randrange(9) for name in METRICS} for code in chance.sample(communes, 30)}
    counters["99999"] = {"f0_active": 3}
    province = Province([
        Document(DocumentId("a:0", None), 1, counters, {}, {}, dict.fromkeys(counters, NOW)),
        Document(DocumentId("a:0", TODAY), 1, counters),
        Document(DocumentId("b:1", TODAY), 1, counters),
    ])  # fmt: skip
    found = summaries(province, tree, NOW, Surroundings(RULES, dict.fromkeys(counters, 2)))
    whole = found["19"]
    for name in METRICS:
        parts = [s for s in found.values() if s.unit.level is Level.COMMUNE]
        assert whole.metrics[name] == sum(s.metrics[name] for s in parts)
        for district in tree.districts:
            inside = [s.metrics[name] for s in parts if s.unit.parent_code == district.code]
            assert found[district.code].metrics[name] == sum(inside)
    assert len([s for s in found.values() if s.unit.level is Level.COMMUNE]) == 178 + 1


def test_a_newer_version_of_a_document_replaces_the_former_one() -> None:
    province = Province([stocks(f0_active=3, upto=5)])
    assert province.put(stocks(f0_active=9, upto=5)) is None
    assert province.put(stocks(f0_active=4, upto=6)) == {"05431"}
    assert province.stock("05431") == {"f0_active": 4}


def test_a_commune_with_cases_that_is_not_heard_for_long_is_silent_not_zero(tree: Tree) -> None:
    long_ago = NOW - timedelta(hours=27)
    found = summaries(Province([stocks(heard=long_ago, f0_active=3)]), tree, NOW, AROUND)
    commune, whole = found["05431"], found["19"]
    assert commune.silent_since == long_ago
    assert commune.metrics["f0_active"] == 3
    assert not commune.is_complete
    assert (whole.is_complete, whole.silent_communes, whole.silent_since) == (False, 1, long_ago)
    assert found["165"].is_complete


def test_a_quiet_commune_without_cases_is_not_silent(tree: Tree) -> None:
    found = summaries(Province([stocks(heard=NOW - timedelta(days=9), f0_active=0)]), tree, NOW, AROUND)
    assert found["05431"].silent_since is None


def test_a_commune_never_heard_has_no_level_of_spread(tree: Tree) -> None:
    found = summaries(Province(), tree, NOW, AROUND)
    assert found["05431"].spread is None
    assert found["05431"].as_of is None


def test_the_level_of_spread_follows_new_cases_per_population(tree: Tree) -> None:
    people = tree.unit("05431").population
    for per_100k, level in ((10, 1), (20, 2), (60, 3), (200, 4)):
        new = round(per_100k * people / 100_000 + 0.5)
        province = Province([stocks(f0_active=1), flows(TODAY - timedelta(days=6), f0_new=new)])
        assert summaries(province, tree, NOW, AROUND)["05431"].spread == level


def test_yesterdays_stock_is_todays_without_what_happened_since(tree: Tree) -> None:
    yesterday = TODAY - timedelta(days=1)
    province = Province([
        stocks(f0_active=10),
        flows(TODAY, f0_active=4, f0_new=5),
        flows(yesterday, f0_active=1, f0_new=2),
    ])  # fmt: skip
    commune = summaries(province, tree, NOW, AROUND)["05431"]
    assert commune.metrics["f0_active"] == 10
    assert commune.yesterday["f0_active"] == 6
    assert commune.week_ago["f0_active"] == 5
    assert (commune.metrics["f0_new"], commune.yesterday["f0_new"], commune.week_ago["f0_new"]) == (5, 2, 0)
    assert set(commune.yesterday) == set(COMPARED)


def test_a_late_fact_marks_its_day_and_the_week_as_restated(tree: Tree) -> None:
    three_days_ago = TODAY - timedelta(days=3)
    province = Province([stocks(f0_active=1), flows(three_days_ago, late=True, f0_new=1)])
    assert summaries(province, tree, NOW, AROUND)["05431"].restated == ("f0_new",)
    points = series(province, ["05431", "05434"], "f0_new", TODAY, 7)
    assert [point.day for point in points if point.restated] == [three_days_ago]
    assert [point.value for point in points] == [0, 0, 0, 1, 0, 0, 0]


def test_the_rules_of_the_day_are_loaded_from_their_documents() -> None:
    book = load_rulebook(Path(__file__).parents[3] / "rules" / "ioc")
    january, february = book.in_force(date(2022, 1, 10)).rules, book.in_force(date(2022, 2, 1)).rules
    assert (january.document, january.level_of(149.9), january.level_of(150)) == ("4800/QĐ-BYT", 3, 4)
    assert (february.document, february.level_of(600)) == ("218/QĐ-BYT", 4)


def test_partners_are_told_once_what_changed_and_never_an_older_picture() -> None:
    from ioc_aggregation.domain.decide import decide

    def command(at: datetime, new: int) -> PublishSummary:
        return PublishSummary("19", Level.PROVINCE, at, "v", True, False, {"f0_new": new})

    first = decide(None, command(NOW, 1), None, NOW)
    assert [fact.subject for fact in first.facts] == ["19"]
    assert decide(first.state, command(NOW + timedelta(seconds=5), 1), None, NOW).facts == ()
    assert decide(first.state, command(NOW - timedelta(seconds=5), 2), None, NOW).facts == ()
    assert len(decide(first.state, command(NOW + timedelta(seconds=5), 2), None, NOW).facts) == 1
