"""Rows go when their class says so; rules that name what nobody keeps stop the start."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.messaging.catalogue import load
from common.metrics import REGISTRY
from common.retention import Purge, read_purge_rules
from common.rules import RuleFileInvalid

ROOT = Path(__file__).parents[3]
SERVICES = sorted(path.name for path in (ROOT / "rules" / "purge").iterdir())


class Stopped:
    def now(self):
        return datetime(2022, 1, 20, tzinfo=UTC)


@pytest.fixture
def clock():
    return Stopped()


class Broken:
    async def purge(self, before):
        raise ConnectionError


class Rows:
    def __init__(self):
        self.before = []

    async def purge(self, before):
        self.before.append(before)
        return 3


@pytest.mark.parametrize("service", SERVICES)
async def test_each_class_is_purged_by_its_own_days(service, clock):
    rules = read_purge_rules(ROOT, service)
    days = {one.code: one.keep_days for one in rules.at(clock.now()).classes}
    rows = {code: Rows() for code in days}
    purge = Purge(clock, rules, rows)

    assert await purge.round() == dict.fromkeys(days, 3)

    for code, kept in days.items():
        assert rows[code].before == [clock.now() - timedelta(days=kept)]
    assert purge.stores == list(rows.values())


@pytest.mark.parametrize("service", SERVICES)
def test_numbers_that_nobody_signed_say_so(service):
    assert all(rule.to_be_confirmed and rule.note for rule in read_purge_rules(ROOT, service).versions)


@pytest.mark.parametrize("codes", [["scans"], ["scans", "gate-log", "unknown"]])
def test_a_class_without_rows_stops_the_start(codes, clock):
    with pytest.raises(RuleFileInvalid, match="classes without"):
        Purge(clock, read_purge_rules(ROOT, "permit"), {code: Rows() for code in codes})


async def test_nothing_is_deleted_where_nothing_is_kept(clock):
    assert await Purge(clock, read_purge_rules(ROOT, "permit"), {}).round() == {}


async def test_a_class_that_fails_keeps_no_other_back(clock):
    before = purged("gate-log")
    rows = {one.code: Rows() for one in read_purge_rules(ROOT, "permit").at(clock.now()).classes}

    with pytest.raises(ExceptionGroup):
        await Purge(clock, read_purge_rules(ROOT, "permit"), {**rows, "scans": Broken()}).round()

    assert all(each.before for code, each in rows.items() if code != "scans")
    assert purged("gate-log") == before + 3


def purged(data_class):
    return REGISTRY.get_sample_value("lachan_purged_total", {"data_class": data_class}) or 0


def test_a_fact_is_remembered_longer_than_the_log_could_bring_it_again():
    [rules] = read_purge_rules(ROOT, "ioc-aggregation").versions
    [facts] = rules.classes
    longest = max(topic.retention_days for topic in load().topics)
    assert facts.keep_days > longest


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_to_be_confirmed_names_no_document_as_read(service):
    assert all(rule.confidence == "memory" for rule in read_purge_rules(ROOT, service).versions)
